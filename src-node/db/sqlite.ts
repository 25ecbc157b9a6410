/** SQLite files of the program: one connection, every commit on disk when it returns, migrations in order. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CodedError } from '../base/errors.ts';

export interface SqliteOptions {
  /** `:memory:` for tests. */
  readonly path: string;
  /** Each runs once, in order, in a transaction of its own; only ever add at the end. */
  readonly migrations: readonly string[];
}

/** @throws DATABASE_DAMAGED, DATABASE_NEWER */
export function openSqlite(options: SqliteOptions): DatabaseSync {
  if (options.path !== ':memory:') mkdirSync(dirname(options.path), { recursive: true, mode: 0o700 });
  try {
    const db = new DatabaseSync(options.path);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000;');
    const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
    if (version > options.migrations.length) {
      throw new CodedError('DATABASE_NEWER', 'This profile was last used by a newer version of the program.', { help: 'Update the program; nothing was changed.', meta: { path: options.path } });
    }
    options.migrations.slice(version).forEach((sql, i) => {
      inTransaction(db, () => db.exec(`${sql}; PRAGMA user_version = ${version + i + 1}`));
    });
    return db;
  } catch (error) {
    if (error instanceof CodedError) throw error as CodedError;
    throw new CodedError('DATABASE_DAMAGED', 'A database of this profile cannot be read.', { help: 'Restore it from a copy, or move it away: the index is built again from the chain.', meta: { path: options.path }, cause: error });
  }
}

/** All of `work` or nothing. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK'); // a full disk has ended it already
    throw error;
  }
}

export type SqlRow = Readonly<Record<string, unknown>>;

/** Columns by type; a column of another type is a fault of the program and is named. */
export const column = {
  text,
  textOrNull: (row: SqlRow, name: string): string | null => (row[name] === null ? null : text(row, name)),
  integer,
  integerOrNull: (row: SqlRow, name: string): number | null => (row[name] === null ? null : integer(row, name)),
  blob,
  blobOrNull: (row: SqlRow, name: string): Uint8Array | null => (row[name] === null ? null : blob(row, name)),
};

function text(row: SqlRow, name: string): string {
  const value = row[name];
  if (typeof value !== 'string') throw wrongColumn(name, 'text');
  return value;
}

function integer(row: SqlRow, name: string): number {
  const value = row[name];
  if (typeof value !== 'number') throw wrongColumn(name, 'a number');
  return value;
}

function blob(row: SqlRow, name: string): Uint8Array {
  const value = row[name];
  if (!(value instanceof Uint8Array)) throw wrongColumn(name, 'bytes');
  return value;
}

function wrongColumn(name: string, expected: string): CodedError {
  return new CodedError('DATABASE_DAMAGED', `Column ${name} does not hold ${expected}.`, { help: 'Restore the profile from a copy, or move this database away.' });
}
