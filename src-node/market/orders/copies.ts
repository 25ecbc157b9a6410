/** The buyer's copy of a version: manifest, ciphertext, files. Everything is checked against the chain before it counts. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { equal, fromHex, hexOf, type Bytes } from '../../base/bytes.ts';
import { CodedError, isCoded } from '../../base/errors.ts';
import type { FilePort } from '../../base/files.ts';
import type { Logger } from '../../base/logger.ts';
import { sha256 } from '../../crypto/hash.ts';
import type { ListingTexts } from '../index/listing-texts.ts';
import type { ListingRecord } from '../index/listing.ts';
import type { OrderRecord } from '../index/order.ts';
import { fetchVersion, objectPath, type FetchEvents } from '../pdp/fetcher.ts';
import { decodeManifest, MAX_MANIFEST_BYTES, type Manifest } from '../pdp/manifest.ts';
import { decodeObject } from '../pdp/object.ts';
import { openVersion, type OpenedVersion } from '../pdp/opener.ts';
import type { ObjectPlace } from '../pdp/place.ts';
import type { PackagePool } from '../pdp/pool.ts';
import { versionFacts, versionOf } from './order-facts.ts';

export interface CopiesOptions {
  /** One folder per order below it. */
  readonly folder: string;
}

export interface CopiesModules {
  readonly places: readonly ObjectPlace[];
  readonly texts: ListingTexts;
  readonly pool: PackagePool;
  readonly files: FilePort;
  readonly log: Logger;
}

const WINDOW = 4;

export class Copies {
  readonly #options: CopiesOptions;
  readonly #modules: CopiesModules;

  constructor(options: CopiesOptions, modules: CopiesModules) {
    this.#options = options;
    this.#modules = modules;
  }

  /** Where the opened files of an order lie. */
  filesFolder(order: OrderRecord): string {
    return join(this.#folderOf(order), 'files');
  }

  /** The checked chunk list, from this disk or a place. @throws DATA_UNAVAILABLE, BAD_MANIFEST, UNKNOWN_SUITE */
  async manifest(order: OrderRecord, listing: ListingRecord, signal: AbortSignal): Promise<Manifest> {
    const version = versionOf(listing, order);
    if (version === null) throw unavailable('no-version', 'The version of this order is not in the index.');
    const facts = versionFacts(listing, version);
    const path = join(this.#folderOf(order), 'manifest.json');
    if (await this.#modules.files.exists(path)) return decodeManifest(await this.#modules.files.read(path, MAX_MANIFEST_BYTES), facts);
    const bytes = await this.#fetchManifest(listing, version.no, signal);
    const manifest = decodeManifest(bytes, facts);
    await this.#modules.files.writeAtomic(path, bytes);
    return manifest;
  }

  async #fetchManifest(listing: ListingRecord, version: number, signal: AbortSignal): Promise<Bytes> {
    const { metadata } = this.#modules.texts.textOf(listing.id);
    if (metadata === null) throw unavailable('no-text', 'The description of this listing has not arrived yet, and with it the list of its data.');
    const source = metadata.versions.find(({ no }) => no === version)?.manifest;
    if (source === undefined) throw unavailable('no-data', 'The seller’s description names no data for this version.');
    for (const locator of source.locators) {
      const place = this.#modules.places.find(({ scheme }) => scheme === locator.scheme);
      if (place === undefined) continue;
      try {
        const bytes = await place.get(locator, MAX_MANIFEST_BYTES, signal);
        if (equal(sha256(bytes), fromHex(source.sha256))) return bytes;
      } catch (error) {
        signal.throwIfAborted();
        if (!isCoded(error)) throw error;
      }
    }
    throw unavailable('no-list', 'The list of the data cannot be had from any place of this listing now.');
  }

  fetch(order: OrderRecord, manifest: Manifest, signal: AbortSignal, events: FetchEvents): Promise<void> {
    return fetchVersion(manifest, { folder: this.#objectsOf(order), window: WINDOW }, this.#modules, signal, events);
  }

  open(order: OrderRecord, manifest: Manifest, key: Bytes, signal: AbortSignal, onChunk: (index: number) => void): Promise<OpenedVersion> {
    return openVersion(manifest, { key, objects: this.#objectsOf(order), target: this.filesFolder(order) }, this.#modules, signal, onChunk);
  }

  /** Strip and ciphertext of one chunk of the checked copy, for a proof. @throws BAD_OBJECT, FILE_MISSING */
  async chunk(order: OrderRecord, manifest: Manifest, index: number): Promise<{ readonly strip: Bytes; readonly ciphertext: Bytes }> {
    const chunk = manifest.chunks[index];
    if (chunk === undefined) throw unavailable('no-chunk', `This version has no chunk ${index}.`);
    return decodeObject(manifest.suite, chunk.facts, await readFile(objectPath(this.#objectsOf(order), chunk)));
  }

  /** Removes what does not match any more, so that it is fetched again. */
  async forgetObjects(order: OrderRecord): Promise<void> {
    await rm(this.#objectsOf(order), { recursive: true, force: true });
  }

  #folderOf(order: OrderRecord): string {
    return join(this.#options.folder, hexOf(fromHex(order.id)));
  }

  #objectsOf(order: OrderRecord): string {
    return join(this.#folderOf(order), 'objects');
  }
}

function unavailable(reason: 'no-version' | 'no-text' | 'no-data' | 'no-list' | 'no-chunk', message: string): CodedError {
  return new CodedError('DATA_UNAVAILABLE', message, { help: 'It is tried again by itself; the order can be cancelled until the key is handed over.', meta: { reason } });
}
