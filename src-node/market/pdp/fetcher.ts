/** Brings a version's ciphertext here and checks it against the chain, before any key is asked for (docs/protocol/11 §4.5, "ready"). */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hexOf } from '../../base/bytes.ts';
import { CodedError, invariant, isCoded } from '../../base/errors.ts';
import type { FilePort } from '../../base/files.ts';
import type { Logger } from '../../base/logger.ts';
import type { Manifest, ManifestChunk } from './manifest.ts';
import { objectLength } from './object.ts';
import { inWindow } from './packer.ts';
import type { ObjectPlace } from './place.ts';
import type { PackagePool } from './pool.ts';

export interface FetchOptions {
  /** Where the checked objects are kept. */
  readonly folder: string;
  readonly window: number;
}

export interface FetchModules {
  readonly places: readonly ObjectPlace[];
  readonly pool: PackagePool;
  readonly files: FilePort;
  readonly log: Logger;
}

export interface FetchEvents {
  /** A chunk is here and matches; `scheme` null when it was here already. */
  onChunk(index: number, bytes: number, scheme: ObjectPlace['scheme'] | null): void;
}

export function objectPath(folder: string, chunk: ManifestChunk): string {
  return join(folder, hexOf(chunk.leaf));
}

/** Resumes by what is on disk: an object is moved into place only after it matched. @throws DATA_UNAVAILABLE naming the chunk, DISK_FULL … */
export async function fetchVersion(manifest: Manifest, options: FetchOptions, modules: FetchModules, signal: AbortSignal, events: FetchEvents): Promise<void> {
  await mkdir(options.folder, { recursive: true });
  await inWindow(manifest.chunks.length, options.window, signal, async (index) => {
    const chunk = manifest.chunks[index];
    invariant(chunk, 'the index is below the count');
    const path = objectPath(options.folder, chunk);
    const here = await modules.files.exists(path);
    const scheme = here ? null : await fetchChunk(manifest, chunk, path, modules, signal);
    events.onChunk(index, chunk.facts.length, scheme);
  });
}

async function fetchChunk(manifest: Manifest, chunk: ManifestChunk, path: string, modules: FetchModules, signal: AbortSignal): Promise<ObjectPlace['scheme']> {
  const tried: string[] = [];
  for (const locator of chunk.locators) {
    const place = modules.places.find(({ scheme }) => scheme === locator.scheme);
    if (place === undefined) continue;
    try {
      const object = Uint8Array.from(await place.get(locator, objectLength(manifest.suite, chunk.facts.length), signal));
      const checked = await modules.pool.run({ kind: 'check', suite: manifest.suite.number, facts: chunk.facts, object }, [object.buffer]);
      invariant(checked.kind === 'checked', 'a check task checks');
      if (checked.matches) {
        await modules.files.writeAtomic(path, checked.object);
        return place.scheme;
      }
      tried.push(`${locator.scheme}: does not match`);
    } catch (error) {
      signal.throwIfAborted();
      if (isCoded(error, 'DISK_FULL') || isCoded(error, 'NO_PERMISSION') || isCoded(error, 'READ_ONLY')) throw error;
      tried.push(`${locator.scheme}: ${isCoded(error) ? error.code : 'failed'}`);
      modules.log.debug('place did not deliver a chunk', { index: chunk.facts.index, scheme: locator.scheme });
    }
  }
  throw new CodedError('DATA_UNAVAILABLE', `Chunk ${chunk.facts.index} cannot be had from any place of this listing now.`, {
    help: 'No key was asked for and no money has moved on: it is tried again, or cancel and get the price back.',
    meta: { reason: 'fetch', index: chunk.facts.index, tried: tried.join('; ') },
  });
}
