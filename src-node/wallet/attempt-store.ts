/** Rows of the transactions that replace others. Every change is on disk when the call returns. */
import type { DatabaseSync } from 'node:sqlite';
import { fromHex, hexOf, type Bytes } from '../base/bytes.ts';
import type { CodedError, ErrorJson } from '../base/errors.ts';
import { column, inTransaction, type SqlRow } from '../db/sqlite.ts';
import type { Attempt, OutboxEntry, PlannedCall, ReplacementPurpose, SigningAuthority } from './action.ts';
import { authorityOf, callColumns, callOf } from './outbox-columns.ts';

/** What takes the place of steps of one action that are sent and not mined. */
export interface Replacement {
  /** The idempotency key. */
  readonly id: string;
  readonly action: string;
  readonly purpose: ReplacementPurpose;
  readonly steps: readonly { readonly step: number; readonly call: PlannedCall }[];
  readonly authority: SigningAuthority;
}

export class AttemptStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** The action that this replacement belongs to, or null when it is not written down. */
  actionOf(replacement: string): string | null {
    const row = this.#db.prepare('SELECT action FROM attempt WHERE replacement = ? LIMIT 1').get(replacement);
    return row === undefined ? null : column.text(row, 'action');
  }

  /**
   * Writes all of it or nothing; a cancellation also ends the steps that have not left yet.
   * @returns false when one of its steps is not waiting for a block any more
   */
  add({ id, action, purpose, steps, authority }: Replacement): boolean {
    return inTransaction(this.#db, () => {
      const waits = this.#db.prepare("SELECT 1 FROM outbox WHERE action = ? AND step = ? AND state IN ('signed', 'sent') AND offered_block IS NOT NULL");
      if (!steps.every(({ step }) => waits.get(action, step) !== undefined)) return false;
      for (const { step, call } of steps) {
        this.#db
          .prepare("INSERT INTO attempt (action, step, number, replacement, purpose, target, value, payload, gas_limit, gas_price, authority, state) VALUES (?, ?, 1 + (SELECT count(*) FROM attempt WHERE action = ? AND step = ?), ?, ?, ?, ?, ?, ?, ?, ?, 'planned')")
          .run(action, step, action, step, id, purpose, ...callColumns(call), JSON.stringify(authority));
      }
      if (purpose === 'cancel') this.#db.prepare("UPDATE outbox SET state = 'dropped' WHERE action = ? AND state IN ('planned', 'signed') AND offered_block IS NULL").run(action);
      return true;
    });
  }

  signed({ action, step }: OutboxEntry, number: number, raw: Bytes, hash: Bytes): void {
    this.#set("raw = ?, hash = ?, state = 'signed'", action, step, number, raw, hexOf(hash));
  }

  /** From here on it may be public. */
  offered({ action, step }: OutboxEntry, number: number, head: bigint): void {
    this.#set('offered_block = coalesce(offered_block, ?)', action, step, number, head);
  }

  sent({ action, step }: OutboxEntry, number: number): void {
    this.#set("state = 'sent'", action, step, number);
  }

  /** The one before it counts again. */
  refused({ action, step }: OutboxEntry, number: number, head: bigint, error: CodedError): void {
    this.#set("state = 'refused', offered_block = coalesce(offered_block, ?), refusal = ?", action, step, number, head, JSON.stringify(error.toJSON()));
  }

  /** Tries a refused one again that was never signed, or at the price that it had. */
  replan({ action, step }: OutboxEntry, number: number, gasPrice: bigint): void {
    this.#set("state = 'planned', gas_price = ?, raw = NULL, hash = NULL, offered_block = NULL, refusal = NULL", action, step, number, gasPrice.toString());
  }

  of(action: string, step: number): readonly Attempt[] {
    return this.#db.prepare('SELECT * FROM attempt WHERE action = ? AND step = ? ORDER BY number').all(action, step).map(attemptOf);
  }

  #set(change: string, action: string, step: number, number: number, ...values: (string | bigint | Uint8Array)[]): void {
    this.#db.prepare(`UPDATE attempt SET ${change} WHERE action = ? AND step = ? AND number = ?`).run(...values, action, step, number);
  }
}

function attemptOf(row: SqlRow): Attempt {
  const [hash, offered, refusal] = [column.textOrNull(row, 'hash'), column.integerOrNull(row, 'offered_block'), column.textOrNull(row, 'refusal')];
  return {
    number: column.integer(row, 'number'),
    purpose: column.text(row, 'purpose') as ReplacementPurpose,
    call: callOf(row),
    authority: authorityOf(row),
    state: column.text(row, 'state') as Attempt['state'],
    raw: column.blobOrNull(row, 'raw'),
    hash: hash === null ? null : fromHex(hash),
    offeredBlock: offered === null ? null : BigInt(offered),
    refusal: refusal === null ? null : (JSON.parse(refusal) as ErrorJson),
  };
}
