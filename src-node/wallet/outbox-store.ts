/** Rows of actions and their transactions. Every change is on disk when the call returns. */
import type { DatabaseSync } from 'node:sqlite';
import { fromHex, hexOf, type Bytes } from '../base/bytes.ts';
import { millis, type Millis } from '../base/clock.ts';
import { CodedError, type ErrorJson, type ErrorMeta } from '../base/errors.ts';
import { column, inTransaction, type SqlRow } from '../db/sqlite.ts';
import type { ActionRecord, ActionSubject, NewAction, OutboxEntry, OutboxState } from './action.ts';
import { AttemptStore } from './attempt-store.ts';
import { authorityOf, callColumns, callOf } from './outbox-columns.ts';

export class OutboxStore {
  readonly #db: DatabaseSync;
  readonly attempts: AttemptStore;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.attempts = new AttemptStore(db);
  }

  /** Writes the action and reserves its nonces. Does nothing when the id exists. @throws SIMULATION_CHANGED when its first nonce is not the one that was shown */
  add(action: NewAction, chainNonce: bigint, now: Millis): void {
    inTransaction(this.#db, () => {
      if (this.#db.prepare('SELECT 1 FROM action WHERE id = ?').get(action.id) !== undefined) return;
      const account = hexOf(action.account);
      this.#db
        .prepare('INSERT INTO action (id, kind, title, account, created_at, subject_kind, subject_id) VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(action.id, action.kind, action.title, account, now, action.subject?.kind ?? null, action.subject?.id ?? null);
      let nonce = this.#freeNonce(account, chainNonce, action.calls.length);
      if (action.nonce !== undefined && nonce !== action.nonce) throw nonceMoved(action.nonce, nonce);
      action.calls.forEach((call, step) => {
        this.#db
          .prepare("INSERT INTO outbox (action, step, account, nonce, target, value, payload, gas_limit, gas_price, authority, last_block, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'planned')")
          .run(action.id, step, account, nonce, ...callColumns(call), JSON.stringify(action.authority), action.lastBlock ?? null);
        nonce += 1n;
      });
    });
  }

  /** Of the account's next transaction. */
  nextNonce(account: Bytes, chainNonce: bigint): bigint {
    return this.#freeNonce(hexOf(account), chainNonce, 1);
  }

  /** The lowest nonce from which `count` in a row are free: a gap that a dropped transaction left is filled first. */
  #freeNonce(account: string, chainNonce: bigint, count: number): bigint {
    const used = this.#db.prepare("SELECT nonce FROM outbox WHERE account = ? AND state <> 'dropped' AND nonce >= ? ORDER BY nonce").all(account, chainNonce);
    let start = chainNonce;
    for (const row of used) {
      const nonce = BigInt(column.integer(row, 'nonce'));
      if (nonce >= start + BigInt(count)) break;
      start = nonce + 1n;
    }
    return start;
  }

  /** The entry at the lowest free nonce, if that is below its own; nothing of it was signed yet. */
  renumbered(entry: OutboxEntry, chainNonce: bigint): OutboxEntry {
    const nonce = this.#freeNonce(hexOf(entry.account), chainNonce, 1);
    if (nonce >= entry.nonce) return entry;
    this.#db.prepare("UPDATE outbox SET nonce = ? WHERE action = ? AND step = ? AND state = 'planned'").run(nonce, entry.action, entry.step);
    return { ...entry, nonce };
  }

  /** What still has a step to take, in the order in which it must be taken. */
  open(): readonly OutboxEntry[] {
    return this.#entries("state IN ('planned', 'signed', 'sent', 'mined') ORDER BY account, nonce");
  }

  /** As it stands now; null when it was dropped or forgotten. */
  openEntry(action: string, step: number): OutboxEntry | null {
    const row = this.#db.prepare("SELECT * FROM outbox WHERE action = ? AND step = ? AND state <> 'dropped'").get(action, step);
    return row === undefined ? null : this.#entry(row);
  }

  /** @returns false when it was dropped in the meantime, and must not leave */
  signed(entry: OutboxEntry, raw: Bytes, hash: Bytes): boolean {
    return this.#db.prepare("UPDATE outbox SET raw = ?, hash = ?, state = 'signed' WHERE action = ? AND step = ? AND state = 'planned'").run(raw, hexOf(hash), entry.action, entry.step).changes === 1;
  }

  /** From here on it may be public. @returns false as of `signed` */
  offered(entry: OutboxEntry, head: bigint): boolean {
    return this.#db.prepare("UPDATE outbox SET offered_block = coalesce(offered_block, ?) WHERE action = ? AND step = ? AND state <> 'dropped'").run(head, entry.action, entry.step).changes === 1;
  }

  sent(entry: OutboxEntry, now: Millis): void {
    this.#db.prepare("UPDATE outbox SET state = 'sent', sent_at = ?, mined_by = NULL WHERE action = ? AND step = ?").run(now, entry.action, entry.step);
  }

  /** @param result.by number of the transaction that the chain took */
  mined(entry: OutboxEntry, result: { readonly by: number; readonly block: bigint; readonly ok: boolean; readonly gasUsed: bigint; readonly state: Extract<OutboxState, 'mined' | 'final'> }): void {
    this.#db
      .prepare('UPDATE outbox SET state = ?, block = ?, ok = ?, gas_used = ?, mined_by = ? WHERE action = ? AND step = ?')
      .run(result.state, result.block, result.ok ? 1 : 0, result.gasUsed.toString(), result.by, entry.action, entry.step);
  }

  /** Ends this step and every later one of its action that cannot be public; their nonces are free again. */
  drop(entry: OutboxEntry, error: CodedError): void {
    inTransaction(this.#db, () => {
      this.#db.prepare("UPDATE outbox SET state = 'dropped' WHERE action = ? AND (step = ? OR (step > ? AND offered_block IS NULL)) AND state IN ('planned', 'signed', 'sent')").run(entry.action, entry.step, entry.step);
      this.#db.prepare('UPDATE action SET error_code = ?, error_message = ?, error_help = ?, error_meta = ? WHERE id = ?').run(error.code, error.message, error.help ?? null, JSON.stringify(error.meta), entry.action);
    });
  }

  /** Forgets an action of which nothing was signed. */
  withdraw({ action }: OutboxEntry): void {
    inTransaction(this.#db, () => {
      this.#db.prepare('DELETE FROM outbox WHERE action = ?').run(action); // nothing was signed, so nothing replaces it
      this.#db.prepare('DELETE FROM action WHERE id = ?').run(action);
    });
  }

  /** The entry of one of its transactions. */
  byHash(hash: Bytes): OutboxEntry | null {
    const text = hexOf(hash);
    return this.#entries('hash = ?1 OR (action, step) IN (SELECT action, step FROM attempt WHERE hash = ?1)', text)[0] ?? null;
  }

  action(id: string): ActionRecord | null {
    const row = this.#db.prepare('SELECT * FROM action WHERE id = ?').get(id);
    return row === undefined ? null : this.#record(row);
  }

  /** Newest first. */
  actions(limit: number): readonly ActionRecord[] {
    return this.#db.prepare('SELECT * FROM action ORDER BY created_at DESC, rowid DESC LIMIT ?').all(limit).map((row) => this.#record(row));
  }

  #entries(where: string, ...values: string[]): readonly OutboxEntry[] {
    return this.#db.prepare(`SELECT * FROM outbox WHERE ${where}`).all(...values).map((row) => this.#entry(row));
  }

  #entry(row: SqlRow): OutboxEntry {
    const [action, step] = [column.text(row, 'action'), column.integer(row, 'step')];
    const [hash, ok, gasUsed] = [column.textOrNull(row, 'hash'), column.integerOrNull(row, 'ok'), column.textOrNull(row, 'gas_used')];
    const blockOf = (name: string): bigint | null => {
      const number = column.integerOrNull(row, name);
      return number === null ? null : BigInt(number);
    };
    return {
      action,
      step,
      account: fromHex(column.text(row, 'account')),
      nonce: BigInt(column.integer(row, 'nonce')),
      call: callOf(row),
      authority: authorityOf(row),
      lastBlock: blockOf('last_block'),
      state: column.text(row, 'state') as OutboxState,
      raw: column.blobOrNull(row, 'raw'),
      hash: hash === null ? null : fromHex(hash),
      offeredBlock: blockOf('offered_block'),
      attempts: this.attempts.of(action, step),
      minedBy: column.integerOrNull(row, 'mined_by'),
      block: blockOf('block'),
      ok: ok === null ? null : ok === 1,
      gasUsed: gasUsed === null ? null : BigInt(gasUsed),
    };
  }

  #record(row: SqlRow): ActionRecord {
    const id = column.text(row, 'id');
    const subject = column.textOrNull(row, 'subject_kind');
    return {
      id,
      kind: column.text(row, 'kind'),
      title: column.text(row, 'title'),
      account: fromHex(column.text(row, 'account')),
      createdAt: millis(column.integer(row, 'created_at')),
      subject: subject === null ? null : { kind: subject as ActionSubject['kind'], id: column.text(row, 'subject_id') },
      error: errorOf(row),
      entries: this.#entries('action = ? ORDER BY step', id),
    };
  }
}

function nonceMoved(shown: bigint, next: bigint): CodedError {
  return new CodedError('SIMULATION_CHANGED', 'Another transaction of this account took the number in between; nothing was sent.', { help: 'Open it again to see how things stand.', meta: { reason: 'nonce', shown: shown.toString(), next: next.toString() } });
}

function errorOf(row: SqlRow): ErrorJson | null {
  const [code, help, meta] = [column.textOrNull(row, 'error_code'), column.textOrNull(row, 'error_help'), column.textOrNull(row, 'error_meta')];
  if (code === null) return null;
  return { code, message: column.text(row, 'error_message'), ...(help === null ? {} : { help }), ...(meta === null ? {} : { meta: JSON.parse(meta) as ErrorMeta }) };
}
