/**
 * What docs/protocol/03 §10 says of a transaction pool, written down as plainly as possible: lists that are searched and counted anew
 * for every question. Slow, and held against the real one.
 */
import { hexOf } from '../base/bytes.ts';
import type { PoolLimits } from '../chain/pool/limits.ts';
import { transactionHash, type Transaction } from '../primitives/transaction.ts';
import type { MovedHead } from './pool-head.ts';

export interface ModelEntry {
  readonly account: number;
  readonly tx: Transaction;
  readonly hash: string;
}

const HOUR = 3_600_000;
const LEAST_GAS = 21_000n;

export class PoolModel {
  readonly #head: MovedHead;
  readonly #defaults: PoolLimits;
  #floor: bigint;
  now: number;
  entries: ModelEntry[] = [];
  /** Of the accounts that have something, in the order in which they came. */
  #accounts: number[] = [];
  #locals: number[] = [];
  #heard = new Map<number, number>();
  #everPending: string[] = [];
  #journal: ModelEntry[] = [];
  #rewritten: number;
  /** Since the last question; in no order. */
  news: string[] = [];

  constructor(head: MovedHead, limits: PoolLimits, now: number) {
    this.#head = head;
    this.#defaults = limits;
    this.#floor = limits.priceFloor;
    this.now = now;
    this.#rewritten = now;
  }

  get accounts(): readonly number[] {
    return this.#accounts;
  }

  isLocal(account: number): boolean {
    return this.#locals.includes(account);
  }

  of(account: number): ModelEntry[] {
    return this.entries.filter((entry) => entry.account === account).sort((a, b) => (a.tx.nonce < b.tx.nonce ? -1 : 1));
  }

  pendingOf(account: number): ModelEntry[] {
    const all = this.of(account);
    const gap = all.findIndex(({ tx }, place) => tx.nonce !== this.#head.nonceOf(account) + BigInt(place));
    return gap < 0 ? all : all.slice(0, gap);
  }

  queuedOf(account: number): ModelEntry[] {
    return this.of(account).slice(this.pendingOf(account).length);
  }

  nextNonce(account: number): bigint {
    return this.#head.nonceOf(account) + BigInt(this.pendingOf(account).length);
  }

  /** @returns the code of the refusal, or null when it came in */
  add(account: number, tx: Transaction, isLocal: boolean): string | null {
    const { globalSlots, globalQueue } = this.#defaults;
    const entry = { account, tx, hash: hexOf(transactionHash(tx)) };
    const isExempt = isLocal || this.isLocal(account);
    if (this.entries.some(({ hash }) => hash === entry.hash)) return 'KNOWN_TRANSACTION';
    if (tx.gasLimit > this.#head.gasLimit) return 'EXCEEDS_BLOCK_GAS';
    if (!isExempt && tx.gasPrice < this.#floor) return 'UNDERPRICED';
    if (tx.nonce < this.#head.nonceOf(account)) return 'NONCE_TOO_LOW';
    if (costOf(tx) > this.#head.balanceOf(account)) return 'INSUFFICIENT_FUNDS';
    if (tx.gasLimit < LEAST_GAS) return 'INTRINSIC_GAS';
    const cheapest = this.#cheapest();
    const isFull = this.entries.length >= globalSlots + globalQueue;
    if (isFull && !isExempt && (cheapest[0] === undefined || tx.gasPrice <= cheapest[0].tx.gasPrice)) return 'UNDERPRICED';
    const replaced = this.of(account).find((other) => other.tx.nonce === tx.nonce);
    if (replaced !== undefined && (tx.gasPrice <= replaced.tx.gasPrice || tx.gasPrice < (replaced.tx.gasPrice * 110n) / 100n)) return 'REPLACEMENT_UNDERPRICED';

    const left = isFull ? cheapest.slice(0, this.entries.length - (globalSlots + globalQueue - 1)) : [];
    for (const victim of left) if (victim !== replaced) this.#remove(victim, `dropped ${victim.hash} full-pool`);
    this.#cutQueues();
    if (replaced !== undefined) this.#remove(replaced, `replaced ${replaced.hash} by ${entry.hash}`, entry);
    else this.entries = [...this.entries, entry];
    if (!this.#accounts.includes(account)) this.#accounts.push(account);
    if (isLocal && !this.isLocal(account)) this.#locals.push(account);
    this.#heard.set(account, this.now);
    if (isExempt) this.#journal.push(entry);
    this.news.push(`added ${entry.hash} ${this.pendingOf(account).includes(entry) ? 'pending' : 'queued'}`);
    this.#obeyLimits();
    return null;
  }

  /** Follows the head. */
  reset(): void {
    for (const entry of [...this.entries]) {
      const { account, tx, hash } = entry;
      if (tx.nonce < this.#head.nonceOf(account)) this.#remove(entry, this.#head.mined.has(hash) ? `mined ${hash}` : `dropped ${hash} nonce-used`);
      else if (costOf(tx) > this.#head.balanceOf(account)) this.#remove(entry, `dropped ${hash} unpayable`);
      else if (tx.gasLimit > this.#head.gasLimit) this.#remove(entry, `dropped ${hash} above-block-gas`);
    }
    this.#obeyLimits();
  }

  /** Whole minutes; lifetimes and journal are looked at when they are over. */
  pass(time: number): void {
    this.now += time;
    for (const account of [...this.#accounts]) {
      if (this.isLocal(account) || (this.#heard.get(account) ?? 0) + this.#defaults.lifetime >= this.now) continue;
      for (const entry of this.queuedOf(account)) this.#remove(entry, `dropped ${entry.hash} lifetime`);
    }
    if (this.now - this.#rewritten >= HOUR) this.#rewrite();
  }

  setPriceFloor(price: bigint): void {
    this.#floor = price;
    for (const entry of [...this.entries]) if (!this.isLocal(entry.account) && entry.tx.gasPrice < price) this.#remove(entry, `dropped ${entry.hash} below-floor`);
    this.#obeyLimits();
  }

  /** What a program that was killed and started again has. */
  reload(): void {
    const journal = this.#journal;
    this.entries = [];
    this.#accounts = [];
    this.#locals = [];
    this.#everPending = [];
    this.#floor = this.#defaults.priceFloor;
    for (const { account, tx } of journal) this.add(account, tx, true);
    this.#rewrite();
  }

  #rewrite(): void {
    this.#journal = this.#accounts.filter((account) => this.isLocal(account)).flatMap((account) => this.of(account));
    this.#rewritten = this.now;
  }

  #remove(entry: ModelEntry, news: string, by?: ModelEntry): void {
    this.entries = this.entries.flatMap((one) => (one !== entry ? [one] : by === undefined ? [] : [by]));
    this.#everPending = this.#everPending.filter((hash) => hash !== entry.hash);
    this.#accounts = this.#accounts.filter((account) => this.of(account).length > 0);
    this.news.push(news);
  }

  #obeyLimits(): void {
    const { accountSlots, globalSlots, globalQueue } = this.#defaults;
    const risen = this.entries.filter((entry) => this.pendingOf(entry.account).includes(entry) && !this.#everPending.includes(entry.hash));
    for (const { account, hash } of risen) {
      this.#heard.set(account, this.now);
      this.#everPending.push(hash);
    }
    this.#cutQueues();
    const count = (of: (account: number) => readonly unknown[]): number => this.#accounts.reduce((sum, account) => sum + of(account).length, 0);
    while (count((account) => this.pendingOf(account)) > globalSlots) {
      const greedy = this.#remoteBy((account) => this.pendingOf(account).length).filter((account) => this.pendingOf(account).length > accountSlots);
      const victim = greedy[0] === undefined ? undefined : this.pendingOf(greedy[0]).at(-1);
      if (victim === undefined) break;
      this.#remove(victim, `dropped ${victim.hash} pending-limit`);
    }
    while (count((account) => this.queuedOf(account)) > globalQueue) {
      const latest = this.#remoteBy((account) => this.#heard.get(account) ?? 0).filter((account) => this.queuedOf(account).length > 0);
      const victim = latest[0] === undefined ? undefined : this.queuedOf(latest[0]).at(-1);
      if (victim === undefined) break;
      this.#remove(victim, `dropped ${victim.hash} queue-limit`);
    }
    for (const entry of risen) if (this.entries.includes(entry)) this.news.push(`promoted ${entry.hash}`);
  }

  #cutQueues(): void {
    for (const account of this.#remoteBy(() => 0)) {
      for (const entry of this.queuedOf(account).slice(this.#defaults.accountQueue)) this.#remove(entry, `dropped ${entry.hash} queue-limit`);
    }
  }

  /** The highest first; of equal ones that which is longer in the pool. */
  #remoteBy(value: (account: number) => number): number[] {
    return this.#accounts.filter((account) => !this.isLocal(account)).sort((a, b) => value(b) - value(a));
  }

  #cheapest(): ModelEntry[] {
    const remote = this.#remoteBy(() => 0).flatMap((account) => this.of(account));
    return remote.sort(({ tx: a }, { tx: b }) => (a.gasPrice !== b.gasPrice ? Number(a.gasPrice - b.gasPrice) : Number(b.nonce - a.nonce)));
  }
}

function costOf(tx: Transaction): bigint {
  return tx.gasLimit * tx.gasPrice + tx.value;
}
