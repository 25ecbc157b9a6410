import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { hexOf, toHex, utf8 } from '../base/bytes.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { decodeBlock } from '../primitives/block.ts';
import { encodeTransaction, senderOf, transactionHash } from '../primitives/transaction.ts';
import { network } from '../networks/network.ts';
import { blocksIn, testChain } from '../testing/chains.ts';
import { testBackend } from '../testing/rpc-backend.ts';
import { RecordedNode } from '../testing/vectors/recorded-node.ts';
import { readVector } from '../testing/vectors.ts';
import { PendingBlocks } from './pending-blocks.ts';

const blocks = blocksIn(readVector('blocks/dev-chain.rlp'));
/** The next one, of which the pool has heard already. */
const { transactions } = decodeBlock(blocks[315] ?? new Uint8Array());
/** Selector of candidateInfoOf(address). */
const CANDIDATE_INFO = hexOf(keccak256(utf8('candidateInfoOf(address)'))).slice(0, 8);
let node: RecordedNode;

beforeAll(async () => {
  node = await RecordedNode.start(blocks, new Uint8Array(32).fill(1)); // no matter whose
  for (const tx of transactions) node.hear(tx);
});
afterAll(() => node.close());

const ask = async (method: string, ...params: readonly unknown[]): Promise<unknown> => (JSON.parse(await node.ask(JSON.stringify({ id: 1, method, params }))) as { readonly result: unknown }).result;

describe('the block that nobody has sealed', () => {
  it('holds what waits, as counted, as hashes and as objects', async () => {
    expect(transactions).toHaveLength(2);
    expect(await ask('eth_getBlockTransactionCountByNumber', 'pending')).toBe('0x2');
    const { transactions: hashes } = (await ask('eth_getBlockByNumber', 'pending', false)) as { readonly transactions: readonly string[] };
    const { number, transactions: objects } = (await ask('eth_getBlockByNumber', 'pending', true)) as { readonly number: string; readonly transactions: readonly { readonly hash: string; readonly blockHash: string }[] };
    expect([number, hashes.toSorted(), objects.map(({ hash }) => hash)]).toEqual(['0x13b', transactions.map((tx) => toHex(transactionHash(tx))).toSorted(), hashes]);
    expect(await ask('eth_getTransactionByBlockNumberAndIndex', 'pending', '0x1')).toEqual({ ...objects[1], blockNumber: '0x13b', transactionIndex: '0x1' });
    expect(transactions.map((tx) => toHex(encodeTransaction(tx)))).toContain(await ask('eth_getRawTransactionByBlockNumberAndIndex', 'pending', '0x1'));
    expect(await ask('eth_getTransactionByBlockNumberAndIndex', 'pending', '0x2')).toBeNull();
  });

  it('is not in the chain', async () => {
    expect([await ask('eth_blockNumber'), await ask('eth_getBlockByNumber', '0x13b', false)]).toEqual(['0x13a', null]);
  });

  it('has a state, in which what waits is done', async () => {
    const { header } = decodeBlock(blocks[315] ?? new Uint8Array());
    const sender = transactions.map((tx) => toHex(senderOf(tx, 41n))).find((address) => address !== toHex(header.coinbase)) ?? '';
    const campaign = '0xf26b6864749cde85a29afea57ffeae115b24b505';
    const claims = { to: campaign, data: `0x${CANDIDATE_INFO}${sender.slice(2).padStart(64, '0')}` };
    const read = async (tag: string): Promise<unknown[]> => [await ask('eth_getBalance', sender, tag), await ask('eth_call', claims, tag), await ask('eth_getCode', campaign, tag)];
    const [before, pending] = [await read('latest'), await read('pending')];
    expect(pending).not.toEqual(before);
    expect([await read('latest'), await read('pending')]).toEqual([before, pending]); // a call leaves nothing behind
    await node.importUpTo(315);
    expect(await read('latest')).toEqual(pending);
  });
});

describe('making it', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('takes a part of the time only, but for a new head', async () => {
    const chain = await testChain(network('dev'));
    const backend = testBackend(chain);
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const made = vi.fn(() => {
      now += 100;
      return [];
    });
    const pending = new PendingBlocks({ chain, clock: backend.clock, pool: { pending: made } });
    const first = pending.current();
    now += 399;
    expect(pending.current()).toBe(first);
    now += 1;
    expect(pending.current()).not.toBe(first);
    expect(made).toHaveBeenCalledTimes(2);
    await chain.importBlocks(blocks.slice(0, 2));
    expect(pending.current().block.header.number).toBe(2n);
  });
});
