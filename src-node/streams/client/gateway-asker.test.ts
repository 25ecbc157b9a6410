import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { toHex, type Hex } from '../../base/bytes.ts';
import { millis, systemClock, type Millis } from '../../base/clock.ts';
import { systemFiles } from '../../base/files.ts';
import { silentLogger } from '../../base/logger.ts';
import { MARKET_STREAM, StreamMarket } from '../../testing/stream-market.ts';
import { epochAt } from '../format/ggm.ts';
import { RECENT_INTERVAL_MILLIS, RECENT_INTERVALS } from '../gateway/recent-counts.ts';
import type { GatewayEntry } from '../index/gateway-entry.ts';
import type { StreamEntry } from '../index/stream-entry.ts';
import { Publisher } from '../publisher/publisher.ts';
import { GatewayAsker } from './gateway-asker.ts';
import { GatewayClient } from './gateway-client.ts';

const EPOCH_SECONDS = 600;
const columns = [{ name: 'n', type: 'integer', unit: 'km' }, { name: 'place', type: 'text', unit: null }] as const;
const folder = mkdtempSync(join(tmpdir(), 'asker-'));
const stop = new AbortController();
let market: StreamMarket;
let publisher: Publisher;
let running: Promise<void>;
let now = 0;
/** The system's, and by hand further on. */
const clock = { now: () => millis(systemClock.now() + now), sleep: (delay: Millis, signal?: AbortSignal) => systemClock.sleep(delay, signal) };

async function entryOf(number: number, endpoint?: string): Promise<GatewayEntry> {
  const id = new Uint8Array(32).fill(0x60 + number);
  const record = await market.gateway(id);
  return { id: toHex(id), owner: '0x', signer: '0x', endpoints: [endpoint ?? record?.endpoints[0] ?? ''], status: 'bonded', bond: 0n, leavingBlock: 0, logId: 1n, slashed: false, createdBlock: 0, createdAt: millis(0) };
}

/** What the index would say of the market's stream. */
function stream(): StreamEntry {
  const { publisher: address, startSeconds, epochSeconds, ahead } = market.record;
  return {
    id: toHex(MARKET_STREAM), owner: '0x', nonce: 0n, publisher: toHex(address), publishers: [toHex(address)], status: 'registered', generation: 1, epochSeconds, ahead, startSeconds, metaHash: '0x', metaUri: '', gateways: [], plans: [], createdBlock: 0, createdAt: millis(0),
  };
}

const asker = (practice = true): GatewayAsker => new GatewayAsker({ practice }, { chain: market, clock });
const send = (from: number, count: number): Promise<unknown> => publisher.sink.accept('test', Array.from({ length: count }, (_, i) => ({ row: { n: from + i, place: `stop ${from + i}` }, token: '', timeMillis: systemClock.now() })));

/** Once the gateway has this many rows. */
async function arrived(count: number): Promise<void> {
  const gateway = await entryOf(1);
  await vi.waitFor(async () => {
    const fresh = asker();
    await fresh.ask(stream(), [gateway]);
    expect(fresh.answerOf(gateway.id, stream().id)?.headSeq).toBe(count - 1);
  }, { timeout: 5000, interval: 20 });
}

beforeAll(async () => {
  for (const number of [1, 2]) mkdirSync(join(folder, `gateway-${number}`));
  market = new StreamMarket({ folder, clock, plan: { kind: 'metered', unitPrice: 10n, window: 50 }, epochSeconds: EPOCH_SECONDS, ahead: 6 });
  await market.startGateway(1);
  publisher = await Publisher.open({ streamId: MARKET_STREAM, folder: join(folder, 'publisher'), schema: { version: 1, columns: columns.map(({ name, type, unit }) => ({ name, type, unit: unit ?? '' })) }, maxDelayMillis: millis(10), maxWaitingBytes: 1e7 }, { chain: market, keys: market.publisherKeys, files: systemFiles, clock: systemClock, log: silentLogger });
  running = publisher.run(stop.signal);
  running.catch(() => undefined);
  await send(0, 100);
  await arrived(100);
});
afterAll(async () => {
  stop.abort();
  await running;
  await publisher.close();
  await market.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('asking gateways', () => {
  it('tells how each is, how far the stream is, and how much came of late', async () => {
    const gateways = [await entryOf(1)];
    const one = asker();
    expect([one.answerOf(gateways[0]?.id ?? '0x', stream().id), one.measureOf(stream().id)]).toEqual([null, null]);
    await one.ask(stream(), gateways);
    expect(one.answerOf(gateways[0]?.id ?? '0x', stream().id)).toMatchObject({ state: 'ready', headSeq: 99, problem: null });
    expect(one.measureOf(stream().id)).toMatchObject({ gateway: gateways[0]?.id, retentionMillis: 86_400_000 });
    now += RECENT_INTERVAL_MILLIS - (clock.now() % RECENT_INTERVAL_MILLIS) + 4000; // the interval in which they came is over
    await one.ask(stream(), gateways);
    const { ratePerSecond, print } = one.measureOf(stream().id) ?? { print: [] };
    expect(ratePerSecond).toBeCloseTo(100 / 60); // in a minute
    expect([print.length, Math.max(...print), print[0]]).toEqual([RECENT_INTERVALS, 1, 0]);
  });

  it('knows the gateway that is another one, the one that is away, and the one that may not be asked', async () => {
    const here = (await entryOf(1)).endpoints[0] ?? '';
    const gateways: readonly [Hex, GatewayEntry][] = [
      ['0xother', { ...(await entryOf(2)), endpoints: [here] }], ['0xaway', await entryOf(3, 'http://127.0.0.1:48799')], ['0xlan', await entryOf(4, 'http://192.168.1.1')], ['0xfile', await entryOf(5, 'file:///etc/passwd')],
    ];
    const one = asker();
    await one.ask(stream(), gateways.map(([, entry]) => entry));
    const states = gateways.map(([, { id }]) => {
      const answer = one.answerOf(id, stream().id);
      return [answer?.state, answer?.problem?.code];
    });
    expect(states).toEqual([['other', 'WRONG_GATEWAY'], ['unreachable', 'GATEWAY_UNREACHABLE'], ['unreachable', 'BAD_ENDPOINT'], ['unreachable', 'BAD_ENDPOINT']]);
    const strict = asker(false);
    await strict.ask(stream(), [await entryOf(1)]);
    expect(strict.answerOf((await entryOf(1)).id, stream().id)?.problem?.code).toBe('BAD_ENDPOINT');
  });

  it('asks a gateway at its other addresses when nothing answers at the first, and there again', async () => {
    const gateway = await entryOf(1);
    const [here = ''] = gateway.endpoints;
    await market.startGateway(2);
    const another = (await entryOf(2)).endpoints[0] ?? '';
    const one = asker();
    for (const first of ['http://127.0.0.1:48799', another, 'http://192.168.1.1', 'http://127.0.0.1/a/path']) {
      now += 10_000;
      await one.ask(stream(), [{ ...gateway, endpoints: [first, here] }]);
      expect([first, one.answerOf(gateway.id, stream().id)]).toMatchObject([first, { state: 'ready', headSeq: 99 }]);
    }
    await market.stopGateway(2);
    now += 10_000;
    await one.ask(stream(), [{ ...gateway, endpoints: ['http://127.0.0.1:48799', 'http://127.0.0.1:48798'] }]);
    expect(one.answerOf(gateway.id, stream().id)).toMatchObject({ state: 'unreachable', problem: { code: 'GATEWAY_UNREACHABLE' } });
  });

  it('finds out which one lacks what another has', async () => {
    await market.startGateway(2);
    const gateways = [await entryOf(1), await entryOf(2)];
    const one = asker();
    await one.ask(stream(), gateways);
    expect(gateways.map(({ id }) => one.answerOf(id, stream().id)?.state)).toEqual(['ready', 'behind']);
    await market.stopGateway(2);
  });
});

describe('the free sample', () => {
  const peek = async (gateways: readonly GatewayEntry[], entry = stream()) => asker().peek(entry, gateways, [...columns], 5);

  it('is none before the publisher gave one out, or where nobody answers', async () => {
    await expect(peek([await entryOf(1)])).rejects.toMatchObject({ code: 'NO_PEEK' });
    await expect(peek([await entryOf(3, 'http://127.0.0.1:48799')])).rejects.toMatchObject({ code: 'GATEWAYS_UNREACHABLE' });
    await expect(peek([])).rejects.toMatchObject({ code: 'GATEWAYS_UNREACHABLE' });
  });

  it('is read newest first from the first gateway that answers, and only what the publisher signed', async () => {
    const gateway = await entryOf(1);
    const { startSeconds } = market.record;
    const epoch = epochAt(systemClock.now(), startSeconds * 1000, EPOCH_SECONDS * 1000);
    const owner = new GatewayClient({ gatewayId: new Uint8Array(32).fill(0x61), endpoint: gateway.endpoints[0] ?? '', action: 'publish', streams: [MARKET_STREAM], entitlement: new Uint8Array(32) }, { chain: market, clock: systemClock, signTicket: (ticket) => market.publisherKeys.signTicket(ticket) });
    await owner.putPeekKey(MARKET_STREAM, { generation: 1, epoch, nodes: [...(await market.publisherKeys.nodes(1, epoch, epoch))] });
    const { rows, gateway: from } = await peek([await entryOf(3, 'http://127.0.0.1:48799'), gateway]);
    expect(from).toBe(gateway.id);
    expect(rows.map(({ seq, values, raw }) => [seq, values, raw])).toEqual([99, 98, 97, 96, 95].map((n) => [n, [n, `stop ${n}`], null]));
    const [row] = (await asker().peek(stream(), [gateway], [{ name: 'other', type: 'text', unit: null }], 1)).rows;
    expect([row?.values, row?.raw]).toEqual([[null], '{"n":99,"place":"stop 99"}']);
    await expect(peek([gateway], { ...stream(), publisher: `0x${'99'.repeat(20)}` })).rejects.toMatchObject({ code: 'GATEWAYS_UNREACHABLE' });
  });
});
