/** What a channel may cost a day, as its payer wants it. Written down before the channel is signed for, so that it holds from the first message. */
import type { DatabaseSync } from 'node:sqlite';
import type { Hex } from '../base/bytes.ts';
import { column } from '../db/sqlite.ts';

export class DailyCaps {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Base units; null where there is none. */
  of(channel: Hex): bigint | null {
    const row = this.#db.prepare('SELECT amount FROM daily_cap WHERE channel = ?').get(channel);
    const amount = row === undefined ? null : column.textOrNull(row, 'amount');
    return amount === null ? null : BigInt(amount);
  }

  /** Whether this machine was told anything of the channel: it was opened here. */
  isSet(channel: Hex): boolean {
    return this.#db.prepare('SELECT 1 FROM daily_cap WHERE channel = ?').get(channel) !== undefined;
  }

  set(channel: Hex, amount: bigint | null): void {
    this.#db.prepare('INSERT OR REPLACE INTO daily_cap (channel, amount) VALUES (?, ?)').run(channel, amount === null ? null : amount.toString());
  }
}
