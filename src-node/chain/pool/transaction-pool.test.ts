import { describe, expect, it } from 'vitest';
import { hexOf } from '../../base/bytes.ts';
import { ManualClock, millis } from '../../base/clock.ts';
import { silentLogger } from '../../base/logger.ts';
import { transactionHash, type Transaction } from '../../primitives/transaction.ts';
import { accountOf, addressOfAccount, MovedHead, POOL_CHAIN_ID, transactionOf as transaction } from '../../testing/pool-head.ts';
import { TransactionQueue } from '../build/transaction-queue.ts';
import type { PoolLimits } from './limits.ts';
import type { PooledTransaction } from './pooled-transaction.ts';
import { TransactionPool } from './transaction-pool.ts';

function setUp(limits: Partial<PoolLimits> = {}) {
  const head = new MovedHead();
  const clock = new ManualClock(millis(1_600_000_000_000));
  const pool = new TransactionPool({ chainId: POOL_CHAIN_ID, limits }, { head, clock, logger: silentLogger });
  const announced: string[] = [];
  pool.events.on('promoted', ({ hash }) => announced.push(hexOf(hash)));
  return { head, clock, pool, announced };
}

/** What a block builder takes, as account/nonce. */
function order(pool: TransactionPool): string[] {
  const taken: string[] = [];
  const queue = new TransactionQueue(pool.pending());
  for (let next = queue.next; next !== undefined; next = queue.next) {
    taken.push(`${accountOf(next.sender)}/${next.transaction.nonce}`);
    queue.take();
  }
  return taken;
}

/** Everything that the pool tells from now on, as account/nonce. */
function newsOf(pool: TransactionPool): string[] {
  const news: string[] = [];
  const name = ({ sender, transaction: { nonce } }: PooledTransaction): string => `${accountOf(sender)}/${nonce}`;
  pool.events.on('added', ({ pooled, isPending }) => news.push(`added ${name(pooled)} ${isPending ? 'pending' : 'queued'}`));
  pool.events.on('promoted', (pooled) => news.push(`promoted ${name(pooled)}`));
  pool.events.on('replaced', ({ pooled, by }) => news.push(`replaced ${name(pooled)} by ${by.transaction.gasPrice}`));
  pool.events.on('dropped', ({ pooled, reason }) => news.push(`dropped ${name(pooled)} ${reason}`));
  pool.events.on('mined', (pooled) => news.push(`mined ${name(pooled)}`));
  return news;
}

describe('admission', () => {
  const cases: readonly (readonly [string, string, Transaction])[] = [
    ['UNSUPPORTED_TYPE', 'not supported transaction type', transaction(0, { type: 1n })],
    ['OVERSIZED', 'oversized data', transaction(0, { payload: new Uint8Array(32_768) })],
    ['EXCEEDS_BLOCK_GAS', 'exceeds block gas limit', transaction(0, { gasLimit: 10_000_001n })],
    ['INVALID_SENDER', 'invalid sender', { ...transaction(0), s: 0n }],
    ['INVALID_SENDER', 'invalid sender', { ...transaction(0), v: 37n }],
    ['UNDERPRICED', 'transaction underpriced', transaction(0, { gasPrice: 4n })],
    ['NONCE_TOO_LOW', 'nonce too low', transaction(1)],
    ['INSUFFICIENT_FUNDS', 'insufficient funds for gas * price + value', transaction(0, { value: 10n ** 9n })],
    ['INTRINSIC_GAS', 'intrinsic gas too low', transaction(0, { payload: Uint8Array.of(1) })],
  ];

  it.each(cases)('%s', (code, message, tx) => {
    const { head, pool } = setUp({ priceFloor: 5n });
    head.nonces.set(1, 3n);
    pool.reset();
    expect(() => pool.addRemote(tx)).toThrow(expect.objectContaining({ code, message }) as Error);
    expect(order(pool)).toEqual([]);
  });

  it('names a transaction that it has', () => {
    const { pool } = setUp();
    const hash = pool.addRemote(transaction(0));
    expect(() => pool.addRemote(transaction(0))).toThrow(`known transaction: ${hexOf(hash)}`);
  });

  it('takes transactions of this node at any price, and from then on those of their account', async () => {
    const { pool } = setUp({ priceFloor: 5n });
    await pool.addLocal(transaction(0, { gasPrice: 0n }));
    pool.addRemote(transaction(0, { gasPrice: 0n, nonce: 1n }));
    expect(order(pool)).toEqual(['0/0', '0/1']);
  });

  it('replaces for a price 10 % higher only', () => {
    const { pool, announced } = setUp();
    pool.addRemote(transaction(0, { gasPrice: 10n }));
    expect(() => pool.addRemote(transaction(0, { gasPrice: 10n, value: 2n }))).toThrow('replacement transaction underpriced');
    const small = transaction(1, { gasPrice: 9n });
    pool.addRemote(small);
    expect(() => pool.addRemote(transaction(1, { gasPrice: 9n, value: 2n }))).toThrow('replacement transaction underpriced');
    const better = transaction(1, { gasPrice: 10n, value: 2n }); // floor(9 · 1.1) = 9
    pool.addRemote(better);
    expect(pool.get(transactionHash(small))).toBeUndefined();
    expect(pool.pending().flat().map(({ transaction: { value } }) => value)).toEqual([1n, 2n]);
    expect(announced).toContain(hexOf(transactionHash(better)));
  });
});

describe('order', () => {
  it('offers the dearest first, within an account by nonce', () => {
    const { pool } = setUp();
    pool.addRemote(transaction(0, { gasPrice: 1n }));
    pool.addRemote(transaction(0, { gasPrice: 100n, nonce: 1n }));
    pool.addRemote(transaction(1, { gasPrice: 50n }));
    pool.addRemote(transaction(2, { gasPrice: 40n }));
    pool.addRemote(transaction(1, { gasPrice: 2n, nonce: 1n }));
    expect(order(pool)).toEqual(['1/0', '2/0', '1/1', '0/0', '0/1']);
  });

  it('queues behind a gap and announces each once when the gap closes', () => {
    const { pool, announced } = setUp();
    pool.addRemote(transaction(0, { nonce: 2n }));
    pool.addRemote(transaction(0, { nonce: 1n }));
    expect([order(pool), announced, pool.nextNonce(addressOfAccount(0))]).toEqual([[], [], 0n]);
    pool.addRemote(transaction(0));
    expect(order(pool)).toEqual(['0/0', '0/1', '0/2']);
    expect(announced).toHaveLength(3);
    expect(pool.nextNonce(addressOfAccount(0))).toBe(3n);
    pool.reset();
    expect(announced).toHaveLength(3);
  });
});

describe('a new head', () => {
  it('takes away what is in a block and what cannot be paid any more', () => {
    const { head, pool } = setUp();
    for (const nonce of [0n, 1n, 2n, 3n]) pool.addRemote(transaction(0, { nonce, value: nonce === 2n ? 5000n : 1n }));
    pool.addRemote(transaction(1, { gasLimit: 5_000_000n }));
    head.nonces.set(0, 1n);
    head.balances.set(0, 21_000n * 10n + 4999n);
    head.gasLimit = 4_999_999n;
    pool.reset();
    expect(order(pool)).toEqual(['0/1']); // 0/2 is unpayable, 0/3 waits behind it
    expect([...pool.accounts()].map(({ queuedCount }) => queuedCount)).toEqual([1]);
    expect(pool.nextNonce(addressOfAccount(0))).toBe(2n);
  });
});

describe('lifetimes', () => {
  const HOURS_3 = 3 * 3_600_000;

  /** Moves the clock and lets what waits for it run. */
  const pass = async (clock: ManualClock, time: number): Promise<void> => {
    clock.advance(millis(time));
    await Promise.resolve();
    await Promise.resolve();
  };

  it('ends the queue of a remote account that was silent for three hours, without any block', async () => {
    const { clock, pool } = setUp();
    const abort = new AbortController();
    const news = newsOf(pool);
    const running = pool.run(abort.signal);
    pool.addRemote(transaction(0));
    pool.addRemote(transaction(0, { nonce: 5n }));
    await pool.addLocal(transaction(1, { nonce: 5n }));
    await pass(clock, HOURS_3);
    pool.reset();
    expect(news).not.toContain('dropped 0/5 lifetime');
    await pass(clock, 59_999);
    expect(news).not.toContain('dropped 0/5 lifetime'); // the next look is due after a minute
    await pass(clock, 1);
    expect(news.filter((one) => one.startsWith('dropped'))).toEqual(['dropped 0/5 lifetime']);
    expect(order(pool)).toEqual(['0/0']);
    abort.abort();
    await running;
  });

  it('counts from the last arrival, and from the last one that became pending', async () => {
    const { clock, head, pool } = setUp();
    const abort = new AbortController();
    const running = pool.run(abort.signal);
    pool.addRemote(transaction(0, { nonce: 5n }));
    pool.addRemote(transaction(1, { nonce: 1n }));
    pool.addRemote(transaction(1, { nonce: 7n }));
    await pass(clock, HOURS_3 - 60_000);
    pool.addRemote(transaction(0, { nonce: 6n }));
    head.nonces.set(1, 1n); // by another node's transaction
    pool.reset();
    await pass(clock, HOURS_3);
    expect([...pool.accounts()].map(({ size }) => size)).toEqual([2, 2]);
    await pass(clock, 60_000);
    expect([...pool.accounts()].map(({ sender, size }) => [accountOf(sender), size])).toEqual([[1, 1]]);
    abort.abort();
    await running;
  });
});

describe('limits', () => {
  it('makes room in a full pool for dearer ones only', async () => {
    const { pool } = setUp({ globalSlots: 2, globalQueue: 2 });
    await pool.addLocal(transaction(0, { gasPrice: 1n }));
    for (const account of [1, 2, 3]) pool.addRemote(transaction(account, { gasPrice: BigInt(account * 10) }));
    expect(() => pool.addRemote(transaction(4, { gasPrice: 10n }))).toThrow('transaction underpriced');
    pool.addRemote(transaction(4, { gasPrice: 11n }));
    expect(order(pool)).toEqual(['3/0', '2/0', '4/0', '0/0']);
  });

  it('trims the pending ones of the greediest account from the end', () => {
    const { pool } = setUp({ accountSlots: 2, globalSlots: 4, globalQueue: 100, accountQueue: 1 });
    pool.addRemote(transaction(1));
    for (let nonce = 0n; nonce < 6n; nonce++) pool.addRemote(transaction(0, { nonce }));
    expect(order(pool).filter((entry) => entry.startsWith('0'))).toEqual(['0/0', '0/1', '0/2']);
    expect(order(pool)).toContain('1/0');
  });

  it('bounds the queue of an account and of all', () => {
    const { clock, pool } = setUp({ accountQueue: 2, globalQueue: 3 });
    for (const nonce of [5n, 6n, 7n]) pool.addRemote(transaction(0, { nonce }));
    expect([...pool.accounts()].map(({ queuedCount }) => queuedCount)).toEqual([2]);
    clock.advance(millis(1));
    for (const nonce of [5n, 6n]) pool.addRemote(transaction(1, { nonce }));
    expect([...pool.accounts()].map(({ queuedCount }) => queuedCount)).toEqual([2, 1]); // the account that was active last loses
  });
});

describe('a full pool', () => {
  it('loses of equally cheap ones those with the higher nonce', () => {
    const { pool } = setUp({ globalSlots: 3, globalQueue: 2 });
    for (const nonce of [0n, 1n, 2n]) pool.addRemote(transaction(0, { nonce, gasPrice: 7n }));
    pool.addRemote(transaction(1, { gasPrice: 7n }));
    pool.addRemote(transaction(2, { gasPrice: 8n, nonce: 1n }));
    const news = newsOf(pool);
    for (const account of [3, 4]) pool.addRemote(transaction(account, { gasPrice: 20n }));
    expect(news.filter((one) => one.startsWith('dropped'))).toEqual(['dropped 0/2 full-pool', 'dropped 0/1 full-pool']);
  });

  it('does not let a cheap one of this node make dearer ones leave', async () => {
    const { pool } = setUp({ globalSlots: 2, globalQueue: 1 });
    await pool.addLocal(transaction(0, { gasPrice: 1n }));
    for (const account of [1, 2]) pool.addRemote(transaction(account, { gasPrice: 10n }));
    expect(() => pool.addRemote(transaction(3, { gasPrice: 5n }))).toThrow('transaction underpriced');
    expect(() => pool.addRemote(transaction(3, { gasPrice: 10n }))).toThrow('transaction underpriced');
  });

  it('takes one of this node at any price, and no other when there is nothing that may leave', async () => {
    const { pool } = setUp({ globalSlots: 1, globalQueue: 1 });
    pool.addRemote(transaction(1, { gasPrice: 10n }));
    for (const nonce of [0n, 1n]) await pool.addLocal(transaction(0, { nonce, gasPrice: 1n }));
    expect(order(pool)).toEqual(['0/0', '0/1']);
    expect(() => pool.addRemote(transaction(1, { gasPrice: 10n ** 3n }))).toThrow('transaction underpriced');
  });
});

describe('the price floor', () => {
  it('rises while blocks are made: cheaper ones of others leave and those behind them wait', async () => {
    const { pool } = setUp();
    for (const [nonce, gasPrice] of [[0n, 20n], [1n, 10n], [2n, 30n]] as const) pool.addRemote(transaction(0, { nonce, gasPrice }));
    await pool.addLocal(transaction(1, { gasPrice: 3n }));
    const news = newsOf(pool);
    pool.setPriceFloor(18n);
    expect(news).toEqual(['dropped 0/1 below-floor']);
    expect(order(pool)).toEqual(['0/0', '1/0']);
    expect(() => pool.addRemote(transaction(2, { gasPrice: 17n }))).toThrow('transaction underpriced');
    pool.addRemote(transaction(2, { gasPrice: 18n }));
    await pool.addLocal(transaction(3, { gasPrice: 1n }));
    expect(order(pool)).toEqual(['0/0', '2/0', '1/0', '3/0']);
  });
});

describe('events', () => {
  it('tell what came, rose, was replaced, was mined and was dropped', () => {
    const { head, pool } = setUp({ accountQueue: 1 });
    const news = newsOf(pool);
    pool.addRemote(transaction(0, { nonce: 1n }));
    pool.addRemote(transaction(0));
    pool.addRemote(transaction(0, { gasPrice: 11n }));
    expect(news.splice(0)).toEqual(['added 0/1 queued', 'added 0/0 pending', 'promoted 0/0', 'promoted 0/1', 'replaced 0/0 by 11', 'added 0/0 pending', 'promoted 0/0']);
    pool.addRemote(transaction(0, { nonce: 2n, gasLimit: 30_000n }));
    for (const nonce of [4n, 5n]) pool.addRemote(transaction(0, { nonce }));
    expect(news.splice(0)).toEqual(['added 0/2 pending', 'promoted 0/2', 'added 0/4 queued', 'added 0/5 queued', 'dropped 0/5 queue-limit']);
    head.mined.add(hexOf(transactionHash(transaction(0, { gasPrice: 11n }))));
    head.nonces.set(0, 2n);
    head.gasLimit = 29_999n;
    pool.reset();
    expect(news.splice(0)).toEqual(['mined 0/0', 'dropped 0/1 nonce-used', 'dropped 0/2 above-block-gas']);
    head.balances.set(0, 0n);
    pool.reset();
    expect(news).toEqual(['dropped 0/4 unpayable']);
  });

  it('come when the pool is in order, and in their order where a listener changes it', async () => {
    const { pool } = setUp();
    const news = newsOf(pool);
    pool.events.on('added', ({ pooled }) => {
      expect(pool.get(pooled.hash)).toBe(pooled);
      if (pooled.transaction.nonce === 0n) pool.addRemote(transaction(0, { nonce: 1n }));
    });
    await pool.addLocal(transaction(0));
    expect(news).toEqual(['added 0/0 pending', 'promoted 0/0', 'added 0/1 pending', 'promoted 0/1']);
  });
});
