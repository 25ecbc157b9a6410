/** Movements of the wallet's accounts, read block by block. Follows the head, resumes after a stop, and rolls back what was replaced. */
import type { DatabaseSync } from 'node:sqlite';
import { equal, fromHex, hexOf, type Bytes } from '../base/bytes.ts';
import { millis, type Millis } from '../base/clock.ts';
import { isCoded } from '../base/errors.ts';
import type { BlockInfo, ChainReader, TransactionInfo } from '../chain/reader.ts';
import { column, inTransaction, type SqlRow } from '../db/sqlite.ts';

export interface Movement {
  readonly hash: Bytes;
  readonly account: Bytes;
  /** `credit`: contracts paid the account in this block, and not by one call of its own; `hash` is then the block's. */
  readonly kind: 'in' | 'out' | 'self' | 'call' | 'deploy' | 'credit';
  /** Contract and first four bytes of the call. */
  readonly target: Bytes | null;
  readonly selector: Bytes | null;
  readonly counterparty: Bytes | null;
  /** Negative leaves the account; the fee is not part of it. */
  readonly amount: bigint;
  readonly fee: bigint | null;
  readonly ok: boolean;
  readonly block: bigint;
  readonly position: number;
  readonly at: Millis;
  readonly nonce: bigint;
}

export interface HistoryOptions {
  /** First block to read: 0 on a network of our own, the wallet's first day on one with a long past. */
  readonly firstBlock: bigint;
}

export class History {
  readonly #db: DatabaseSync;
  readonly #reader: ChainReader;
  readonly #options: HistoryOptions;
  readonly #accounts: () => readonly Bytes[];

  constructor(options: HistoryOptions, modules: { readonly db: DatabaseSync; readonly reader: ChainReader; readonly accounts: () => readonly Bytes[] }) {
    this.#options = options;
    this.#db = modules.db;
    this.#reader = modules.reader;
    this.#accounts = modules.accounts;
  }

  /** Reads up to the head. @returns true when anything was added or taken back */
  async follow(signal: AbortSignal): Promise<boolean> {
    let changed = false;
    const head = this.#reader.head();
    if (head === null) return false;
    let next = await this.#rollBack();
    for (; next <= head.number && !signal.aborted; next += 1n) {
      const block = await this.#reader.block(next);
      if (block === null) break;
      changed = (await this.#read(block)) || changed;
    }
    return changed;
  }

  /** Starts over: an account was added whose past was not looked at. Where no past is read, what was written down could not be read again. */
  reset(): void {
    if (this.#options.firstBlock > 0n) return;
    inTransaction(this.#db, () => this.#db.exec('DELETE FROM movement; DELETE FROM scanned'));
  }

  /** Newest first; `before` is the hash of the last one shown. */
  movements(account: Bytes | null, before: Bytes | null, limit: number): readonly Movement[] {
    const cursor = before === null ? undefined : this.#db.prepare('SELECT block, position FROM movement WHERE hash = ? LIMIT 1').get(hexOf(before));
    const [block, position] = cursor === undefined ? [Number.MAX_SAFE_INTEGER, 0] : [column.integer(cursor, 'block'), column.integer(cursor, 'position')];
    return this.#db
      .prepare('SELECT * FROM movement WHERE (?1 IS NULL OR account = ?1) AND (block < ?2 OR (block = ?2 AND position < ?3)) ORDER BY block DESC, position DESC LIMIT ?4')
      .all(account === null ? null : hexOf(account), block, position, limit)
      .map(movementOf);
  }

  /** Takes back blocks that the chain no longer has. @returns the next block to read */
  async #rollBack(): Promise<bigint> {
    for (;;) {
      const last = this.#db.prepare('SELECT number, hash FROM scanned ORDER BY number DESC LIMIT 1').get();
      if (last === undefined) return this.#options.firstBlock;
      const number = column.integer(last, 'number');
      const block = await this.#reader.block(BigInt(number));
      if (block !== null && hexOf(block.hash) === column.text(last, 'hash')) return BigInt(number) + 1n;
      inTransaction(this.#db, () => {
        this.#db.prepare('DELETE FROM movement WHERE block >= ?').run(number);
        this.#db.prepare('DELETE FROM scanned WHERE number >= ?').run(number);
      });
    }
  }

  async #read(block: BlockInfo): Promise<boolean> {
    const mine = new Set(this.#accounts().map(hexOf));
    const found: Movement[] = [];
    for (const [position, transaction] of block.transactions.entries()) {
      const [from, to] = [hexOf(transaction.from), transaction.to === null ? null : hexOf(transaction.to)];
      if (!mine.has(from) && (to === null || !mine.has(to))) continue;
      const receipt = await this.#reader.receipt(transaction.hash);
      const ok = receipt?.ok ?? false;
      const place = { ok, block: block.number, position, at: block.timeMillis, nonce: transaction.nonce };
      if (mine.has(from)) found.push({ ...sentBy(transaction, to, ok), ...place, fee: receipt === null ? null : receipt.gasUsed * transaction.gasPrice });
      if (to !== null && mine.has(to) && to !== from && transaction.value > 0n && ok) {
        found.push({ hash: transaction.hash, account: fromHex(to), kind: 'in', target: null, selector: null, counterparty: transaction.from, amount: transaction.value, fee: null, ...place });
      }
    }
    const movements = block.transactions.length === 0 ? found : await this.#withCredits(block, found);
    inTransaction(this.#db, () => {
      for (const movement of movements) this.#insert(movement);
      this.#db.prepare('INSERT OR REPLACE INTO scanned (number, hash) VALUES (?, ?)').run(block.number, hexOf(block.hash));
      this.#db.prepare('DELETE FROM scanned WHERE number < ?').run(block.number - 256n);
    });
    return movements.length > 0;
  }

  /**
   * What contracts paid out inside of calls stands in no transaction: it is what the balances moved by beside the transactions.
   * It belongs to the account's call of this block, or, where there is not exactly one, stands for itself.
   */
  async #withCredits(block: BlockInfo, found: readonly Movement[]): Promise<readonly Movement[]> {
    const movements = [...found];
    for (const account of this.#accounts()) {
      const own = found.filter((movement) => equal(movement.account, account));
      const credit = await this.#movedBeside(block.number, account, own);
      if (credit <= 0n) continue;
      const calls = own.filter(({ kind, ok }) => kind === 'call' && ok);
      const [call] = calls;
      if (call !== undefined && calls.length === 1) movements[movements.indexOf(call)] = { ...call, amount: call.amount + credit };
      else movements.push({ hash: block.hash, account, kind: 'credit', target: null, selector: null, counterparty: null, amount: credit, fee: null, ok: true, block: block.number, position: block.transactions.length, at: block.timeMillis, nonce: 0n });
    }
    return movements;
  }

  /** 0 where the node does not know the balance of that time any more. */
  async #movedBeside(number: bigint, account: Bytes, own: readonly Movement[]): Promise<bigint> {
    try {
      const [after, before] = await Promise.all([this.#reader.balanceOf(account, number), number === 0n ? 0n : this.#reader.balanceOf(account, number - 1n)]);
      return after - before - own.reduce((sum, { amount, fee }) => sum + amount - (fee ?? 0n), 0n);
    } catch (error) {
      if (isCoded(error, 'STATE_UNKNOWN')) return 0n;
      throw error;
    }
  }

  #insert(movement: Movement): void {
    const hex = (bytes: Bytes | null): string | null => (bytes === null ? null : hexOf(bytes));
    this.#db
      .prepare('INSERT OR REPLACE INTO movement (hash, account, kind, selector, target, counterparty, amount, fee, ok, block, position, at, nonce) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(hexOf(movement.hash), hexOf(movement.account), movement.kind, hex(movement.selector), hex(movement.target), hex(movement.counterparty), movement.amount.toString(), movement.fee?.toString() ?? null, movement.ok ? 1 : 0, movement.block, movement.position, movement.at, movement.nonce);
  }
}

/** A refused transaction moves nothing but its fee. */
function sentBy(transaction: TransactionInfo, to: string | null, ok: boolean): Pick<Movement, 'hash' | 'account' | 'kind' | 'target' | 'selector' | 'counterparty' | 'amount'> {
  const isCall = transaction.to !== null && transaction.input.length >= 4;
  const kind = to === null ? 'deploy' : isCall ? 'call' : to === hexOf(transaction.from) ? 'self' : 'out';
  return {
    hash: transaction.hash,
    account: transaction.from,
    kind,
    target: isCall ? transaction.to : null,
    selector: isCall ? transaction.input.subarray(0, 4) : null,
    counterparty: transaction.to,
    amount: kind === 'self' || !ok ? 0n : -transaction.value,
  };
}

function movementOf(row: SqlRow): Movement {
  const bytes = (name: string): Bytes | null => {
    const text = column.textOrNull(row, name);
    return text === null ? null : fromHex(text);
  };
  const fee = column.textOrNull(row, 'fee');
  return {
    hash: fromHex(column.text(row, 'hash')),
    account: fromHex(column.text(row, 'account')),
    kind: column.text(row, 'kind') as Movement['kind'],
    target: bytes('target'),
    selector: bytes('selector'),
    counterparty: bytes('counterparty'),
    amount: BigInt(column.text(row, 'amount')),
    fee: fee === null ? null : BigInt(fee),
    ok: column.integer(row, 'ok') === 1,
    block: BigInt(column.integer(row, 'block')),
    position: column.integer(row, 'position'),
    at: millis(column.integer(row, 'at')),
    nonce: BigInt(column.integer(row, 'nonce')),
  };
}
