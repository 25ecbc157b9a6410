import { describe, expect, it, vi } from 'vitest';
import { fromHex } from '../base/bytes.ts';
import { ManualClock, millis } from '../base/clock.ts';
import { silentLogger } from '../base/logger.ts';
import { MemoryStore } from '../db/memory-store.ts';
import { network } from '../networks/network.ts';
import { blocksIn, testChain } from '../testing/chains.ts';
import { readVector } from '../testing/vectors.ts';
import { LocalReader } from './local-reader.ts';
import { poolHeadOf } from './pool/chain-head.ts';
import { TransactionPool } from './pool/transaction-pool.ts';

const faucet = fromHex('0xb3801b8743dea10c30b0c21cae8b1923d9625f84');

describe('a reader of the own chain', () => {
  it('reads old states where they are kept, and says where they are not', async () => {
    const store = new MemoryStore();
    await (await testChain(network('dev'), store)).importBlocks(blocksIn(readVector('blocks/dev-chain.rlp')));
    const chain = await testChain(network('dev'), store);
    const clock = new ManualClock(millis(0));
    const pool = new TransactionPool({ chainId: chain.network.chainId }, { head: poolHeadOf(chain), clock, logger: silentLogger });
    const reader = new LocalReader({ chain, pool, clock, gasPrice: () => 1n });
    expect(await reader.balanceOf(faucet, 300n)).toBeGreaterThan(0n);
    await expect(reader.balanceOf(faucet, 20n)).rejects.toMatchObject({ code: 'STATE_UNKNOWN' });
    await expect(reader.codeOf(faucet, 9999n)).rejects.toMatchObject({ code: 'STATE_UNKNOWN' });
  });

  it('gives up what runs without end, so that no call stops the node', async () => {
    const chain = await testChain(network('dev'));
    const clock = new ManualClock(millis(0));
    const pool = new TransactionPool({ chainId: chain.network.chainId }, { head: poolHeadOf(chain), clock, logger: silentLogger });
    const reader = new LocalReader({ chain, pool, clock, gasPrice: () => 1n });
    const loop = { from: faucet, to: null, data: fromHex('5b600056'), value: 0n };
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
    await expect(reader.estimateGas(loop)).rejects.toMatchObject({ code: 'CALL_TIMED_OUT' });
    await expect(reader.call(loop)).rejects.toMatchObject({ code: 'CALL_TIMED_OUT' });
    vi.restoreAllMocks();
  });
});
