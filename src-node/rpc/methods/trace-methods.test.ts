import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bytes } from '../../base/bytes.ts';
import { decodeBlock } from '../../primitives/block.ts';
import { network } from '../../networks/network.ts';
import { MemoryStore } from '../../db/memory-store.ts';
import { asking } from '../../testing/ask.ts';
import { blocksIn, testChain } from '../../testing/chains.ts';
import { testCaller } from '../../testing/rpc-backend.ts';
import { readVector } from '../../testing/vectors.ts';
import { readTraceOptions } from '../parameters/trace-options.ts';
import { Allowance } from '../protocol/allowance.ts';
import type { RpcMethod } from '../protocol/method.ts';
import { WorkBudget } from '../protocol/work-budget.ts';
import { traceMethods } from './trace-methods.ts';

const folder = mkdtempSync(join(tmpdir(), 'trace-'));
const OPTIONS = { tracer: 'unigramTracer' };
let methods: readonly RpcMethod[];
let encoded: Bytes;

beforeAll(async () => {
  const blocks = blocksIn(readVector('blocks/dev-chain.rlp')).slice(0, 95);
  const chain = await testChain(network('dev'), new MemoryStore(), { archive: true });
  await chain.importBlocks(blocks);
  methods = traceMethods({ chain });
  encoded = blocks.findLast((block) => decodeBlock(block).transactions.length > 0) ?? new Uint8Array();
});
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, content: Bytes): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('a block in a file', () => {
  const ofFile = (path: string, caller = testCaller()): unknown => methods.find(({ name }) => name === 'debug_traceBlockFromFile')?.run([path, readTraceOptions(OPTIONS)], caller);

  it('is shown as it is when it is given whole', async () => {
    const { result } = await asking(methods)<readonly unknown[]>('debug_traceBlock', Buffer.from(encoded).toString('base64'), OPTIONS);
    expect(result.length).toBeGreaterThan(0);
    expect(await ofFile(written('block.rlp', encoded))).toEqual(result);
  });

  it.each<[what: string, path: () => string, error: object]>([
    ['without its whole path', () => 'block.rlp', { code: 'CALL_FAILED', message: 'give the whole path of the file' }],
    ['that is not there', () => join(folder, 'none'), { code: 'FILE_MISSING' }],
    ['that is a folder', () => folder, { code: 'NOT_A_FILE' }],
    ['that is a device', () => '/dev/zero', { code: process.platform === 'win32' ? 'FILE_MISSING' : 'NOT_A_FILE' }],
    ['with more behind the block', () => written('long.rlp', Buffer.concat([encoded, Uint8Array.of(0)])), { code: 'CALL_FAILED', message: expect.stringContaining('could not decode block: ') as string }],
    ['that is too large', () => {
      const path = written('large.rlp', encoded);
      truncateSync(path, 32 * 1024 * 1024 + 1);
      return path;
    }, { code: 'FILE_TOO_LARGE' }],
  ])('%s is refused', async (_, path, error) => {
    await expect(ofFile(path())).rejects.toMatchObject(error);
  });

  it('costs the program what it takes', async () => {
    const allowance = new Allowance({ work: new WorkBudget({ capacityMillis: 0.001, share: 1e-9 }) });
    expect(allowance.take()).toBe(0);
    await ofFile(written('block.rlp', encoded), { ...testCaller(), allowance });
    expect(allowance.take()).toBeGreaterThan(0);
  });

  it('is read for authorised programs only', () => {
    expect(methods.filter(({ access }) => access === 'private').map(({ name }) => name)).toEqual(['debug_traceBlockFromFile']);
  });
});
