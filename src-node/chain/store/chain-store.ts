/** Blocks, receipts and where to find them, in the key-value store. */
import { u32be, u64be, utf8, type Bytes } from '../../base/bytes.ts';
import { Bucket } from '../../db/bucket.ts';
import type { KeyValueStore, WriteBatch } from '../../db/store.ts';
import { bodyFromRlp, partsOfBlock, type Block } from '../../primitives/block.ts';
import { decodeHeader, type Header } from '../../primitives/header.ts';
import { decode, encode, listIn } from '../../primitives/rlp/index.ts';
import { storedReceiptFromRlp, storedReceiptToRlp, type StoredReceipt } from '../../primitives/stored-receipt.ts';

const HEAD = utf8('head');
const ARCHIVE = utf8('archive');

/** Where a transaction stands. */
export interface TransactionPlace {
  readonly blockNumber: bigint;
  readonly index: number;
}

export interface ExecutedBlock {
  /** RLP. */
  readonly encoded: Bytes;
  readonly number: bigint;
  readonly hash: Bytes;
  readonly transactionHashes: readonly Bytes[];
  readonly receipts: readonly StoredReceipt[];
}

/** Reads @throws CodedError<StoreErrorCode> */
export class ChainStore {
  readonly #meta: Bucket;
  readonly #headers: Bucket;
  readonly #bodies: Bucket;
  readonly #receipts: Bucket;
  readonly #canonical: Bucket;
  readonly #transactions: Bucket;

  constructor(store: KeyValueStore) {
    this.#meta = new Bucket('meta', store);
    this.#headers = new Bucket('headers', store);
    this.#bodies = new Bucket('bodies', store);
    this.#receipts = new Bucket('receipts', store);
    this.#canonical = new Bucket('canonical', store);
    this.#transactions = new Bucket('transactions', store);
  }

  headHash(): Bytes | undefined {
    return this.#meta.get(HEAD);
  }

  hashAt(number: bigint): Bytes | undefined {
    return this.#canonical.get(u64be(number));
  }

  header(hash: Bytes): Header | undefined {
    const encoded = this.#headers.get(hash);
    return encoded === undefined ? undefined : decodeHeader(encoded);
  }

  block(hash: Bytes): Block | undefined {
    const header = this.header(hash);
    const body = this.#bodies.get(hash);
    return header === undefined || body === undefined ? undefined : { header, transactions: bodyFromRlp(decode(body)) };
  }

  receipts(hash: Bytes): readonly StoredReceipt[] | undefined {
    const encoded = this.#receipts.get(hash);
    return encoded === undefined ? undefined : listIn(decode(encoded)).map(storedReceiptFromRlp);
  }

  transactionPlace(hash: Bytes): TransactionPlace | undefined {
    const place = this.#transactions.get(hash);
    if (place === undefined) return undefined;
    const view = new DataView(place.buffer, place.byteOffset, place.byteLength);
    return { blockNumber: view.getBigUint64(0), index: view.getUint32(8) };
  }

  /** Adds a block to those before it. */
  putBlock(batch: WriteBatch, executed: ExecutedBlock): void {
    const { hash } = executed;
    const { header, body } = partsOfBlock(executed.encoded);
    const number = u64be(executed.number);
    this.#headers.put(batch, hash, header);
    this.#bodies.put(batch, hash, body);
    this.#receipts.put(batch, hash, encode(executed.receipts.map(storedReceiptToRlp)));
    this.#canonical.put(batch, number, hash);
    executed.transactionHashes.forEach((transactionHash, index) => {
      const place = Buffer.allocUnsafe(12);
      place.set(number);
      place.set(u32be(index), 8);
      this.#transactions.put(batch, transactionHash, place);
    });
  }

  /** Makes a block the head; its state is in the batch, or stored. */
  putHead(batch: WriteBatch, hash: Bytes): void {
    this.#meta.put(batch, HEAD, hash);
  }

  /** Whether the states of all blocks are kept, once that was asked for. */
  isArchive(): boolean {
    return this.#meta.get(ARCHIVE) !== undefined;
  }

  putArchive(batch: WriteBatch): void {
    this.#meta.put(batch, ARCHIVE, utf8('kept'));
  }
}
