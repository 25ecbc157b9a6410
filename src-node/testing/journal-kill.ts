/**
 * Counts this process's writes to its journals and, at a chosen one, kills the whole process group right after the write is on
 * disk. Lives in tests only: it wraps the database driver from outside, the product knows nothing of it.
 */
import { DatabaseSync, StatementSync } from 'node:sqlite';

export interface JournalWrite {
  readonly number: number;
  /** Table and state, such as `outbox planned`. */
  readonly what: string;
}

const JOURNALS = /^(?:INSERT(?: OR \w+)? INTO|UPDATE) (action|outbox|draft|draft_chunk|purchase|upload)\b/;

/** What a written row says of its state, for the list of points. */
function describe(table: string, sql: string, values: readonly unknown[]): string {
  const inSql = /state = '(\w+)'|'(planned)'\)/.exec(sql);
  const inRecord = values.flatMap((value) => (typeof value === 'string' ? [/"(?:state|copy)":"(\w+)"/.exec(value)?.[1]] : [])).find((state) => state !== undefined);
  const inValues = table === 'outbox' && sql.startsWith('UPDATE outbox SET state = ?') ? String(values[0]) : undefined;
  return `${table} ${inSql?.[1] ?? inSql?.[2] ?? inRecord ?? inValues ?? 'written'}`;
}

/** @param killAt number of the write after which everything dies; 0 never */
export function watchJournals(killAt: number, onWrite: (write: JournalWrite) => void): void {
  let count = 0;
  let open = false;
  let pending: string[] = [];
  const written = (what: string): void => {
    count += 1;
    onWrite({ number: count, what });
    if (count === killAt) process.kill(-process.pid, 'SIGKILL');
  };
  const sqlOf = new WeakMap<StatementSync, string>();
  const prepare = Reflect.get(DatabaseSync.prototype, 'prepare');
  const exec = Reflect.get(DatabaseSync.prototype, 'exec');
  const run = Reflect.get(StatementSync.prototype, 'run');
  DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string): StatementSync {
    const statement = prepare.call(this, sql);
    sqlOf.set(statement, sql);
    return statement;
  };
  Reflect.set(StatementSync.prototype, 'run', function (this: StatementSync, ...values: Parameters<StatementSync['run']>): ReturnType<StatementSync['run']> {
    const result = run.apply(this, values);
    const sql = sqlOf.get(this) ?? '';
    const table = JOURNALS.exec(sql)?.[1];
    if (table !== undefined) {
      const what = describe(table, sql, values);
      if (open) pending.push(what);
      else written(what);
    }
    return result;
  });
  DatabaseSync.prototype.exec = function (this: DatabaseSync, sql: string): void {
    exec.call(this, sql);
    if (sql.startsWith('BEGIN')) open = true;
    if (sql !== 'COMMIT' && sql !== 'ROLLBACK') return;
    open = false;
    const done = sql === 'COMMIT' ? pending : [];
    pending = [];
    // One transaction is one point: its writes reach the disk together.
    if (done.length > 0) written(done.join(' + '));
  };
}
