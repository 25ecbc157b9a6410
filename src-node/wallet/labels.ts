/** Names of accounts and small choices of the wallet. */
import type { DatabaseSync } from 'node:sqlite';
import { fromHex, hexOf, type Bytes } from '../base/bytes.ts';
import { column } from '../db/sqlite.ts';

export class Labels {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  nameOf(address: Bytes): string | null {
    const row = this.#db.prepare('SELECT name FROM account_name WHERE address = ?').get(hexOf(address));
    return row === undefined ? null : column.text(row, 'name');
  }

  rename(address: Bytes, name: string): void {
    this.#db.prepare('INSERT OR REPLACE INTO account_name (address, name) VALUES (?, ?)').run(hexOf(address), name);
  }

  get defaultAccount(): Bytes | null {
    const row = this.#db.prepare("SELECT value FROM setting WHERE key = 'default-account'").get();
    return row === undefined ? null : fromHex(column.text(row, 'value'));
  }

  setDefaultAccount(address: Bytes): void {
    this.#db.prepare("INSERT OR REPLACE INTO setting (key, value) VALUES ('default-account', ?)").run(hexOf(address));
  }
}
