import { mkdtemp, rm, writeFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_BYTES, hexOf, type Bytes } from '../../base/bytes.ts';
import { ManualClock, millis } from '../../base/clock.ts';
import { systemFiles, type FilePort } from '../../base/files.ts';
import { CodedError } from '../../base/errors.ts';
import { silentLogger } from '../../base/logger.ts';
import { addressOf, sign } from '../../crypto/secp256k1.ts';
import { MemoryStore } from '../../db/memory-store.ts';
import { signTransaction, transactionHash, type Transaction, type UnsignedTransaction } from '../../primitives/transaction.ts';
import { EMPTY_TRIE_ROOT } from '../../primitives/trie-root.ts';
import { State } from '../../state/state.ts';
import { TrieNodeStore } from '../../state/trie-node-store.ts';
import { TransactionQueue } from '../build/transaction-queue.ts';
import { PoolJournal } from './journal.ts';
import type { PoolLimits } from './limits.ts';
import { TransactionPool } from './transaction-pool.ts';

const CHAIN_ID = 41n;
const TO = new Uint8Array(20).fill(9);

function keyOf(n: number): Bytes {
  return new Uint8Array(32).fill(n + 1);
}

function transaction(account: number, changes: Partial<UnsignedTransaction> = {}): Transaction {
  const unsigned = { type: 0n, nonce: 0n, gasPrice: 10n, gasLimit: 21_000n, to: TO, value: 1n, payload: EMPTY_BYTES, ...changes };
  return signTransaction(unsigned, CHAIN_ID, (digest) => sign(digest, keyOf(account)));
}

/** A head that a test moves: accounts 0 … 9 own 10^9. */
class Head {
  readonly #nodes = new TrieNodeStore({}, { store: new MemoryStore() });
  readonly nonces = new Map<number, bigint>();
  readonly balances = new Map<number, bigint>();
  gasLimit = 10_000_000n;

  stateAtHead(): State {
    const state = new State(this.#nodes, EMPTY_TRIE_ROOT);
    for (let account = 0; account < 10; account++) {
      state.addBalance(addressOf(keyOf(account)), this.balances.get(account) ?? 10n ** 9n);
      state.setNonce(addressOf(keyOf(account)), this.nonces.get(account) ?? 0n);
    }
    state.finalise();
    return state;
  }

  gasLimitAtHead(): bigint {
    return this.gasLimit;
  }
}

function setUp(limits: Partial<PoolLimits> = {}, journal?: PoolJournal) {
  const head = new Head();
  const clock = new ManualClock(millis(1_600_000_000_000));
  const pool = new TransactionPool({ chainId: CHAIN_ID, limits }, { head, clock, logger: silentLogger, ...(journal === undefined ? {} : { journal }) });
  const announced: string[] = [];
  pool.events.on('pending', ({ hash }) => announced.push(hexOf(hash)));
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

const accountOf = (sender: Bytes): number => [...Array(10).keys()].find((n) => hexOf(addressOf(keyOf(n))) === hexOf(sender)) ?? -1;

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
    expect([order(pool), announced, pool.nextNonce(addressOf(keyOf(0)))]).toEqual([[], [], 0n]);
    pool.addRemote(transaction(0));
    expect(order(pool)).toEqual(['0/0', '0/1', '0/2']);
    expect(announced).toHaveLength(3);
    expect(pool.nextNonce(addressOf(keyOf(0)))).toBe(3n);
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
    expect(pool.nextNonce(addressOf(keyOf(0)))).toBe(2n);
  });

  it('ends the queue of a remote account that was silent for three hours', async () => {
    const { clock, pool } = setUp();
    pool.addRemote(transaction(0, { nonce: 5n }));
    await pool.addLocal(transaction(1, { nonce: 5n }));
    clock.advance(millis(3 * 3_600_000));
    pool.reset();
    expect([...pool.accounts()]).toHaveLength(2);
    clock.advance(millis(1));
    pool.reset();
    expect([...pool.accounts()].map(({ sender }) => accountOf(sender))).toEqual([1]);
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

describe('journal', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pool-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const journalOf = (files: FilePort = systemFiles): PoolJournal => new PoolJournal({ path: join(folder, 'transactions.rlp') }, { files, logger: silentLogger });

  it('keeps transactions of this node over a restart, and only those', async () => {
    const first = setUp({}, journalOf()).pool;
    await Promise.all([first.addLocal(transaction(0, { nonce: 1n })), first.addLocal(transaction(0)), first.addLocal(transaction(1))]);
    first.addRemote(transaction(2));

    const { head, pool } = setUp({}, journalOf());
    head.nonces.set(1, 1n); // meanwhile in a block
    pool.reset();
    await pool.restore();
    expect(order(pool)).toEqual(['0/0', '0/1']);

    head.nonces.set(0, 2n);
    pool.reset();
    await pool.close();
    expect(await readFile(join(folder, 'transactions.rlp'))).toHaveLength(0);
  });

  it('reads up to a damaged end', async () => {
    const { pool } = setUp({}, journalOf());
    await pool.addLocal(transaction(0));
    await pool.addLocal(transaction(1));
    const path = join(folder, 'transactions.rlp');
    await writeFile(path, (await readFile(path)).subarray(0, -3));
    expect(await journalOf().load()).toHaveLength(1);
  });

  it('keeps the transaction when the journal cannot be written', async () => {
    const full: FilePort = { ...systemFiles, writeAtomic: () => Promise.reject(new CodedError('DISK_FULL', 'The disk is full.')) };
    const { pool } = setUp({}, journalOf(full));
    await pool.addLocal(transaction(0));
    expect(order(pool)).toEqual(['0/0']);
  });
});
