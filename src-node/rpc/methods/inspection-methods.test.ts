import { beforeAll, describe, expect, it } from 'vitest';
import { fromHex, hexOf, toHex, type Bytes } from '../../base/bytes.ts';
import type { Chain } from '../../chain/chain.ts';
import { keccak256 } from '../../crypto/keccak.ts';
import { BUCKET } from '../../db/bucket.ts';
import { MemoryStore } from '../../db/memory-store.ts';
import type { WriteBatch } from '../../db/store.ts';
import { network } from '../../networks/network.ts';
import { transactionHash } from '../../primitives/transaction.ts';
import { asking } from '../../testing/ask.ts';
import { blocksIn, testChain } from '../../testing/chains.ts';
import { readVector } from '../../testing/vectors.ts';
import { inspectionMethods } from './inspection-methods.ts';
import { traceMethods } from './trace-methods.ts';

interface Dump {
  readonly root: string;
  readonly accounts: Readonly<Record<string, { readonly balance: string; readonly storage: Readonly<Record<string, string>> }>>;
}
interface Range {
  readonly storage: Readonly<Record<string, { readonly key: string | null; readonly value: string }>>;
  readonly nextKey: string | null;
}

/** A store as earlier versions left it. */
class StoreWithoutKeys extends MemoryStore {
  override batch(): WriteBatch {
    const batch = super.batch();
    return { ...batch, put: (key: Bytes, value: Bytes) => key[0] !== BUCKET.preimages && batch.put(key, value) };
  }
}

const TOKEN = '0x7f7c576e6623f5d5b7a2140b5400c37c381f1400';
/** The block with the calls of contracts. */
const CALLS = 94;
const HEAD = 98;

async function recordedChain(store: MemoryStore): Promise<Chain> {
  const chain = await testChain(network('dev'), store, { archive: true });
  await chain.importBlocks(blocksIn(readVector('blocks/dev-chain.rlp')).slice(0, HEAD + 1));
  return chain;
}

let chain: Chain;
let ask: ReturnType<typeof asking>;
beforeAll(async () => {
  chain = await recordedChain(new MemoryStore());
  ask = asking([...inspectionMethods({ chain }), ...traceMethods({ chain })]);
});

const hashAt = (number: number): string => toHex(chain.hashAt(BigInt(number)) ?? new Uint8Array());
const range = async (index: number, from = '0x', most = 1000): Promise<Range> => (await ask<Range>('debug_storageRangeAt', hashAt(CALLS), index, TOKEN, from, most)).result;
/** Numbers of slots and their values. */
const slotsOf = ({ storage }: Range): Record<string, string> => Object.fromEntries(Object.values(storage).map(({ key, value }) => [key ?? '', value]));

describe('debug_storageRangeAt', () => {
  it('shows the state before each transaction of a block', async () => {
    const { result } = await ask<Dump>('debug_dumpBlock', `0x${(CALLS - 1).toString(16)}`);
    const before = result.accounts[TOKEN.slice(2)]?.storage ?? {};
    expect(Object.keys(slotsOf(await range(0))).sort()).toEqual(Object.keys(before).map((key) => `0x${key}`).sort());
    const transactions = chain.blockByNumber(BigInt(CALLS))?.transactions ?? [];
    const changes: number[] = [];
    for (const [index, tx] of transactions.entries()) {
      if (index + 1 === transactions.length || hexOf(tx.to ?? new Uint8Array()) !== TOKEN.slice(2)) continue;
      const trace = await ask<{ failed: boolean; structLogs: { storage: Record<string, string> }[] }>('debug_traceTransaction', toHex(transactionHash(tx)));
      const written = Object.entries(trace.result.failed ? {} : (trace.result.structLogs.at(-1)?.storage ?? {})).map(([key, value]) => [`0x${key}`, `0x${value}`] as const);
      const wanted = { ...slotsOf(await range(index)), ...Object.fromEntries(written) };
      expect(slotsOf(await range(index + 1))).toEqual(Object.fromEntries(Object.entries(wanted).filter(([, value]) => BigInt(value) !== 0n)));
      changes.push(written.length);
    }
    expect(changes.filter((count) => count > 0).length).toBeGreaterThan(2);
  });

  it('goes on from the next key', async () => {
    const all = await range(3);
    const pages: Range[] = [];
    for (let from: string | null = '0x'; from !== null; from = pages.at(-1)?.nextKey ?? null) pages.push(await range(3, from, 2));
    expect(pages.length).toBeGreaterThan(2);
    expect(Object.assign({}, ...pages.map(({ storage }) => storage))).toEqual(all.storage);
    for (const [hash, { key }] of Object.entries(all.storage)) expect(toHex(keccak256(fromHex(key ?? '0x')))).toBe(hash);
    expect(await range(3, '0x', 0)).toEqual({ storage: {}, nextKey: Object.keys(all.storage)[0] });
    expect(await range(3, '0x', -1)).toEqual({ storage: {}, nextKey: Object.keys(all.storage)[0] });
  });

  it.each<[what: string, params: () => unknown[], message: RegExp]>([
    ['an unknown block', () => [toHex(new Uint8Array(32)), 0, TOKEN, '0x', 1], /^block 0{64} not found$/],
    ['an index beyond the block', () => [hashAt(CALLS), 1000, TOKEN, '0x', 1], /^tx index 1000 out of range for block [0-9a-f]{64}$/],
    ['an index before the block', () => [hashAt(CALLS), -1, TOKEN, '0x', 1], /^tx index -1 out of range/],
    ['the first block', () => [hashAt(0), 0, TOKEN, '0x', 1], /^parent 0{64} not found$/],
    ['no account', () => [hashAt(CALLS), 0, `0x${'ee'.repeat(20)}`, '0x', 1], /^account (?:ee){20} doesn't exist$/],
    ['a half index', () => [hashAt(CALLS), 0.5, TOKEN, '0x', 1], /number 0\.5 into Go value of type int$/],
  ])('says no to %s', async (_, params, message) => {
    expect((await ask('debug_storageRangeAt', ...params())).error?.message).toMatch(message);
  });
});

describe('debug_getModifiedAccounts', () => {
  it('names those of one block, or of all from one to another, by number or hash', async () => {
    const modified = async (...params: unknown[]): Promise<unknown> => (await ask(`debug_getModifiedAccountsBy${typeof params[0] === 'number' ? 'Number' : 'Hash'}`, ...params)).result;
    const one = await modified(CALLS);
    expect(one).toContain(TOKEN);
    expect(await modified(CALLS - 1, CALLS)).toEqual(one);
    expect(await modified(hashAt(CALLS))).toEqual(one);
    expect(await modified(hashAt(CALLS - 1), hashAt(CALLS), )).toEqual(one);
    expect(await modified(CALLS - 1, HEAD)).toEqual(expect.arrayContaining(one as string[]));
  });

  it.each<[params: unknown[], message: string]>([
    [[5000], 'start block 1388 not found'],
    [[5, 5000], 'end block 5000 not found'],
    [[0], 'block 0 has no parent'],
    [[5, 5], 'start block height (5) must be less than end block height (5)'],
  ])('says no to %j', async (params, message) => {
    expect((await ask('debug_getModifiedAccountsByNumber', ...params)).error).toEqual({ code: -32000, message });
  });
});

describe('keys behind hashes', () => {
  it('are told', async () => {
    expect((await ask('debug_preimage', toHex(keccak256(fromHex(TOKEN))))).result).toBe(TOKEN);
    expect((await ask('debug_preimage', toHex(keccak256(new Uint8Array(32))))).result).toBe(toHex(new Uint8Array(32)));
  });

  it('that an earlier version did not keep are named as unknown', async () => {
    const old = asking(inspectionMethods({ chain: await recordedChain(new StoreWithoutKeys()) }));
    const hash = toHex(keccak256(fromHex(TOKEN)));
    expect((await old('debug_preimage', hash)).error?.message).toBe('unknown preimage');
    expect((await old('debug_getModifiedAccountsByNumber', CALLS)).error?.message).toMatch(/^no preimage found for hash [0-9a-f]{64}$/);
    const { storage, nextKey } = (await old<Range>('debug_storageRangeAt', hashAt(CALLS), 0, TOKEN, '0x', 2)).result;
    expect([Object.values(storage).map(({ key }) => key), nextKey]).toEqual([[null, null], Object.keys((await range(0)).storage)[2]]);
    expect(Object.keys((await old<Dump>('debug_dumpBlock', 'latest')).result.accounts)).toEqual(['']);
  });
});

it('debug_dumpBlock names a block that is not there', async () => {
  expect((await ask('debug_dumpBlock', '0x1388')).error?.message).toBe('block #5000 not found');
});
