import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { millis, systemClock } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import { systemFiles } from '../../base/files.ts';
import { silentLogger } from '../../base/logger.ts';
import { MARKET_STREAM, StreamMarket, type MarketOptions, type MarketSubscriber } from '../../testing/stream-market.ts';
import { Publisher } from '../publisher/publisher.ts';
import { connectStream, type ConnectOptions, type StreamEvent } from './connect.ts';
import { GatewaySocket } from './gateway-socket.ts';
import { FileReaderStore } from './reader-store.ts';
import type { StreamRow } from './row.ts';

const schema = { version: 1, columns: [{ name: 'n', type: 'integer', unit: '' }] } as const;
let folder: string;
let market: StreamMarket;
let publishing: { publisher: Publisher; stop: AbortController; done: Promise<void> } | undefined;
const readings: { stop: () => Promise<void> }[] = [];
let sent = 0;

async function startMarket(options: Partial<MarketOptions> = {}, gateways = 1): Promise<void> {
  market = new StreamMarket({ folder, clock: systemClock, plan: { kind: 'metered', unitPrice: 10n, window: 50 }, epochSeconds: 600, ahead: 6, ...options });
  for (let number = 1; number <= gateways; number++) await market.startGateway(number);
}

async function startPublisher(): Promise<void> {
  const publisher = await Publisher.open({ streamId: MARKET_STREAM, folder: join(folder, 'publisher'), schema, maxDelayMillis: millis(10), maxWaitingBytes: 1e7 }, { chain: market, keys: market.publisherKeys, files: systemFiles, clock: systemClock, log: silentLogger });
  const stop = new AbortController();
  publishing = { publisher, stop, done: publisher.run(stop.signal) };
  publishing.done.catch(() => undefined);
}

async function stopPublisher(): Promise<void> {
  publishing?.stop.abort();
  await publishing?.done;
  await publishing?.publisher.close();
  publishing = undefined;
}

async function send(count: number): Promise<void> {
  await publishing!.publisher.sink.accept('test', Array.from({ length: count }, () => ({ row: { n: sent++ }, token: '', timeMillis: systemClock.now() })));
}

/** Reads in the background, as a user's program does. */
function read(subscriber: MarketSubscriber, options: Partial<ConnectOptions> = {}, name = 'reader', events: StreamEvent[] = []) {
  const rows: StreamRow[] = [];
  const end = new AbortController();
  const store = new FileReaderStore({ path: join(folder, `${name}.json`) }, { files: systemFiles });
  const stream = connectStream({ streamId: MARKET_STREAM, channelId: subscriber.channelId, begin: 'earliest', schema, dailyCap: null, signal: end.signal, ...options }, { chain: market, keys: subscriber.keys, store, clock: systemClock, log: silentLogger, onEvent: (event) => events.push(event) });
  const done = (async () => {
    for await (const row of stream) rows.push(row);
  })();
  const stop = async (): Promise<void> => {
    end.abort();
    await done.catch(() => undefined);
  };
  readings.push({ stop });
  return { rows, events, stop, done, numbers: () => rows.map(({ row }) => row?.['n']), of: <T extends StreamEvent['type']>(type: T) => events.filter((event): event is Extract<StreamEvent, { type: T }> => event.type === type) };
}

const range = (to: number, from = 0): number[] => Array.from({ length: to - from }, (_, i) => from + i);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'connect-'));
  for (const number of [1, 2]) mkdirSync(join(folder, `gateway-${number}`));
  sent = 0;
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const { stop } of readings.splice(0)) await stop();
  await stopPublisher();
  await market.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a reader that pays by the message', () => {
  it('gets every row once and in order, and signs for what it got, to the base unit', async () => {
    await startMarket();
    const subscriber = market.subscribe(1, 1_000_000n);
    await startPublisher();
    const reader = read(subscriber);
    for (let i = 0; i < 20; i++) await send(50);
    await expect.poll(() => reader.rows.length, { timeout: 15_000 }).toBe(1000);
    expect(reader.numbers()).toEqual(range(1000));
    expect(reader.rows.map(({ seq }) => Number(seq))).toEqual(range(1000));
    await expect.poll(() => subscriber.vouchers.at(-1)?.cumulativeUnits).toBeGreaterThan(975n);
    const last = subscriber.vouchers.at(-1)!;
    expect(last.cumulativeAmount).toBe(last.cumulativeUnits * 10n);
    expect(last.cumulativeUnits <= 1000n).toBe(true);
    expect(reader.of('gap')).toEqual([]);
  });

  it('pays for less than half a window too when the gateway waits for it, and was asked while the rows were in hand', async () => {
    await startMarket({ plan: { kind: 'metered', unitPrice: 10n, window: 10 } });
    const subscriber = market.subscribe(1, 1_000_000n);
    await startPublisher();
    const store = new FileReaderStore({ path: join(folder, 'slow.json') }, { files: systemFiles });
    const stream = connectStream({ streamId: MARKET_STREAM, channelId: subscriber.channelId, begin: 'earliest', schema, dailyCap: null }, { chain: market, keys: subscriber.keys, store, clock: systemClock, log: silentLogger });
    let got = 0;
    await send(4);
    for await (const { seq } of stream) {
      if (seq === 0n) {
        await send(60); // a batch larger than the window comes when nothing is owed
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      if (++got === 64) break;
    }
    expect(subscriber.vouchers[0]?.cumulativeUnits).toBe(4n);
  });

  it('goes on after a restart with the next row, and pays no row twice', async () => {
    await startMarket();
    const subscriber = market.subscribe(1, 1_000_000n);
    await startPublisher();
    await send(100);
    const first = read(subscriber);
    await expect.poll(() => first.rows.length, { timeout: 15_000 }).toBe(100);
    await first.stop();
    await send(60);
    const second = read(subscriber);
    await expect.poll(() => second.rows.length, { timeout: 15_000 }).toBe(60);
    expect(second.numbers()).toEqual(range(160, 100));
    await second.stop();
    const units = subscriber.vouchers.map(({ cumulativeUnits }) => cumulativeUnits);
    expect(units).toEqual([...new Set(units)].sort((a, b) => Number(a - b)));
    expect(units.at(-1)! <= 160n).toBe(true);
  });

  it('whose files are lost asks for its highest voucher, and signs no lower one', async () => {
    await startMarket();
    const subscriber = market.subscribe(1, 1_000_000n);
    await startPublisher();
    await send(100); // in one batch, which is larger than the window
    const first = read(subscriber);
    await expect.poll(() => first.of('paid').map(({ units }) => units), { timeout: 15_000 }).toEqual([100n]);
    await first.stop();
    const second = read(subscriber, { begin: 'live' }, 'restored');
    await expect.poll(() => second.of('connected').length).toBe(1);
    await send(50);
    await expect.poll(() => second.rows.length, { timeout: 15_000 }).toBe(50);
    await expect.poll(() => subscriber.vouchers.at(-1)?.cumulativeUnits).toBe(150n);
    expect(subscriber.vouchers.every(({ cumulativeUnits }, i, all) => cumulativeUnits >= (all[i - 1]?.cumulativeUnits ?? 0n))).toBe(true);
  });

  it('that was restored from an old copy reads again what it paid for, and does not pay for it twice', async () => {
    await startMarket();
    const subscriber = market.subscribe(1, 1_000_000n);
    await startPublisher();
    for (const [name, count, rows] of [['reader', 100, 100], ['reader', 200, 200]] as const) {
      await send(count);
      const reader = read(subscriber, {}, name);
      await expect.poll(() => reader.rows.length, { timeout: 15_000 }).toBe(rows);
      await expect.poll(() => subscriber.vouchers.at(-1)?.cumulativeUnits).toBe(BigInt(sent));
      await reader.stop();
      if (sent === 100) for (const end of ['', '.copy']) cpSync(join(folder, `reader.json${end}`), join(folder, `old.json${end}`));
    }
    const restored = read(subscriber, {}, 'old');
    await expect.poll(() => restored.rows.length, { timeout: 15_000 }).toBe(200);
    await send(100);
    await expect.poll(() => restored.rows.length, { timeout: 15_000 }).toBe(300);
    await expect.poll(() => subscriber.vouchers.at(-1)?.cumulativeUnits).toBe(400n);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(subscriber.vouchers.at(-1)?.cumulativeUnits).toBe(400n);
  });

  it('sends a voucher again that the gateway could not take', async () => {
    await startMarket();
    const subscriber = market.subscribe(1, 1_000_000n);
    await startPublisher();
    const reader = read(subscriber);
    await expect.poll(() => reader.of('connected').length).toBe(1);
    const channel = market.channel.bind(market);
    market.channel = () => Promise.reject(new CodedError('CHAIN_UNREACHABLE', 'away'));
    market.announce();
    await send(60);
    await expect.poll(() => reader.of('paid').length, { timeout: 15_000 }).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    market.channel = channel;
    await send(60);
    await expect.poll(() => reader.rows.length, { timeout: 15_000 }).toBe(120);
  });

  it('stops at its cap with a word at 50, 80 and 100 %, and the gateway stops within a window', async () => {
    await startMarket();
    const subscriber = market.subscribe(1, 1_000_000n);
    await startPublisher();
    const reader = read(subscriber, { dailyCap: 1000n });
    for (let i = 0; i < 40; i++) {
      await send(10);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    await expect.poll(() => reader.of('paused'), { timeout: 15_000 }).toEqual([{ type: 'paused', why: 'cap' }]);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(reader.of('budget').map(({ level }) => level)).toEqual([50, 80, 100]);
    expect(subscriber.vouchers.at(-1)?.cumulativeAmount).toBe(1000n);
    expect(reader.rows.length).toBeGreaterThanOrEqual(100);
    expect(reader.rows.length).toBeLessThanOrEqual(150);
  });

  it('who is slow signs for what it was asked for when it has got there', async () => {
    await startMarket();
    const subscriber = market.subscribe(1, 1_000_000n);
    await startPublisher();
    const store = new FileReaderStore({ path: join(folder, 'slow.json') }, { files: systemFiles });
    const options = { streamId: MARKET_STREAM, channelId: subscriber.channelId, begin: 'earliest', schema, dailyCap: null } as const;
    const rows: number[] = [];
    for (const size of [20, 40, 20, 40]) {
      await send(size);
      await expect.poll(() => publishing!.publisher.status.rowsWaiting).toBe(0);
    }
    for await (const { row } of connectStream(options, { chain: market, keys: subscriber.keys, store, clock: systemClock, log: silentLogger })) {
      await new Promise((resolve) => setTimeout(resolve, 5)); // PAY comes meanwhile
      if (rows.push(Number(row?.['n'])) === 120) break;
    }
    expect(rows).toEqual(range(120));
  });

  it('reads at another address of a gateway when nothing answers at its first one, and at the others first', async () => {
    await startMarket({}, 2);
    const [first, second] = (await market.stream(MARKET_STREAM))!.gateways;
    const [here, there] = [(await market.gateway(first!))!.endpoints[0]!, (await market.gateway(second!))!.endpoints[0]!];
    const away = 'http://127.0.0.1:1';
    const ask = market.gateway.bind(market);
    vi.spyOn(market, 'gateway').mockImplementation(async (id) => ({ ...(await ask(id))!, endpoints: id === second ? [away] : ['no address', here] }));
    const subscriber = market.subscribe(1, 1_000_000n);
    await startPublisher();
    await send(20);
    const reader = read(subscriber);
    await expect.poll(() => reader.rows.length, { timeout: 15_000 }).toBe(20);
    expect(reader.of('disconnected').map(({ endpoint, error }) => [endpoint, error.code])).toEqual([['no address', 'BAD_ENDPOINT'], [away, 'GATEWAY_UNREACHABLE']]);
    expect(reader.of('connected').map(({ endpoint }) => endpoint)).toEqual([here]);
    expect(there).not.toBe(here);
  });

  it('changes to the second gateway when the first one stops, with no row lost and none twice', async () => {
    await startMarket({}, 2);
    const subscriber = market.subscribe(1, 1_000_000n);
    await startPublisher();
    const reader = read(subscriber);
    await send(200);
    await expect.poll(() => reader.rows.length, { timeout: 15_000 }).toBe(200);
    await market.stopGateway(1);
    await send(200);
    await expect.poll(() => reader.rows.length, { timeout: 8000 }).toBe(400);
    expect(reader.numbers()).toEqual(range(400));
    expect(new Set(reader.of('connected').map(({ endpoint }) => endpoint)).size).toBe(2);
    expect(reader.of('gap')).toEqual([]);
  });
});

describe('a reader that pays for time', () => {
  const time = { plan: { kind: 'period' as const, unitPrice: 1n, window: 0 }, epochSeconds: 1, ahead: 2 };

  it('pays a window ahead while rows come, and nothing more when the publisher stops', async () => {
    await startMarket(time);
    const subscriber = market.subscribe(1, 1_000_000n);
    await startPublisher();
    const reader = read(subscriber, { begin: 'live' });
    // what was published before it read, or whose epoch was over before it had paid, does not come
    await expect.poll(async () => {
      await send(1);
      return reader.rows.length;
    }, { timeout: 15_000, interval: 100 }).toBeGreaterThan(0);
    const before = sent;
    for (let i = 0; i < 15; i++) {
      await send(5);
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    await expect.poll(() => reader.numbers().at(-1), { timeout: 15_000 }).toBe(before + 74);
    const first = Number(reader.numbers()[0]);
    expect(reader.numbers()).toEqual(range(before + 75, first));
    await stopPublisher();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const paid = subscriber.vouchers.length;
    const last = subscriber.vouchers.at(-1)!;
    expect(last.epochTo - reader.rows.at(-1)!.epoch).toBeLessThanOrEqual(2);
    expect(last.cumulativeUnits).toBe(BigInt(last.epochTo - (subscriber.vouchers[0]!.epochTo - 2) + 1));
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(subscriber.vouchers.length).toBe(paid);
  });

  it('pays one window and no second when nothing of the first could be read', async () => {
    await startMarket({ ...time, ahead: 0 });
    const subscriber = market.subscribe(1, 1_000_000n);
    const keys = { ...subscriber.keys, openEnvelope: () => Promise.reject(new CodedError('BAD_ENVELOPE', 'sealed to somebody else')) };
    await startPublisher();
    const reader = read({ ...subscriber, keys }, { begin: 'live' });
    for (let i = 0; i < 12 && reader.of('paused').length === 0; i++) {
      await send(1);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    expect(reader.of('paused')).toEqual([{ type: 'paused', why: 'unverified' }]);
    expect(subscriber.vouchers.map(({ cumulativeUnits }) => cumulativeUnits)).toEqual([1n]);
    expect(reader.rows).toEqual([]);
  });

  it('pays no more because a gateway asks, as long as what is paid is not over and brought nothing', async () => {
    await startMarket(time);
    const subscriber = market.subscribe(1, 1_000_000n);
    let ask: (() => void) | undefined;
    const open = GatewaySocket.open.bind(GatewaySocket);
    vi.spyOn(GatewaySocket, 'open').mockImplementation((client, handlers, signal) => {
      ask = () => handlers.onFrame({ type: 'PAY', stream: MARKET_STREAM, owed: 0n, signed: 0n, window: 0, epochTo: 110, pausedAt: 0n });
      return open(client, handlers, signal);
    });
    const reader = read(subscriber, { begin: 'live' });
    await expect.poll(() => reader.of('connected').length).toBe(1);
    for (let i = 0; i < 20 && reader.of('paused').length === 0; i++) {
      ask?.();
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    expect(reader.of('paused')).toEqual([{ type: 'paused', why: 'unverified' }]);
    expect(subscriber.vouchers.map(({ cumulativeUnits }) => cumulativeUnits)).toEqual([3n]);
  });

  it('goes on reading a stream whose rows are further apart than a window', async () => {
    await startMarket({ ...time, ahead: 1 });
    const subscriber = market.subscribe(1, 1_000_000n);
    await startPublisher();
    const reader = read(subscriber, { begin: 'live' });
    await expect.poll(() => reader.of('connected').length).toBe(1);
    for (const wait of [0, 1000, 3200]) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      const had = reader.rows.length;
      // one whose epoch is over before it is paid for is left out; those that follow come
      await expect.poll(async () => {
        await send(1);
        return reader.rows.length;
      }, { timeout: 15_000, interval: 300 }).toBeGreaterThan(had);
    }
  });
});

it('a gateway that sends more batches than it was asked for is left, before they fill the memory of a reader that is slow', async () => {
  await startMarket();
  const subscriber = market.subscribe(1, 1_000_000n);
  await startPublisher();
  const through = Reflect.get(GatewaySocket.prototype, 'send');
  vi.spyOn(GatewaySocket.prototype, 'send').mockImplementation(function (this: GatewaySocket, frame) {
    through.call(this, frame.type === 'SUB' ? { ...frame, credit: 1000 } : frame);
  });
  const errors: string[] = [];
  const store = new FileReaderStore({ path: join(folder, 'slow.json') }, { files: systemFiles });
  const rows = connectStream({ streamId: MARKET_STREAM, channelId: subscriber.channelId, begin: 'live', schema, dailyCap: null }, { chain: market, keys: subscriber.keys, store, clock: systemClock, log: silentLogger, onEvent: (event) => (event.type === 'disconnected' ? errors.push(event.error.code) : undefined) })[Symbol.asyncIterator]();
  const first = rows.next();
  for (let i = 0; i < 40; i++) {
    await send(1);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  await first;
  await expect.poll(() => errors, { timeout: 15_000 }).toContain('BAD_FRAME');
  await rows.return?.();
});

it('tells the gateway of what it may send by half the bound, never of more than was read, and gets every batch', async () => {
  await startMarket({ plan: { kind: 'metered', unitPrice: 10n, window: 10_000 } });
  const subscriber = market.subscribe(1, 1_000_000n);
  await startPublisher();
  const batches = 90;
  const before = Reflect.get(GatewaySocket.prototype, 'send');
  const events: StreamEvent[] = [];
  const batchesRead = (): number => events.filter(({ type }) => type === 'batch').length;
  let given = 0;
  let told = 0;
  vi.spyOn(GatewaySocket.prototype, 'send').mockImplementation(function (this: GatewaySocket, frame) {
    if (frame.type === 'CREDIT') {
      told += 1;
      given += frame.batches;
      expect(given).toBeLessThanOrEqual(batchesRead());
    }
    before.call(this, frame);
  });
  const reader = read(subscriber, {}, 'reader', events);
  for (let i = 0; i < batches; i++) {
    await send(1);
    await expect.poll(() => reader.rows.length, { timeout: 15_000, interval: 5 }).toBe(i + 1);
  }
  expect(reader.numbers()).toEqual(range(batches));
  expect(batchesRead()).toBe(batches);
  expect(told).toBeGreaterThan(1);
  expect(told).toBeLessThanOrEqual(batches / 16);
});
