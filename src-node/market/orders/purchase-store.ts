/** Purchases on disk. */
import type { DatabaseSync } from 'node:sqlite';
import type { Hex } from '../../base/bytes.ts';
import { fromTaggedJson, toTaggedJson } from '../../base/tagged-json.ts';
import { column } from '../../db/sqlite.ts';
import { newPurchase, type PurchaseRecord } from './purchase.ts';

export class PurchaseStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  get(order: Hex): PurchaseRecord {
    const row = this.#db.prepare('SELECT record FROM purchase WHERE id = ?').get(order);
    return row === undefined ? newPurchase(order) : (fromTaggedJson(column.text(row, 'record')) as PurchaseRecord);
  }

  change(order: Hex, change: Partial<PurchaseRecord>): PurchaseRecord {
    const record = { ...this.get(order), ...change };
    this.#db.prepare('INSERT INTO purchase (id, record) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record').run(order, toTaggedJson(record));
    return record;
  }
}
