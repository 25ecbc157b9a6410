import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../base/bytes.ts';
import type { Chain } from '../../chain/chain.ts';
import { network } from '../../networks/network.ts';
import { blocksIn, testChain } from '../../testing/chains.ts';
import { testBackend, testCaller } from '../../testing/rpc-backend.ts';
import { readVector } from '../../testing/vectors.ts';
import { adminMethods } from './admin-methods.ts';

const folder = mkdtempSync(join(tmpdir(), 'admin-'));
const file = join(folder, 'chain.rlp.gz');
const HEAD = 20n;
let chain: Chain;

const call = (on: Chain, name: string, ...values: readonly unknown[]): unknown => adminMethods(testBackend(on)).find((method) => method.name === `admin_${name}`)?.run(values, testCaller());

beforeAll(async () => {
  chain = await testChain(network('dev'));
  await chain.importBlocks(blocksIn(readVector('blocks/dev-chain.rlp')).slice(0, Number(HEAD) + 1));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the files of a chain', () => {
  it('go to another node', async () => {
    expect(await call(chain, 'exportChain', file)).toBe(true);
    const other = await testChain(network('dev'));
    expect(await call(other, 'importChain', file)).toBe(true);
    expect([other.head.header.number, toHex(other.head.hash)]).toEqual([HEAD, toHex(chain.head.hash)]);
    expect(await call(other, 'importChain', file)).toBe(true); // it has them all
  });

  it('are not written over others, nor to a place that is not named whole', async () => {
    const taken = join(folder, 'taken');
    writeFileSync(taken, 'mine');
    await expect(call(chain, 'exportChain', taken)).rejects.toThrow('there is a file');
    for (const method of ['exportChain', 'importChain']) await expect(call(chain, method, 'chain.rlp')).rejects.toThrow('whole path');
    expect(existsSync('chain.rlp')).toBe(false);
  });

  it('of another network, and damaged ones, change nothing', async () => {
    const practice = await testChain(network('practice'));
    await expect(call(practice, 'importChain', file)).rejects.toMatchObject({ code: 'WRONG_GENESIS' });
    writeFileSync(join(folder, 'damaged.rlp'), readVector('blocks/dev-chain.rlp').subarray(0, 5000));
    await expect(call(chain, 'importChain', join(folder, 'damaged.rlp'))).rejects.toMatchObject({ code: 'BAD_BLOCK_FILE' });
    expect([practice.head.header.number, chain.head.header.number]).toEqual([0n, HEAD]);
  });
});

describe('an import', () => {
  it.skipIf(process.platform === 'win32')('waits for no pipe that nobody writes to', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    for (const place of [pipe, folder]) await expect(call(chain, 'importChain', place)).rejects.toThrow('this is no file');
    await expect(call(chain, 'importChain', join(folder, 'absent'))).rejects.toMatchObject({ code: 'FILE_MISSING' });
  }, 5_000);

  it('ends when its program has gone', async () => {
    const other = await testChain(network('dev'));
    const run = adminMethods(testBackend(other)).find(({ name }) => name === 'admin_importChain')?.run([file], { ...testCaller(), closed: AbortSignal.abort() });
    await expect(run).rejects.toMatchObject({ code: 'CALL_FAILED', message: expect.stringContaining('connection ended') as string });
    expect(other.head.header.number).toBe(0n);
  });
});

describe('the node', () => {
  it('has no peers, and of itself tells its chain', () => {
    expect(call(chain, 'peers')).toEqual([]);
    expect(call(chain, 'nodeInfo')).toMatchObject({ name: 'test', enode: '', ports: { discovery: 0, listener: 0 }, protocols: { cpc: { network: 1, height: Number(HEAD), head: toHex(chain.head.hash), genesis: toHex(chain.genesisHash), config: { chainId: 41 } } } });
  });

  it.each(['admin_datadir', 'admin_exportChain', 'admin_importChain'])('lets only authorised programs use %s', (name) => {
    expect(adminMethods({ ...testBackend(chain), dataDir: folder }).find((method) => method.name === name)?.access).toBe('private');
  });
});
