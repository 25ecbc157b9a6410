/** From a draft's file to a packed version in its places; resumes by the journal. */
import { hexOf, type Bytes } from '../../base/bytes.ts';
import { CodedError, isCoded } from '../../base/errors.ts';
import { randomBytes, sha256, sha256Parts } from '../../crypto/hash.ts';
import { chunkLeaf } from '../pdp/chunk.ts';
import { FileContainer } from '../pdp/container.ts';
import { dataRootOf, encodeManifest } from '../pdp/manifest.ts';
import { pack, verifyStored, type PackedChunk, type PackOptions } from '../pdp/packer.ts';
import type { ObjectPlace } from '../pdp/place.ts';
import type { PackagePool } from '../pdp/pool.ts';
import { safeName } from '../pdp/safe-path.ts';
import { SUITE_1 } from '../pdp/suite.ts';
import { utf8 } from '../../base/bytes.ts';
import type { MarketKeys } from '../ports.ts';
import type { DraftRecord, PackedVersion } from './draft.ts';
import type { DraftStore } from './draft-store.ts';

export interface PackingModules {
  readonly store: DraftStore;
  readonly keys: MarketKeys;
  readonly places: readonly ObjectPlace[];
  readonly pool: PackagePool;
  readonly chainId: bigint;
}

/** Chunks in work at once: two for each worker keep both busy. */
const WINDOW = 4;

/** @throws WALLET_LOCKED, SOURCE_CHANGED, STORED_CHUNK_BAD, DISK_FULL and other file errors; the signal's reason */
export async function packDraft(draft: DraftRecord, seller: Bytes, modules: PackingModules, signal: AbortSignal, onProgress: (done: number, total: number) => void): Promise<void> {
  const { store, keys, pool, chainId } = modules;
  const packing = draft.packing !== null && hexOf(draft.packing.seller) === hexOf(seller) ? draft.packing : { versionSalt: randomBytes(32), seller };
  if (packing !== draft.packing) store.restartPacking({ ...draft, packing, packed: null, state: 'packing', error: null });
  else store.change(draft.id, { state: 'packing', error: null });
  const key = await keys.packKey(seller, chainId, packing.versionSalt);
  const places = modules.places.filter(({ scheme }) => draft.places.includes(scheme));
  if (places.length === 0) throw new CodedError('NO_PLACE', 'No storage place is chosen.', { help: 'Choose at least one.' });
  const container = await FileContainer.open(draft.file.path, safeName(draft.file.name));
  try {
    const options = { suite: SUITE_1, packing, key, window: WINDOW };
    const chunks = await pack(options, { container, places, journal: store.journal(draft.id), pool }, signal, ({ doneBytes, totalBytes }) => onProgress(doneBytes, totalBytes));
    store.change(draft.id, { state: 'verifying' });
    await verifyStored(options, { places, pool }, chunks, signal, ({ doneBytes, totalBytes }) => onProgress(doneBytes, totalBytes));
    store.change(draft.id, { state: 'packed', packed: await finish(options, chunks, places) });
  } catch (error) {
    // Chunks of the file as it was must not be mixed with the file as it is.
    if (isCoded(error, 'SOURCE_CHANGED')) store.restartPacking({ ...store.get(draft.id), packing: null });
    throw error;
  } finally {
    await container.close();
  }
}

async function finish({ packing, key }: PackOptions, chunks: readonly PackedChunk[], places: readonly ObjectPlace[]): Promise<PackedVersion> {
  const manifest = encodeManifest(SUITE_1, packing.versionSalt, chunks);
  const digest = hexOf(sha256(manifest));
  return {
    seller: packing.seller,
    versionSalt: packing.versionSalt,
    dataRoot: dataRootOf(chunks.map(({ facts }) => chunkLeaf(packing, facts))),
    keyCommit: sha256Parts(utf8('PDC0'), packing.seller, packing.versionSalt, key),
    chunkCount: chunks.length,
    totalBytes: chunks.reduce((sum, { facts }) => sum + facts.length, 0),
    manifest: { sha256: digest, locators: await Promise.all(places.map((place) => place.put(digest, manifest))) },
  };
}
