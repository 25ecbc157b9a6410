/** The logs of one contract as they came, and what they make of the things that the contract knows: one entry each. */
import type { DatabaseSync } from 'node:sqlite';
import { concat, fromHex, hexOf, split, toHex, type Bytes, type Hex } from '../../base/bytes.ts';
import { millis, type Millis } from '../../base/clock.ts';
import type { LocatedLog } from '../../chain/reader.ts';
import { column } from '../../db/sqlite.ts';
import type { Log } from '../../primitives/log.ts';

export interface Located<Event> {
  readonly event: Event;
  readonly block: number;
  readonly at: Millis;
  readonly transaction: Hex;
}

export interface EventTableOptions<Event, Entry> {
  readonly contract: Bytes;
  /** What the contract's events are of. */
  readonly subject: 'stream' | 'channel' | 'gateway';
  readonly decode: (log: Log) => Event | null;
  /** Null for events of the contract as a whole. */
  readonly idOf: (event: Event) => Hex | null;
  readonly fold: (before: Entry | null, event: Located<Event>) => Entry | null;
  readonly load: (id: Hex) => Entry | null;
  readonly save: (id: Hex, entry: Entry | null) => void;
}

const TOPIC_BYTES = 32;

export class EventTable<Event, Entry> {
  readonly #options: EventTableOptions<Event, Entry>;
  readonly #db: DatabaseSync;
  /** Taken in and not folded yet, in the order of the chain. */
  readonly #added = new Map<Hex, Located<Event>[]>();

  constructor(options: EventTableOptions<Event, Entry>, db: DatabaseSync) {
    this.#options = options;
    this.#db = db;
  }

  /** Writes one log of the contract down, which holds `event`. */
  take(event: Event, log: LocatedLog, at: Millis): void {
    const id = this.#options.idOf(event);
    if (id === null) return;
    this.#db
      .prepare('INSERT INTO event (block, log_index, at, hash, subject, id, topics, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(log.blockNumber, log.logIndex, at, hexOf(log.transactionHash), this.#options.subject, id, concat(...log.topics), log.data);
    const added: Located<Event> = { event, block: Number(log.blockNumber), at, transaction: toHex(log.transactionHash) };
    const list = this.#added.get(id);
    if (list === undefined) this.#added.set(id, [added]);
    else list.push(added);
  }

  /** Puts what was taken in on top of what stands. @returns what it is of */
  foldAdded(): readonly Hex[] {
    const ids = [...this.#added.keys()];
    for (const [id, events] of this.#added) this.#options.save(id, events.reduce(this.#options.fold, this.#options.load(id)));
    this.#added.clear();
    return ids;
  }

  /** Drops the logs from this block on, and makes what they were of anew out of those before. @returns what it is of */
  forgetFrom(block: bigint): readonly Hex[] {
    const { subject, fold, save } = this.#options;
    this.#added.clear();
    const ids = this.#db.prepare('SELECT DISTINCT id FROM event WHERE subject = ? AND block >= ?').all(subject, block).map((row) => column.text(row, 'id') as Hex);
    this.#db.prepare('DELETE FROM event WHERE subject = ? AND block >= ?').run(subject, block);
    for (const id of ids) save(id, this.#events(id).reduce<Entry | null>(fold, null));
    return ids;
  }

  #events(id: Hex): readonly Located<Event>[] {
    const { subject, contract: address, decode } = this.#options;
    return this.#db.prepare('SELECT * FROM event WHERE subject = ? AND id = ? ORDER BY block, log_index').all(subject, id).flatMap((row) => {
      const event = decode({ address, topics: split(column.blob(row, 'topics'), TOPIC_BYTES), data: column.blob(row, 'data') });
      return event === null ? [] : [{ event, block: column.integer(row, 'block'), at: millis(column.integer(row, 'at')), transaction: toHex(fromHex(column.text(row, 'hash'))) }];
    });
  }
}
