import { describe, expect, it } from 'vitest';
import { network } from '../../networks/network.ts';
import { blocksIn, testChain } from '../../testing/chains.ts';
import { testBackend, testCaller } from '../../testing/rpc-backend.ts';
import { readVector } from '../../testing/vectors.ts';
import type { RpcBackend } from '../backend.ts';
import { campaignMethods } from './campaign-methods.ts';
import { reasonDeclined } from './declined.ts';

const HEAD = 150;

/** The recorded chain at a block where its default proposers have joined the register. */
async function backendWith(isSealing: boolean): Promise<RpcBackend> {
  const chain = await testChain(network('dev'));
  await chain.importBlocks(blocksIn(readVector('blocks/dev-chain.rlp')).slice(0, HEAD + 1));
  const backend = testBackend(chain);
  return { ...backend, node: { ...backend.node, isSealing: () => isSealing } };
}
const call = (backend: RpcBackend, name: string): unknown => campaignMethods(backend).find((method) => method.name === name)?.run([], testCaller());

describe('a node that does not campaign', () => {
  it('is idle, and no RNode without an account', async () => {
    const backend = await backendWith(false);
    expect(['admission_getStatus', 'admission_isRNode', 'admission_abort', 'miner_stop'].map((name) => call(backend, name))).toEqual([2, false, null, true]);
  });

  it('is an RNode by the accounts that it seals with, whose sealing nobody stops', async () => {
    const backend = await backendWith(true);
    expect(call(backend, 'admission_isRNode')).toBe(true);
    expect(() => call(backend, 'miner_stop')).toThrow('seals as long as it runs');
  });

  it('keeps its keys', () => {
    for (const name of ['admission_admissionKey', 'admission_setAdmissionKey']) expect(reasonDeclined(name)).toContain('private keys');
  });
});
