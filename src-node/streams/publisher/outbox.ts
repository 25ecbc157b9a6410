/**
 * Signed batches on their way to the gateways, on disk before the first gateway sees one: after a kill the same bytes are sent again,
 * and no number is ever signed twice.
 */
import { concat, equal, u64be, utf8, fromHex, toHex, type Bytes } from '../../base/bytes.ts';
import { invariant } from '../../base/errors.ts';
import { NO_BATCH, decodeBatch, nextSeq } from '../format/batch.ts';
import type { SignedBatch, StreamPosition } from '../format/seal-run.ts';
import { Journal, type JournalModules } from './journal.ts';

export interface OutboxOptions {
  readonly folder: string;
  readonly fileBytes: number;
}

/** Of a batch that is kept. */
export interface OutboxPlace {
  readonly number: number;
  readonly firstSeq: bigint;
  readonly nextSeq: bigint;
  readonly hash: Bytes;
}

export interface OutboxBatch extends OutboxPlace {
  readonly bytes: Bytes;
}

const CURSOR_BYTES = 8;

export class Outbox {
  #journal: Journal | undefined;
  /** By number, the oldest first. */
  readonly #places = new Map<number, OutboxPlace>();
  #position: StreamPosition = { nextSeq: 0n, prevBatchHash: NO_BATCH };
  #rowsTo = 0;
  readonly #listeners = new Set<() => void>();

  static async open(options: OutboxOptions, modules: JournalModules): Promise<Outbox> {
    const outbox = new Outbox();
    outbox.#journal = await Journal.open(options, modules, () => outbox.#writeNote(), {
      note: (bytes) => outbox.#readNote(bytes),
      entry: ({ number, bytes }) => {
        const { fields, hash } = decodeBatch(bytes.subarray(CURSOR_BYTES));
        outbox.#add({ number, firstSeq: fields.firstSeq, nextSeq: nextSeq(fields), hash }, rowsToOf(bytes));
      },
    });
    return outbox;
  }

  /** Behind the last batch that was ever written here. */
  get position(): StreamPosition {
    return this.#position;
  }

  /** Number of the first row of the spool that is in no batch. */
  get rowsTo(): number {
    return this.#rowsTo;
  }

  /** Number of the oldest that is kept. */
  get first(): number {
    return this.#opened.first;
  }

  get bytes(): number {
    return this.#opened.bytes;
  }

  /** Number that the next batch gets. */
  get next(): number {
    return this.#opened.next;
  }

  /** @param rowsTo for each batch, the number behind its last row in the spool */
  async add(batches: readonly (SignedBatch & { readonly rowsTo: number })[]): Promise<void> {
    const entries = batches.map(({ bytes, rowsTo }) => concat(u64be(rowsTo), bytes));
    await this.#opened.append(entries, (first) => {
      for (const [index, { fields, hash, rowsTo }] of batches.entries()) this.#add({ number: first + index, firstSeq: fields.firstSeq, nextSeq: nextSeq(fields), hash }, rowsTo);
    });
    for (const listener of this.#listeners) listener();
  }

  /** The first that is kept from this number on, or null. */
  async batch(number: number): Promise<OutboxBatch | null> {
    const [entry] = await this.#opened.read(number, 1);
    const place = entry === undefined ? undefined : this.#places.get(entry.number);
    return entry === undefined || place === undefined ? null : { ...place, bytes: entry.bytes.subarray(CURSOR_BYTES) };
  }

  /** Number of the first batch that a gateway needs whose log ends so; `fork` when it has other batches under numbers of ours. */
  after(tail: StreamPosition): number | 'fork' {
    if (tail.nextSeq > this.#position.nextSeq) return 'fork';
    if (tail.nextSeq === this.#position.nextSeq) return equal(tail.prevBatchHash, this.#position.prevBatchHash) ? this.next : 'fork';
    for (const place of this.#places.values()) {
      if (place.firstSeq >= tail.nextSeq) return place.number;
      if (place.nextSeq > tail.nextSeq || (place.nextSeq === tail.nextSeq && !equal(place.hash, tail.prevBatchHash))) return 'fork';
    }
    return this.next;
  }

  /** Goes on behind what another run of this publisher brought to a gateway and this disk knows nothing of. */
  continueBehind(position: StreamPosition): void {
    this.#position = position;
  }

  /** Told after batches were added. @returns the function that stops it */
  onGrown(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Every gateway has these. */
  async dropBefore(number: number): Promise<void> {
    await this.#opened.dropBefore(number);
    for (const kept of [...this.#places.keys()]) {
      if (kept >= this.#opened.first) return;
      this.#places.delete(kept);
    }
  }

  close(): Promise<void> {
    return this.#opened.close();
  }

  get #opened(): Journal {
    invariant(this.#journal, 'the outbox was opened');
    return this.#journal;
  }

  #add(place: OutboxPlace, rowsTo: number): void {
    this.#places.set(place.number, place);
    this.#position = { nextSeq: place.nextSeq, prevBatchHash: place.hash };
    this.#rowsTo = rowsTo;
  }

  #writeNote(): Bytes {
    const { nextSeq: next, prevBatchHash } = this.#position;
    return utf8(JSON.stringify({ nextSeq: next.toString(), prevBatchHash: toHex(prevBatchHash), rowsTo: this.#rowsTo }));
  }

  #readNote(bytes: Bytes): void {
    const note = JSON.parse(Buffer.from(bytes).toString('utf8')) as { nextSeq: string; prevBatchHash: string; rowsTo: number };
    this.#position = { nextSeq: BigInt(note.nextSeq), prevBatchHash: fromHex(note.prevBatchHash) };
    this.#rowsTo = note.rowsTo;
  }
}

function rowsToOf(entry: Bytes): number {
  return Number(Buffer.from(entry.buffer, entry.byteOffset, CURSOR_BYTES).readBigUInt64BE(0));
}
