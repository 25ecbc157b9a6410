/**
 * A seller who cheats: the real packer, metadata, contracts and storage, with one step replaced. Lives in tests only. Works over any
 * chain reader, so the same one cheats a node in this process and one behind a browser.
 */
import { fromHex, hexOf, toHex, utf8, type Bytes, type Hex } from '../base/bytes.ts';
import { toSeconds, millis } from '../base/clock.ts';
import { invariant } from '../base/errors.ts';
import type { ChainReader } from '../chain/reader.ts';
import * as escrow from '../contracts/bindings/pd-escrow.gen.ts';
import * as listings from '../contracts/bindings/pd-listing.gen.ts';
import type { MarketAddresses } from '../contracts/deploy.ts';
import { pointBytes, pointOf } from '../contracts/proofs.ts';
import { buyerKeyHash, listingId } from '../contracts/terms.ts';
import { randomBytes, sha256, sha256Parts } from '../crypto/hash.ts';
import { merkleRoot } from '../crypto/merkle.ts';
import { addressOf } from '../crypto/secp256k1.ts';
import { sealKey } from '../keys/derived-secrets.ts';
import { LICENCES, licenceHash } from '../market/licences.ts';
import { encodeMetadata, metadataHash, metadataUri } from '../market/metadata.ts';
import { chunkKeyCommit, chunkLeaf, sealChunk, unitNodes, type SealedChunk } from '../market/pdp/chunk.ts';
import { encodeTable } from '../market/pdp/container.ts';
import { dataRootOf, encodeManifest } from '../market/pdp/manifest.ts';
import { encodeObject } from '../market/pdp/object.ts';
import { SUITE_1 } from '../market/pdp/suite.ts';
import type { IpfsConnector } from '../otp/ipfs.ts';
import { sendSigned } from './send-signed.ts';

export type Lie = 'wrong-key' | 'bad-key-leaf' | 'bad-unit';

export interface DishonestSellerModules {
  readonly reader: ChainReader;
  readonly ipfs: IpfsConnector;
  readonly addresses: MarketAddresses;
}

const CPC = 10n ** 18n;
export const LIE_PRICE = 30n * CPC;
const BOND = 20n * CPC;
const CHUNKS = 3;

export class DishonestSeller {
  readonly address: Bytes;
  readonly #lie: Lie;
  readonly #modules: DishonestSellerModules;
  readonly #account = randomBytes(32);
  readonly #key = randomBytes(32);

  constructor(lie: Lie, modules: DishonestSellerModules) {
    this.#lie = lie;
    this.#modules = modules;
    this.address = addressOf(this.#account);
  }

  /** Packs, stores, publishes; needs a little CPC. @returns the listing */
  async publish(title: string): Promise<Hex> {
    const { reader, ipfs, addresses } = this.#modules;
    const packing = { seller: this.address, versionSalt: randomBytes(32) };
    const chunks = this.#pack().map((chunk) => this.#corrupt(chunk));
    const stored = await Promise.all(chunks.map(async (chunk) => ({ facts: chunk.facts, locators: [await ipfs.put(hexOf(chunkLeaf(packing, chunk.facts)), encodeObject(SUITE_1, chunk))] })));
    const manifest = encodeManifest(SUITE_1, packing.versionSalt, stored);
    const nonce = 0n;
    const listing = listingId({ contract: addresses.listings, chainId: reader.chainId, creator: toHex(this.address), nonce });
    const [licence] = LICENCES;
    invariant(licence, 'there is a licence');
    const metadata = encodeMetadata({
      pd: 1, listing, title: { en: title }, summary: 'Not what it says.', description_md: '', category: 'other', tags: [], format: 'binary', rows: null, schema: [], preview: [],
      licence: { id: licence.id, title: licence.title, text: licence.text }, personalData: { present: false },
      versions: [{ no: 1, manifest: { sha256: hexOf(sha256(manifest)), locators: [await ipfs.put('', manifest)] } }],
    });
    await ipfs.put('', metadata);
    const metaHash = metadataHash(metadata);
    const now = reader.head()?.timeMillis ?? millis(0);
    const payload = listings.encodePublish(
      { nonce, kind: 'Dataset', flags: 0, category: 9, metaHash, metaUri: metadataUri(metaHash), openUntil: toSeconds(millis(now + 86_400_000)), keyTime: 0, disputeTime: 0, deliveryKey: `0x${'00'.repeat(20)}`, deliveryCap: 0n, maxOpenPerBuyer: 8 },
      {
        dataRoot: toHex(dataRootOf(chunks.map(({ facts }) => chunkLeaf(packing, facts)))), keyCommit: toHex(sha256Parts(utf8('PDC0'), this.address, packing.versionSalt, this.#key)), versionSalt: toHex(packing.versionSalt),
        totalBytes: BigInt(chunks.reduce((sum, { facts }) => sum + facts.length, 0)), retentionUntil: toSeconds(millis(now + 30 * 86_400_000)), chunkCount: chunks.length, suite: 1,
      },
      { planId: 0, kind: 'OneOff', price: LIE_PRICE, licenceHash: licenceHash(licence), active: true, payees: [toHex(this.address)], shares: [10_000] },
    );
    await this.#send(addresses.listings, payload, BOND);
    return listing;
  }

  /** Hands over the key of its choice, once the buyer said ready. @returns whether he has */
  async deliver(order: Hex): Promise<boolean> {
    const { reader, addresses } = this.#modules;
    const logs = await reader.logs({ addresses: [fromHex(addresses.escrow)], fromBlock: 0n, toBlock: reader.head()?.number ?? 0n });
    const events = logs.map(escrow.decodeEvent);
    const placed = events.find((event) => event?.name === 'OrderPlaced' && event.order === order);
    if (placed?.name !== 'OrderPlaced' || !events.some((event) => event?.name === 'OrderReady' && event.order === order)) return false;
    const buyerKey = { x: placed.bx, y: placed.by };
    const key = this.#lie === 'wrong-key' ? randomBytes(32) : this.#key;
    const { e, w } = sealKey(key, pointBytes(buyerKey), fromHex(order));
    await this.#send(addresses.escrow, escrow.encodePostKey(order, pointOf(e), toHex(w), buyerKeyHash(buyerKey)), 0n);
    return true;
  }

  #pack(): readonly SealedChunk[] {
    const size = SUITE_1.maxChunkBytes;
    const bytes = (CHUNKS - 1) * size + 5_000;
    const table = encodeTable([{ path: 'lie.bin', size: bytes, mode: 0o644, mtime: 0 }]);
    const container = Buffer.concat([table, randomBytes(bytes)]);
    return Array.from({ length: CHUNKS }, (_, i) => sealChunk(SUITE_1, this.#key, i, randomBytes(16), container.subarray(i * size, (i + 1) * size)));
  }

  /** The one step that is not honest. */
  #corrupt(chunk: SealedChunk): SealedChunk {
    if (chunk.facts.index !== 1) return chunk;
    if (this.#lie === 'bad-key-leaf') return { ...chunk, facts: { ...chunk.facts, keyCommit: chunkKeyCommit(randomBytes(32)) } };
    if (this.#lie !== 'bad-unit') return chunk;
    const strip = Uint8Array.from(chunk.strip);
    strip.set(randomBytes(32), 100 * 32);
    return { ...chunk, strip, facts: { ...chunk.facts, unitRoot: merkleRoot(unitNodes(SUITE_1, chunk.ciphertext, strip)) } };
  }

  async #send(to: Hex, payload: Bytes, value: bigint): Promise<void> {
    await sendSigned(this.#modules.reader, this.#account, { to: fromHex(to), value, payload, gasLimit: 2_900_000n });
  }
}
