/** One reader's place in a stream: what comes next, from the ring or out of the log, with every hole named. */
import { isCoded } from '../../base/errors.ts';
import type { StreamLog } from '../log/engine.ts';
import type { Place } from './cursor.ts';
import type { TailEntry } from './batch-ring.ts';
import type { StreamTail } from './stream-tail.ts';
import type { Gap } from './wire.ts';

/** A batch, with the hole before it. */
export interface ReadItem {
  readonly entry: TailEntry;
  readonly gap: Gap | null;
}

/** What one reader makes the gateway hold while it reads behind the ring. */
const STORED_BYTES = 256 * 1024;

export class StreamReader {
  readonly #tail: StreamTail;
  readonly #log: StreamLog;
  #offset: bigint;
  #nextSeq: bigint | null;
  #lost = false;

  constructor(place: Pick<Place, 'offset' | 'nextSeq'>, modules: { readonly tail: StreamTail; readonly log: StreamLog }) {
    this.#tail = modules.tail;
    this.#log = modules.log;
    this.#offset = place.offset;
    this.#nextSeq = place.nextSeq;
  }

  get place(): Pick<Place, 'offset' | 'nextSeq'> {
    return { offset: this.#offset, nextSeq: this.#nextSeq };
  }

  get atEnd(): boolean {
    return this.#offset >= this.#tail.position;
  }

  /** The next batches, at least one; none at the end. The reader's place stays until `passed`. @throws LOG_UNREACHABLE, LOG_CLOSED */
  async next(maxBatches: number): Promise<readonly ReadItem[]> {
    while (!this.atEnd) {
      const entries = this.#offset >= this.#tail.ringFrom ? this.#inRing(maxBatches) : await this.#stored(maxBatches);
      const items: ReadItem[] = [];
      let expected = this.#nextSeq;
      for (const entry of entries) {
        if (expected !== null && entry.firstSeq < expected) continue; // a repetition, or a fork
        items.push({ entry, gap: expected !== null && entry.firstSeq === expected ? null : this.#gap(expected, entry.firstSeq) });
        expected = entry.endSeq;
      }
      if (items.length > 0) return items;
    }
    return [];
  }

  /** Goes behind a batch, or over it. */
  passed({ entry }: ReadItem): void {
    this.#offset = entry.offset + 1n;
    this.#nextSeq = entry.endSeq;
    this.#lost = false;
  }

  /** Resolves when there is more, or when the signal aborts. */
  grown(signal: AbortSignal): Promise<void> {
    return this.#tail.grown(this.#offset, signal);
  }

  #gap(expected: bigint | null, firstSeq: bigint): Gap | null {
    // a place that nothing was known of begins where it begins
    if (firstSeq === 0n || (expected === null && !this.#lost)) return null;
    return { from: expected, to: firstSeq - 1n, reason: this.#lost ? 'retention' : 'missing' };
  }

  #inRing(maxBatches: number): readonly TailEntry[] {
    const entries = this.#tail.fromRing(this.#offset, maxBatches, STORED_BYTES);
    if (entries.length === 0) this.#offset = this.#tail.position;
    return entries;
  }

  async #stored(maxBatches: number): Promise<readonly TailEntry[]> {
    try {
      const { records, next } = await this.#log.read(this.#offset, { maxRecords: maxBatches, maxBytes: STORED_BYTES });
      const entries = records.flatMap((record) => this.#tail.entryOf(record) ?? []);
      const isNew = entries.some(({ firstSeq }) => this.#nextSeq === null || firstSeq >= this.#nextSeq);
      if (!isNew) this.#offset = next > this.#offset ? next : this.#tail.position;
      return isNew ? entries : [];
    } catch (error) {
      if (!isCoded(error, 'LOG_TOO_OLD')) throw error;
      this.#offset = (await this.#log.bounds()).first;
      this.#lost = true;
      return [];
    }
  }
}
