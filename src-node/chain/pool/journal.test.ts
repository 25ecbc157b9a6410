import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { concat, hexOf } from '../../base/bytes.ts';
import { ManualClock, millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import { systemFiles, type FilePort } from '../../base/files.ts';
import { silentLogger, type Logger } from '../../base/logger.ts';
import { encodeTransaction, transactionHash, type Transaction } from '../../primitives/transaction.ts';
import type { State } from '../../state/state.ts';
import { accountOf, MovedHead, POOL_CHAIN_ID, transactionOf } from '../../testing/pool-head.ts';
import { readRecords } from './journal-records.ts';
import { PoolJournal } from './journal.ts';
import { TransactionPool } from './transaction-pool.ts';

const [first, damaged, third, last] = [0, 1, 2, 3].map((account) => encodeTransaction(transactionOf(account))) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
const hashesIn = (bytes: Uint8Array): string[] => readRecords(bytes).transactions.map((tx) => hexOf(transactionHash(tx)));
const hashesOf = (...accounts: readonly number[]): string[] => accounts.map((account) => hexOf(transactionHash(transactionOf(account))));

describe('records', () => {
  it('behind a damaged one are all found, whichever of its bytes is another', () => {
    for (let at = 0; at < damaged.length; at++) {
      for (const change of [1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0xff]) {
        const bytes = concat(first, damaged, third, last);
        bytes[first.length + at] = (bytes[first.length + at] ?? 0) ^ change;
        expect(hashesIn(bytes), `byte ${at} by ${change}`).toEqual(expect.arrayContaining(hashesOf(0, 2, 3)));
      }
    }
  });

  it('behind one that claims any other length are all found, also between two damaged ones', () => {
    for (let length = 56; length < 256; length++) {
      const bytes = concat(first, damaged, third, damaged, last);
      for (const at of [first.length, first.length + damaged.length + third.length]) bytes[at + 1] = length;
      if (length !== damaged[1]) expect(hashesIn(bytes), `length ${length}`).toEqual(hashesOf(0, 2, 3));
    }
  });

  it('are not looked for in the data of a damaged one', () => {
    const carrier = encodeTransaction(transactionOf(1, { gasLimit: 100_000n, payload: concat(Uint8Array.of(1, 2, 3), third, Uint8Array.of(4, 5)) }));
    const bytes = concat(first, carrier, last);
    const nonceAt = first.length + 3;
    bytes[nonceAt] = 0xbf; // a string longer than what is there
    expect(hashesIn(bytes)).toEqual(hashesOf(0, 3));
    expect(hashesIn(bytes.subarray(0, first.length + carrier.length))).toEqual(hashesOf(0));
  });

  it('end where a write was broken off, at every byte', () => {
    for (let length = 1; length < damaged.length; length++) {
      const torn = { offset: first.length, bytes: length, isTorn: true };
      expect(readRecords(concat(first, damaged.subarray(0, length)))).toMatchObject({ damaged: [torn], end: first.length });
    }
    expect(readRecords(concat(first, new Uint8Array(50)))).toMatchObject({ damaged: [{ offset: first.length, bytes: 50, isTorn: false }], end: first.length });
  });
});

describe('journal', () => {
  let folder: string;
  let path: string;
  const journals: PoolJournal[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pool-'));
    path = join(folder, 'transactions.rlp');
  });
  afterEach(async () => {
    await Promise.all(journals.splice(0).map((journal) => journal.close()));
    await rm(folder, { recursive: true });
  });

  /** A pool with a journal, and all that it logs from `warn` on. */
  function setUp(changes: Partial<FilePort> = {}) {
    const logged: string[] = [];
    const keep = (message: string): void => {
      logged.push(message);
    };
    const logger: Logger = { ...silentLogger, warn: keep, error: keep };
    const head = new MovedHead();
    const clock = new ManualClock(millis(1_600_000_000_000));
    const writes = { whole: 0, appended: 0 };
    const files: FilePort = {
      ...systemFiles,
      writeAtomic: (...args) => (writes.whole++, systemFiles.writeAtomic(...args)),
      openAppend: async (...args) => {
        const file = await systemFiles.openAppend(...args);
        return { get length() { return file.length; }, append: (content) => (writes.appended++, file.append(content)), close: () => file.close() };
      },
      ...changes,
    };
    const journal = new PoolJournal({ path }, { files, clock, logger });
    journals.push(journal);
    const pool = new TransactionPool({ chainId: POOL_CHAIN_ID }, { head, clock, logger, journal });
    return { clock, head, journal, logged, pool, writes };
  }

  const pendingOf = (pool: TransactionPool): string[] => pool.pending().flat().map(({ sender, transaction: { nonce } }) => `${accountOf(sender)}/${nonce}`);
  const kept = async (): Promise<string[]> => hashesIn(await readFile(path));

  it('is tried again within a minute when a write failed, though nothing else is added', async () => {
    let isFull = true;
    const { clock, pool } = setUp({ openAppend: (...args) => (isFull ? Promise.reject(new CodedError('DISK_FULL', 'The disk is full.')) : systemFiles.openAppend(...args)) });
    const abort = new AbortController();
    const running = pool.run(abort.signal);
    await pool.addLocal(transactionOf(0));
    isFull = false;
    clock.advance(millis(60_000));
    await expect.poll(() => kept().catch(() => [])).toEqual(hashesOf(0));
    abort.abort();
    await running;
    await pool.close();
  });

  it('stays as it is when the state cannot be read at the start', async () => {
    const before = setUp();
    await before.pool.addLocal(transactionOf(0));
    await before.journal.close();
    const { head, pool } = setUp();
    vi.spyOn(head, 'stateAtHead').mockReturnValue({ nonceOf: () => { throw new CodedError('DATABASE_ERROR', 'The database could not be read.'); } } as unknown as State);
    pool.reset();
    await expect(pool.restore()).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
    expect(await kept()).toEqual(hashesOf(0));
  });

  it('keeps transactions of this node over a restart, those of its accounts that came from elsewhere too, and no others', async () => {
    const before = setUp();
    await Promise.all([before.pool.addLocal(transactionOf(0, { nonce: 1n })), before.pool.addLocal(transactionOf(0)), before.pool.addLocal(transactionOf(1))]);
    before.pool.addRemote(transactionOf(2));
    before.pool.addRemote(transactionOf(0, { nonce: 2n }));
    await before.journal.close(); // as a kill would leave it

    const { head, logged, pool } = setUp();
    head.nonces.set(1, 1n); // meanwhile in a block
    pool.reset();
    await pool.restore();
    expect(pendingOf(pool)).toEqual(['0/0', '0/1', '0/2']);
    expect(logged).toEqual([]);
    expect(await kept()).toHaveLength(3);

    head.nonces.set(0, 3n);
    pool.reset();
    await pool.close();
    expect(await readFile(path)).toHaveLength(0);
  });

  it('writes each transaction behind the others, those of one moment at once, and all anew every hour', async () => {
    const { clock, head, pool, writes } = setUp();
    const abort = new AbortController();
    const running = pool.run(abort.signal);
    await pool.restore();
    await pool.addLocal(transactionOf(0));
    const [small] = [await readFile(path)];
    await Promise.all([1, 2, 3, 4].map((account) => pool.addLocal(transactionOf(account))));
    expect((await readFile(path)).subarray(0, small.length)).toEqual(small);
    expect(writes).toEqual({ whole: 1, appended: 2 });

    head.nonces.set(0, 1n);
    pool.reset();
    expect(await kept()).toHaveLength(5);
    for (let minute = 0; minute < 60; minute++) {
      clock.advance(millis(60_000));
      await new Promise(setImmediate);
    }
    abort.abort();
    await running;
    expect(writes.whole).toBe(2);
    expect(await kept()).toEqual(hashesOf(1, 2, 3, 4));
    await pool.addLocal(transactionOf(5));
    expect(await kept()).toEqual(hashesOf(1, 2, 3, 4, 5));
    await pool.close();
  });

  it('has a transaction on disk, not only with the system, when its hash is given back', async () => {
    const { pool } = setUp();
    const probe = await open(path, 'w');
    const synced = Promise.withResolvers<undefined>();
    const datasync = vi.spyOn(Object.getPrototypeOf(probe) as FileHandle, 'datasync').mockReturnValue(synced.promise);
    await probe.close();
    let isGiven = false;
    const added = pool.addLocal(transactionOf(0)).then(() => (isGiven = true));
    await vi.waitFor(() => expect(datasync).toHaveBeenCalledOnce());
    await new Promise(setImmediate);
    expect([isGiven, await kept()]).toEqual([false, hashesOf(0)]);
    synced.resolve(undefined);
    await added;
    datasync.mockRestore();
    await pool.close();
  });

  it('is written anew earlier when much was added', async () => {
    const { clock, pool, writes } = setUp();
    const abort = new AbortController();
    const running = pool.run(abort.signal);
    const payload = new Uint8Array(32_000);
    await Promise.all(Array.from({ length: 530 }, (_, nonce) => pool.addLocal(transactionOf(0, { nonce: BigInt(nonce), gasLimit: 200_000n, payload }))));
    clock.advance(millis(60_000));
    await new Promise(setImmediate);
    abort.abort();
    await running;
    expect(writes.whole).toBe(1);
    await pool.close();
  });

  it('loses the damaged record alone, names it, keeps the file as it was aside and mends its own', async () => {
    const bytes = concat(first, damaged, third);
    bytes[first.length] = 0x42;
    await writeFile(path, bytes);
    const { logged, pool } = setUp();
    await pool.restore();
    expect(pendingOf(pool)).toEqual(['0/0', '2/0']);
    expect(logged).toEqual(['A record of the journal of sent transactions is damaged', 'The damaged journal of sent transactions is kept under another name']);
    expect(await kept()).toEqual(hashesOf(0, 2));
    expect(hexOf(await readFile(`${path}.20200913T122640.damaged`))).toBe(hexOf(bytes));
    await pool.close();
  });

  it('goes on behind the last whole record where the end is torn, also when it cannot be written anew', async () => {
    const long = encodeTransaction(transactionOf(1, { payload: new Uint8Array(500) }));
    await writeFile(path, concat(first, long.subarray(0, -3)));
    const { logged, pool } = setUp({ writeAtomic: () => Promise.reject(new CodedError('DISK_FULL', 'The disk is full.')) });
    await pool.restore();
    await pool.addLocal(transactionOf(2));
    expect(logged).toEqual(['The last record of the journal of sent transactions was not written to its end', expect.stringContaining('was not written; it is tried again') as string]);
    expect(hexOf(await readFile(path))).toBe(hexOf(concat(first, third)));
    expect(await readdir(folder)).toEqual(['transactions.rlp']);
  });

  it.each([
    ['a folder', () => mkdir(path)],
    ['a file without any right', () => writeFile(path, first, { mode: 0 })],
    ['something else', () => writeFile(path, 'not a journal at all')],
  ])('that is %s stops nothing: it is moved aside', async (what, make) => {
    await make();
    // the tests may run as a user to whom all files are open
    const { logged, pool } = setUp(what.includes('right') ? { read: () => Promise.reject(new CodedError('NO_PERMISSION', 'No.')) } : {});
    await pool.restore();
    await pool.addLocal(transactionOf(5));
    expect(await kept()).toEqual(hashesOf(5));
    expect(logged).toHaveLength(2);
    expect((await readdir(folder)).sort()).toEqual(['transactions.rlp', 'transactions.rlp.20200913T122640.damaged']);
    await pool.close();
  });

  it('gets with the next write what a full disk did not take', async () => {
    let isFull = true;
    const openAppend: FilePort['openAppend'] = async (...args) => {
      if (isFull) throw new CodedError('DISK_FULL', 'The disk is full.');
      return systemFiles.openAppend(...args);
    };
    const { logged, pool } = setUp({ openAppend });
    await pool.addLocal(transactionOf(0));
    expect(pendingOf(pool)).toEqual(['0/0']);
    expect(logged).toHaveLength(1);
    isFull = false;
    await pool.addLocal(transactionOf(1));
    expect(await kept()).toEqual(hashesOf(0, 1));
    await pool.close();
  });

  it('is not taken up where the chain does not take it, and says which', async () => {
    const unknown: Transaction = { ...transactionOf(1), value: 2n }; // as one whose data was changed: another sender
    await writeFile(path, concat(first, encodeTransaction(unknown), third));
    const { logged, pool } = setUp();
    await pool.restore();
    expect(pendingOf(pool)).toEqual(['0/0', '2/0']);
    expect(logged).toEqual(['A sent transaction is not taken up again']);
    await pool.close();
  });
});
