/** The wallet's database: names, the outbox with its replacements, movements, faucet grants. Amounts are decimal text, addresses and hashes lower-case hex. */
import type { DatabaseSync } from 'node:sqlite';
import { openSqlite } from '../db/sqlite.ts';

const MIGRATIONS = [
  `CREATE TABLE account_name (address TEXT PRIMARY KEY, name TEXT NOT NULL);
   CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL);
   CREATE TABLE action (
     id TEXT PRIMARY KEY, kind TEXT NOT NULL, title TEXT NOT NULL, account TEXT NOT NULL, created_at INTEGER NOT NULL,
     subject_kind TEXT, subject_id TEXT, error_code TEXT, error_message TEXT, error_help TEXT);
   CREATE TABLE outbox (
     action TEXT NOT NULL REFERENCES action(id), step INTEGER NOT NULL, account TEXT NOT NULL, nonce INTEGER NOT NULL,
     target TEXT, value TEXT NOT NULL, payload BLOB NOT NULL, gas_limit TEXT NOT NULL, gas_price TEXT NOT NULL, authority TEXT NOT NULL,
     state TEXT NOT NULL, raw BLOB, hash TEXT, block INTEGER, ok INTEGER, gas_used TEXT, sent_at INTEGER,
     PRIMARY KEY (action, step));
   CREATE UNIQUE INDEX outbox_nonce ON outbox (account, nonce) WHERE state <> 'dropped';
   CREATE INDEX outbox_state ON outbox (state);
   CREATE TABLE movement (
     hash TEXT NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL, selector TEXT, target TEXT, counterparty TEXT, amount TEXT NOT NULL, fee TEXT,
     ok INTEGER NOT NULL, block INTEGER NOT NULL, position INTEGER NOT NULL, at INTEGER NOT NULL, nonce INTEGER NOT NULL,
     PRIMARY KEY (hash, account));
   CREATE INDEX movement_order ON movement (account, block DESC, position DESC);
   CREATE TABLE scanned (number INTEGER PRIMARY KEY, hash TEXT NOT NULL);
   CREATE TABLE faucet_grant (hash TEXT PRIMARY KEY, account TEXT NOT NULL, amount TEXT NOT NULL)`,
  // Movements know what contracts paid out from here on: they are read again.
  'DELETE FROM movement; DELETE FROM scanned',
  // The values that the sentence of a failure names, so that it can be said in another language.
  'ALTER TABLE action ADD COLUMN error_meta TEXT',
  'ALTER TABLE outbox ADD COLUMN last_block INTEGER',
  // Transactions that take the place of others. What was signed before may have left.
  `CREATE TABLE attempt (
     action TEXT NOT NULL, step INTEGER NOT NULL, number INTEGER NOT NULL, replacement TEXT NOT NULL, purpose TEXT NOT NULL,
     target TEXT, value TEXT NOT NULL, payload BLOB NOT NULL, gas_limit TEXT NOT NULL, gas_price TEXT NOT NULL, authority TEXT NOT NULL,
     state TEXT NOT NULL, raw BLOB, hash TEXT, offered_block INTEGER, refusal TEXT,
     PRIMARY KEY (action, step, number), FOREIGN KEY (action, step) REFERENCES outbox(action, step));
   CREATE INDEX attempt_replacement ON attempt (replacement);
   CREATE INDEX attempt_hash ON attempt (hash);
   CREATE INDEX outbox_hash ON outbox (hash);
   ALTER TABLE outbox ADD COLUMN offered_block INTEGER;
   ALTER TABLE outbox ADD COLUMN mined_by INTEGER;
   UPDATE outbox SET offered_block = 0 WHERE raw IS NOT NULL;
   UPDATE outbox SET mined_by = 0 WHERE block IS NOT NULL`,
] as const;

export function openWalletStore(path: string): DatabaseSync {
  return openSqlite({ path, migrations: MIGRATIONS });
}
