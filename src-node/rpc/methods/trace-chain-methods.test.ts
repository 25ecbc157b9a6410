import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../base/bytes.ts';
import { silentLogger } from '../../base/logger.ts';
import type { Chain } from '../../chain/chain.ts';
import { MemoryStore } from '../../db/memory-store.ts';
import { network } from '../../networks/network.ts';
import { asking } from '../../testing/ask.ts';
import { blocksIn, testChain } from '../../testing/chains.ts';
import { readVector } from '../../testing/vectors.ts';
import { Session } from '../protocol/session.ts';
import { traceChainMethods } from './trace-chain-methods.ts';
import { traceMethods } from './trace-methods.ts';

interface Notification {
  readonly method: string;
  readonly params: { readonly subscription: string; readonly result: { readonly block: string; readonly hash: string; readonly traces: readonly object[] } };
}

const HEAD = 98;
const TRACER = { tracer: 'opcountTracer' };
let chain: Chain;
beforeAll(async () => {
  chain = await testChain(network('dev'), new MemoryStore(), { archive: true });
  await chain.importBlocks(blocksIn(readVector('blocks/dev-chain.rlp')).slice(0, HEAD + 1));
});

function connection(of = chain): { readonly told: Notification[]; readonly session: Session; readonly ask: ReturnType<typeof asking> } {
  const told: Notification[] = [];
  const session = new Session((text) => told.push(JSON.parse(text) as Notification));
  return { told, session, ask: asking([...traceChainMethods({ chain: of, logger: silentLogger }), ...traceMethods({ chain: of })], session) };
}

describe('debug_subscribe traceChain', () => {
  it('tells the executions of each block with transactions after the first, and of the last', async () => {
    const { told, ask } = connection();
    const { result } = await ask('debug_subscribe', 'traceChain', '0x5a', '0x61', TRACER);
    expect(told).toEqual([]); // the identifier comes first
    await expect.poll(() => told.at(-1)?.params.result.block, { timeout: 20_000 }).toBe('0x61');
    const wanted = [];
    for (const number of [92, 94, 95, 96, 97]) {
      const block = `0x${number.toString(16)}`;
      wanted.push({ block, hash: toHex(chain.hashAt(BigInt(number)) ?? new Uint8Array()), traces: (await ask('debug_traceBlockByNumber', block, TRACER)).result });
    }
    expect(told).toEqual(wanted.map((each) => ({ jsonrpc: '2.0', method: 'debug_subscription', params: { subscription: result, result: each } })));
  });

  it.each<[how: string, end: (from: ReturnType<typeof connection>, subscription: unknown) => Promise<unknown>]>([
    ['is told to', ({ ask }, subscription) => ask('debug_unsubscribe', subscription)],
    ['loses its connection', ({ session }) => Promise.resolve(session.close())],
  ])('ends when it %s', async (_, end) => {
    const subscriber = connection();
    const { result } = await subscriber.ask('debug_subscribe', 'traceChain', '0x5a', '0x61', TRACER);
    await expect.poll(() => subscriber.told.length, { timeout: 20_000, interval: 1 }).toBeGreaterThan(0);
    await end(subscriber, result);
    const { length } = subscriber.told;
    expect(length).toBeLessThan(5);
    await setTimeout(200);
    expect(subscriber.told).toHaveLength(length);
  });

  it('says what it could not show', async () => {
    const { told, ask } = connection();
    await ask('debug_subscribe', 'traceChain', '0x5b', '0x5c', { ...TRACER, timeout: '1ns' });
    await expect.poll(() => told[0]?.params.result.traces, { timeout: 20_000 }).toEqual([{ error: 'execution timeout' }]);
  });

  it.each<[params: unknown[], message: RegExp]>([
    [['0x5', '0x5'], /^end block \(#5\) needs to come after start block \(#5\)$/],
    [['0x500', '0x501'], /^starting block #1280 not found$/],
    [['0x5', '0x501'], /^end block #1281 not found$/],
    [['0x5', '0x6', { tracer: 'mine' }], /^programs are not run/],
    [['0x5'], /^missing value for required argument 1$/],
  ])('says no to %j', async (params, message) => {
    expect((await connection().ask('debug_subscribe', 'traceChain', ...params)).error?.message).toMatch(message);
  });

  it('says no to other names, and where nothing can be told later', async () => {
    expect((await connection().ask('debug_subscribe', 'newHeads')).error?.code).toBe(-32601);
    expect((await asking(traceChainMethods({ chain, logger: silentLogger }))('debug_subscribe', 'traceChain', '0x5', '0x6')).error?.message).toBe('notifications not supported');
  });

  it('says no to blocks whose states are gone', async () => {
    const young = await testChain(network('dev'));
    await young.importBlocks(blocksIn(readVector('blocks/dev-chain.rlp')).slice(0, 200));
    expect((await connection(young).ask('debug_subscribe', 'traceChain', '0x5', '0x6')).error?.message).toMatch(/not stored on this computer/);
  });
});
