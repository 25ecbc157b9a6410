import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../base/bytes.ts';
import { decodeBlock } from '../primitives/block.ts';
import { encodeTransaction, transactionHash } from '../primitives/transaction.ts';
import { blocksIn } from '../testing/chains.ts';
import { RecordedNode } from '../testing/vectors/recorded-node.ts';
import { readVector } from '../testing/vectors.ts';

const blocks = blocksIn(readVector('blocks/dev-chain.rlp'));
/** The next one, of which the pool has heard already. */
const { transactions } = decodeBlock(blocks[315] ?? new Uint8Array());
let node: RecordedNode;

beforeAll(async () => {
  node = await RecordedNode.start(blocks);
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
});
