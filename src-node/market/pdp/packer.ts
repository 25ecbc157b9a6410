/**
 * From a file to sealed objects in their places. Memory is constant; every finished chunk is written down after it is stored, so
 * that a killed packing goes on where it stood. A chunk that is not in the journal is encrypted again with a new salt: no key
 * ever meets two plaintexts (docs/protocol/11 §4.5).
 */
import { hexOf, type Bytes } from '../../base/bytes.ts';
import { CodedError, invariant } from '../../base/errors.ts';
import { chunkLeaf, type ChunkFacts, type Packing } from './chunk.ts';
import type { FileContainer } from './container.ts';
import type { Locator } from './locator.ts';
import { objectLength } from './object.ts';
import type { ObjectPlace } from './place.ts';
import type { PackagePool } from './pool.ts';
import type { Suite } from './suite.ts';

/** Durable record of one stored chunk. */
export interface PackedChunk {
  readonly facts: ChunkFacts;
  readonly locators: readonly Locator[];
}

export interface PackJournal {
  chunk(index: number): PackedChunk | null;
  /** Durable when it returns. */
  record(chunk: PackedChunk): void;
}

export interface PackOptions {
  readonly suite: Suite;
  readonly packing: Packing;
  readonly key: Bytes;
  /** Chunks in work at once. */
  readonly window: number;
}

export interface PackModules {
  readonly container: FileContainer;
  readonly places: readonly ObjectPlace[];
  readonly journal: PackJournal;
  readonly pool: PackagePool;
}

export interface PackProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export function chunkCountOf(suite: Suite, totalBytes: number): number {
  return Math.ceil(totalBytes / suite.maxChunkBytes);
}

/** Seals and stores what the journal does not have yet. @throws SOURCE_CHANGED, DISK_FULL and other file errors; the signal's reason */
export async function pack(options: PackOptions, modules: PackModules, signal: AbortSignal, onProgress: (progress: PackProgress) => void): Promise<readonly PackedChunk[]> {
  const { suite, packing, key } = options;
  const { container, places, journal, pool } = modules;
  const totalBytes = container.totalBytes;
  const count = chunkCountOf(suite, totalBytes);
  let doneBytes = 0;

  const packOne = async (index: number): Promise<PackedChunk> => {
    const start = index * suite.maxChunkBytes;
    const length = Math.min(suite.maxChunkBytes, totalBytes - start);
    let packed = journal.chunk(index);
    if (packed === null) {
      const plain = await container.read(start, length);
      const sealed = await pool.run({ kind: 'seal', suite: suite.number, key, index, plain }, [plain.buffer as ArrayBuffer]);
      invariant(sealed.kind === 'sealed', 'a seal task seals');
      const name = hexOf(chunkLeaf(packing, sealed.facts));
      packed = { facts: sealed.facts, locators: await Promise.all(places.map((place) => place.put(name, sealed.object))) };
      journal.record(packed);
    }
    doneBytes += length;
    onProgress({ doneBytes, totalBytes });
    return packed;
  };

  const chunks = await inWindow(count, options.window, signal, packOne);
  await container.assertUnchanged();
  return chunks;
}

/**
 * Reads every stored object back from its first place, opens it and compares every unit: one bad unit would be fraud towards
 * every buyer of the version. @throws STORED_CHUNK_BAD
 */
export async function verifyStored(options: PackOptions, modules: Pick<PackModules, 'places' | 'pool'>, chunks: readonly PackedChunk[], signal: AbortSignal, onProgress: (progress: PackProgress) => void): Promise<void> {
  const totalBytes = chunks.reduce((sum, { facts }) => sum + facts.length, 0);
  let doneBytes = 0;
  await inWindow(chunks.length, options.window, signal, async (index) => {
    const chunk = chunks[index];
    invariant(chunk, 'the index is below the count');
    for (const locator of chunk.locators) {
      const place = modules.places.find(({ scheme }) => scheme === locator.scheme);
      if (place === undefined) continue;
      const object = await place.get(locator, objectLength(options.suite, chunk.facts.length), signal);
      const result = await modules.pool.run({ kind: 'open', suite: options.suite.number, key: options.key, facts: chunk.facts, object, wanted: false });
      if (result.kind !== 'opened') {
        throw new CodedError('STORED_CHUNK_BAD', `Chunk ${index} came back from ${locator.scheme} other than it was stored; nothing was published.`, { help: 'Check that disk, then pack again.', meta: { index, scheme: locator.scheme } });
      }
    }
    doneBytes += chunk.facts.length;
    onProgress({ doneBytes, totalBytes });
  });
}

/** Runs `work` for 0 … count-1, at most `window` at once, results in order; the first failure stops the rest. */
export async function inWindow<T>(count: number, window: number, signal: AbortSignal, work: (index: number) => Promise<T>): Promise<readonly T[]> {
  const results = new Array<T>(count);
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    while (next < count && !failed) {
      signal.throwIfAborted();
      const index = next++;
      try {
        results[index] = await work(index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(window, count) }, lane));
  for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason;
  return results;
}
