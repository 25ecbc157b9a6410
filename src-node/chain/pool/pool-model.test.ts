/** The pool does what its model does, whatever happens and in whichever order; also over restarts out of its journal. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { concat, EMPTY_BYTES, hexOf, type Bytes } from '../../base/bytes.ts';
import { ManualClock, millis } from '../../base/clock.ts';
import { CodedError, isCoded } from '../../base/errors.ts';
import type { FilePort } from '../../base/files.ts';
import { silentLogger } from '../../base/logger.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import { accountOf, addressOfAccount, MovedHead, POOL_CHAIN_ID, transactionOf } from '../../testing/pool-head.ts';
import { PoolModel, type ModelEntry } from '../../testing/pool-model.ts';
import { PoolJournal } from './journal.ts';
import { POOL_LIMITS } from './limits.ts';
import type { PooledTransaction } from './pooled-transaction.ts';
import { TransactionPool } from './transaction-pool.ts';

const LIMITS = { ...POOL_LIMITS, accountSlots: 2, globalSlots: 5, accountQueue: 3, globalQueue: 3 };
const ACCOUNTS = [0, 1, 2, 3, 4];
const MINUTE = 60_000;
const START = millis(1_600_000_000_000);

/** One file, in memory. */
class MemoryFile implements FilePort {
  #content: Bytes | null = null;

  read(): Promise<Bytes> {
    return this.#content === null ? Promise.reject(new CodedError('FILE_MISSING', 'No.')) : Promise.resolve(this.#content);
  }

  writeAtomic(_path: string, content: Bytes | string): Promise<void> {
    this.#content = typeof content === 'string' ? Buffer.from(content) : content;
    return Promise.resolve();
  }

  openAppend(_path: string, length: number): ReturnType<FilePort['openAppend']> {
    const begin = (this.#content ?? EMPTY_BYTES).subarray(0, length);
    let content = begin;
    const append = (more: Bytes): Promise<void> => {
      content = concat(content, more);
      this.#content = content;
      return Promise.resolve();
    };
    return Promise.resolve({ get length() { return content.length; }, append, close: () => Promise.resolve() });
  }

  rename(): Promise<void> {
    return Promise.reject(new CodedError('FILE_ERROR', 'Nothing is damaged here.'));
  }

  exists(): Promise<boolean> {
    return Promise.resolve(this.#content !== null);
  }
}

/** Kinds of news and refusals that were met, so that no rule is left out by chance. */
const met = new Set<string>();

/** The pool and its model, to which the same happens. */
class Pair {
  readonly head = new MovedHead();
  readonly #clock = new ManualClock(START);
  readonly #files = new MemoryFile();
  readonly model = new PoolModel(this.head, LIMITS, START);
  readonly #seen = new Set<string>();
  #news: string[] = [];
  #abort = new AbortController();
  #pool = this.#start();

  #start(): TransactionPool {
    const journal = new PoolJournal({ path: 'journal' }, { files: this.#files, clock: this.#clock, logger: silentLogger });
    const pool = new TransactionPool({ chainId: POOL_CHAIN_ID, limits: LIMITS }, { head: this.head, clock: this.#clock, logger: silentLogger, journal });
    const news = this.#news;
    pool.events.on('added', ({ pooled, isPending }) => news.push(`added ${hexOf(pooled.hash)} ${isPending ? 'pending' : 'queued'}`));
    pool.events.on('promoted', ({ hash }) => news.push(`promoted ${hexOf(hash)}`));
    pool.events.on('replaced', ({ pooled, by }) => news.push(`replaced ${hexOf(pooled.hash)} by ${hexOf(by.hash)}`));
    pool.events.on('dropped', ({ pooled, reason }) => news.push(`dropped ${hexOf(pooled.hash)} ${reason}`));
    pool.events.on('mined', ({ hash }) => news.push(`mined ${hexOf(hash)}`));
    return pool;
  }

  async open(): Promise<void> {
    await this.#pool.restore();
    void this.#pool.run(this.#abort.signal);
  }

  async add(account: number, tx: Transaction, isLocal: boolean): Promise<void> {
    let refusal: string | null = null;
    try {
      if (isLocal) await this.#pool.addLocal(tx);
      else this.#pool.addRemote(tx);
    } catch (error) {
      if (!isCoded(error)) throw error;
      refusal = error.code;
    }
    expect(refusal).toBe(this.model.add(account, tx, isLocal));
    if (refusal !== null) met.add(refusal);
  }

  reset(): void {
    this.#pool.reset();
    this.model.reset();
  }

  setPriceFloor(price: bigint): void {
    this.#pool.setPriceFloor(price);
    this.model.setPriceFloor(price);
  }

  async pass(minutes: number): Promise<void> {
    this.#clock.advance(millis(minutes * MINUTE));
    await new Promise(setImmediate);
    this.model.pass(minutes * MINUTE);
  }

  async kill(): Promise<void> {
    await new Promise(setImmediate); // what came from elsewhere for an account of this node is written meanwhile
    this.close();
    this.#abort = new AbortController();
    this.#pool = this.#start();
    await this.open();
    this.model.reload();
  }

  close(): void {
    this.#abort.abort();
  }

  check(): void {
    const names = (list: readonly ModelEntry[]): string[] => list.map(({ hash }) => hash);
    const hashes = (list: readonly PooledTransaction[]): string[] => list.map(({ hash }) => hexOf(hash));
    const pool = this.#pool;
    const { model } = this;
    for (const piece of this.#news) met.add(kindOf(piece));
    expect(this.#news.splice(0).sort()).toEqual(model.news.splice(0).sort());
    const held = [...pool.accounts()].map((account) => ({ account: accountOf(account.sender), isLocal: account.isLocal, pending: hashes(account.pending), queued: hashes(account.queued), counts: [account.pendingCount, account.queuedCount, account.size] }));
    const expected = model.accounts.map((account) => {
      const [pending, queued] = [names(model.pendingOf(account)), names(model.queuedOf(account))];
      return { account, isLocal: model.isLocal(account), pending, queued, counts: [pending.length, queued.length, pending.length + queued.length] };
    });
    expect(held).toEqual(expected);
    expect(pool.pending().map(hashes)).toEqual(expected.map(({ pending }) => pending));
    expect(ACCOUNTS.map((account) => pool.nextNonce(addressOfAccount(account)))).toEqual(ACCOUNTS.map((account) => model.nextNonce(account)));
    for (const { hash } of model.entries) this.#seen.add(hash);
    expect([...this.#seen].filter((hash) => pool.get(Buffer.from(hash, 'hex')) !== undefined).sort()).toEqual(names(model.entries).sort());
    this.#checkLimits(held);
  }

  /** Said once more without the model. */
  #checkLimits(held: readonly { readonly isLocal: boolean; readonly pending: readonly string[]; readonly queued: readonly string[] }[]): void {
    const remote = held.filter(({ isLocal }) => !isLocal);
    const sum = (of: (one: (typeof held)[number]) => readonly string[]): number => held.reduce((total, one) => total + of(one).length, 0);
    for (const { queued } of remote) expect(queued.length).toBeLessThanOrEqual(LIMITS.accountQueue);
    if (sum(({ pending }) => pending) > LIMITS.globalSlots) for (const { pending } of remote) expect(pending.length).toBeLessThanOrEqual(LIMITS.accountSlots);
    if (sum(({ queued }) => queued) > LIMITS.globalQueue) for (const { queued } of remote) expect(queued).toEqual([]);
  }
}

/** Without the hashes. */
function kindOf(news: string): string {
  return news.replaceAll(/ (by )?[0-9a-f]{64}/g, '');
}

type Step = (pair: Pair) => Promise<void> | void;

const account = fc.constantFrom(...ACCOUNTS);
const isLocal = fc.nat(3).map((n) => n === 0);
const gasLimit = fc.constantFrom(20_999n, 21_000n, 21_000n, 21_000n, 21_000n, 50_000n, 2_000_000n);

const add = fc.record({ account, isLocal, gasLimit, ahead: fc.integer({ min: -1, max: 6 }), gasPrice: fc.bigInt({ min: 1n, max: 40n }), value: fc.constantFrom(1n, 1n, 1n, 10n ** 6n) }).map(
  ({ account, isLocal, ahead, ...fields }): Step => async (pair) => {
    const nonce = pair.head.nonceOf(account) + BigInt(ahead);
    await pair.add(account, transactionOf(account, { ...fields, nonce: nonce < 0n ? 0n : nonce }), isLocal);
  },
);

/** The next one of an account. */
const follow = fc.record({ account, isLocal, gasPrice: fc.bigInt({ min: 1n, max: 40n }) }).map(
  ({ account, isLocal, gasPrice }): Step => (pair) => pair.add(account, transactionOf(account, { gasPrice, nonce: pair.model.nextNonce(account) }), isLocal),
);

/** Another one for the same nonce, or the same again. */
const replace = fc.record({ pick: fc.nat(), isLocal, percent: fc.constantFrom(0n, 5n, 9n, 10n, 50n), more: fc.constantFrom(0n, 1n) }).map(
  ({ pick, isLocal, percent, more }): Step => async (pair) => {
    const entry = pair.model.entries[pick % Math.max(1, pair.model.entries.length)];
    if (entry === undefined) return;
    const { account, tx } = entry;
    await pair.add(account, transactionOf(account, { nonce: tx.nonce, gasPrice: (tx.gasPrice * (100n + percent)) / 100n + more }), isLocal);
  },
);

/** A block takes the first of some accounts' pending ones; one account's numbers up to its queued ones may be used by transactions from elsewhere. */
const mine = fc.record({ counts: fc.array(fc.nat(3), { minLength: 5, maxLength: 5 }), elsewhere: fc.option(account) }).map(
  ({ counts, elsewhere }): Step => (pair) => {
    const { head, model } = pair;
    const taken = ACCOUNTS.flatMap((account) => model.pendingOf(account).slice(0, account === elsewhere ? 0 : counts[account]));
    for (const { account, hash } of taken) {
      head.mined.add(hash);
      head.nonces.set(account, head.nonceOf(account) + 1n);
    }
    if (elsewhere !== null) head.nonces.set(elsewhere, model.queuedOf(elsewhere)[0]?.tx.nonce ?? head.nonceOf(elsewhere) + 1n);
    pair.reset();
  },
);

const pay = fc.record({ account, balance: fc.constantFrom(0n, 21_000n * 15n + 1n, 21_000n * 30n + 1n, 10n ** 9n) }).map(
  ({ account, balance }): Step => (pair) => {
    pair.head.balances.set(account, balance);
    pair.reset();
  },
);

const limitGas = fc.constantFrom(21_000n, 49_999n, 10_000_000n, 10_000_000n).map(
  (gasLimit): Step => (pair) => {
    pair.head.gasLimit = gasLimit;
    pair.reset();
  },
);

const pass = fc.constantFrom(1, 1, 1, 59, 60, 100, 179, 180, 181).map((minutes): Step => (pair) => pair.pass(minutes));
const setFloor = fc.constantFrom(1n, 10n, 20n).map((price): Step => (pair) => pair.setPriceFloor(price));
const kill = fc.constant<Step>((pair) => pair.kill());

const steps = fc.array(
  fc.oneof({ weight: 10, arbitrary: add }, { weight: 8, arbitrary: follow }, { weight: 5, arbitrary: replace }, { weight: 3, arbitrary: mine }, { weight: 2, arbitrary: pay }, { weight: 1, arbitrary: limitGas }, { weight: 4, arbitrary: pass }, { weight: 3, arbitrary: setFloor }, { weight: 1, arbitrary: kill }),
  { minLength: 20, maxLength: 60 },
);

const sent = (account: number, nonce: bigint, gasPrice: bigint): Step => (pair) => pair.add(account, transactionOf(account, { nonce, gasPrice }), false);
const elsewhere = (account: number, nonce: bigint): Step => (pair) => {
  pair.head.nonces.set(account, nonce);
  pair.reset();
};
/** What chance seldom makes: a queue that lives because one of it rose, a price floor that sends more back to the queue than it holds, a greedy account. */
const RARE: readonly (readonly Step[])[] = [
  [sent(1, 1n, 10n), sent(1, 7n, 10n), (pair) => pair.pass(100), elsewhere(1, 1n), (pair) => pair.pass(100), (pair) => pair.pass(81)],
  [sent(2, 5n, 40n), ...[5n, 40n, 40n].map((price, nonce) => sent(0, BigInt(nonce), price)), ...[5n, 40n].map((price, nonce) => sent(1, BigInt(nonce), price)), (pair) => pair.setPriceFloor(10n)],
  [sent(1, 0n, 1n), ...[0n, 1n, 2n, 3n, 4n, 5n].map((nonce) => sent(0, nonce, 10n))],
];

it('does what its model does', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const pair = new Pair();
      await pair.open();
      try {
        for (const step of list) {
          await step(pair);
          pair.check();
        }
      } finally {
        pair.close();
      }
    }),
    { numRuns: 150, examples: RARE.map((list) => [[...list]]) },
  );
  const drops = ['nonce-used', 'unpayable', 'above-block-gas', 'lifetime', 'below-floor', 'full-pool', 'pending-limit', 'queue-limit'].map((reason) => `dropped ${reason}`);
  const refusals = ['KNOWN_TRANSACTION', 'EXCEEDS_BLOCK_GAS', 'UNDERPRICED', 'NONCE_TOO_LOW', 'INSUFFICIENT_FUNDS', 'INTRINSIC_GAS', 'REPLACEMENT_UNDERPRICED'];
  expect([...met].sort()).toEqual(['added pending', 'added queued', 'promoted', 'replaced', 'mined', ...drops, ...refusals].sort());
});
