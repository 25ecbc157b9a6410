import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { millis, systemClock } from '../../base/clock.ts';
import { systemFiles } from '../../base/files.ts';
import { silentLogger } from '../../base/logger.ts';
import { MARKET_STREAM, StreamMarket } from '../../testing/stream-market.ts';
import { connectStream, type StreamEvent } from '../client/connect.ts';
import { NEW_READER } from '../client/reader-store.ts';
import { Publisher } from './publisher.ts';

const CHILD = join(import.meta.dirname, '../../testing/publisher-child.ts');
const schema = { version: 1, columns: [{ name: 'n', type: 'integer', unit: '' }] } as const;
let folder: string;
let market: StreamMarket;
const stops: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'publisher-'));
  for (const number of [1, 2]) mkdirSync(join(folder, `gateway-${number}`));
  market = new StreamMarket({ folder, clock: systemClock, plan: { kind: 'metered', unitPrice: 10n, window: 50 }, epochSeconds: 600, ahead: 6 });
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
  await market.close();
  rmSync(folder, { recursive: true, force: true });
});

const range = (to: number, from = 0): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const pause = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));

interface Running {
  readonly publisher: Publisher;
  readonly done: Promise<void>;
  stop(): Promise<void>;
  send(numbers: readonly number[]): Promise<void>;
}

async function start(name = 'device'): Promise<Running> {
  const publisher = await Publisher.open({ streamId: MARKET_STREAM, folder: join(folder, name), schema, maxDelayMillis: millis(10), maxWaitingBytes: 1e7 }, { chain: market, keys: market.publisherKeys, files: systemFiles, clock: systemClock, log: silentLogger });
  const end = new AbortController();
  const done = publisher.run(end.signal);
  done.catch(() => undefined);
  let closing: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    end.abort();
    return (closing ??= done.catch(() => undefined).then(() => publisher.close()));
  };
  stops.push(stop);
  return { publisher, done, stop, send: (numbers) => publisher.sink.accept('test', numbers.map((n) => ({ row: { n }, token: '', timeMillis: systemClock.now() }))) };
}

/** All rows from the first on, as a reader gets them. */
function read(subscriber = 1) {
  const { channelId, keys } = market.subscribe(subscriber, 10_000_000n);
  const [rows, events, end]: [number[], StreamEvent[], AbortController] = [[], [], new AbortController()];
  const store = { load: () => Promise.resolve(NEW_READER), save: () => Promise.resolve() };
  const done = (async () => {
    const options = { streamId: MARKET_STREAM, channelId, begin: 'earliest', schema, dailyCap: null, signal: end.signal } as const;
    for await (const { row } of connectStream(options, { chain: market, keys, store, clock: systemClock, log: silentLogger, onEvent: (event) => events.push(event) })) rows.push(Number(row?.['n']));
  })();
  stops.push(() => {
    end.abort();
    return done.catch(() => undefined);
  });
  return { rows, events };
}

const tailOf = async (number: number): Promise<number> => {
  const gateway = await market.gateway(new Uint8Array(32).fill(0x60 + number));
  const url = `${gateway?.endpoints[0] ?? ''}/v1/streams/0x${'5d'.repeat(32)}`;
  // a connection of before a restart fails once
  const facts = (await (await fetch(url).catch(() => fetch(url))).json()) as { tail: { nextSeq: string } | null };
  return Number(facts.tail?.nextSeq ?? 0);
};

it('brings every row of a file to the reader once and in order while publisher and gateway are killed and come again', async () => {
  const { port } = await market.startGateway(1);
  const path = join(folder, 'rows.jsonl');
  const startChild = (): ChildProcess => spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, join(folder, 'device'), path, String(market.record.startSeconds), `http://127.0.0.1:${port}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  const kill = (child: ChildProcess): Promise<unknown> => {
    const exit = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    return exit;
  };
  const running = { child: startChild() };
  stops.push(() => kill(running.child));
  let sent = 0;
  for (let kills = 0; kills < 3; kills++) {
    const before = await tailOf(1);
    const life = { until: Infinity };
    // it is killed a moment after it has begun to publish
    const began = expect.poll(() => tailOf(1), { timeout: 30_000, interval: 20 }).toBeGreaterThan(before).finally(() => (life.until = Date.now() + 60 + kills * 31));
    began.catch(() => undefined); // waited for below
    while (Date.now() < life.until) {
      appendFileSync(path, range(sent + 7, sent).map((n) => `{"n":${n}}\n`).join(''));
      sent += 7;
      await pause(5);
    }
    await began;
    await kill(running.child);
    if (kills === 1) {
      await market.stopGateway(1);
      await market.startGateway(1, port);
    }
    running.child = startChild();
  }
  const reader = read();
  await expect.poll(() => reader.rows.length, { timeout: 30_000 }).toBe(sent);
  await pause(100);
  expect(reader.rows).toEqual(range(sent));
  expect(reader.events.filter(({ type }) => type === 'gap' || type === 'fork')).toEqual([]);
}, 180_000);

it('brings every batch to each gateway, also to one that was away', async () => {
  await market.startGateway(1);
  const { port } = await market.startGateway(2);
  const device = await start();
  await device.send(range(100));
  await expect.poll(async () => [await tailOf(1), await tailOf(2)]).toEqual([100, 100]);
  await market.stopGateway(2);
  await device.send(range(300, 100));
  await expect.poll(() => tailOf(1)).toBe(300);
  await market.startGateway(2, port);
  await expect.poll(() => tailOf(2), { timeout: 10_000 }).toBe(300);
  expect(device.publisher.status.gateways.map(({ waiting }) => waiting)).toEqual([0, 0]);
});

it('takes rows while no gateway is there, and sends them when one comes', async () => {
  const { port } = await market.startGateway(1);
  await market.stopGateway(1);
  const device = await start();
  await device.send(range(600));
  await device.stop();
  const again = await start();
  await again.send(range(700, 600));
  await market.startGateway(1, port);
  const reader = read();
  await expect.poll(() => reader.rows.length, { timeout: 10_000 }).toBe(700);
  expect(reader.rows).toEqual(range(700));
});

it('goes on behind what the gateway has when its own disk is an old copy', async () => {
  await market.startGateway(1);
  let device = await start();
  await device.send(range(10));
  await expect.poll(() => tailOf(1)).toBe(10);
  await device.stop();
  cpSync(join(folder, 'device'), join(folder, 'copy'), { recursive: true });
  device = await start();
  await device.send(range(20, 10));
  await expect.poll(() => tailOf(1)).toBe(20);
  await device.stop();
  const restored = await start('copy');
  await restored.send(range(30, 20));
  await expect.poll(() => tailOf(1)).toBe(30);
  const reader = read();
  await expect.poll(() => reader.rows.length).toBe(30);
  expect(reader.rows).toEqual(range(30));
  expect(reader.events.filter(({ type }) => type === 'fork')).toEqual([]);
});

it('goes on behind the last checkpoint when disk and gateways have less', async () => {
  await market.startGateway(1);
  let device = await start();
  await device.send(range(10));
  await expect.poll(() => tailOf(1)).toBe(10);
  await device.stop();
  market.checkpoint = { number: 3, timeSeconds: market.record.startSeconds, generation: 1, epoch: 100, lastSeq: 29n, lastBatchHash: new Uint8Array(32).fill(5) };
  device = await start();
  await device.send(range(12, 10));
  await expect.poll(() => tailOf(1)).toBe(32);
  expect(device.publisher.status).toMatchObject({ state: 'publishing', nextSeq: 32n });
  await device.stop();
  market.checkpoint = { ...market.checkpoint, lastSeq: 5n }; // an older one changes nothing
  device = await start();
  await device.send(range(14, 12));
  await expect.poll(() => tailOf(1)).toBe(34);
});

it('stops and says so when a copy of it publishes at the same time', async () => {
  await market.startGateway(1);
  const [one, other] = [await start('one'), await start('other')];
  await expect.poll(() => [one.publisher.status.state, other.publisher.status.state]).toEqual(['publishing', 'publishing']);
  await one.send(range(10));
  await expect.poll(() => tailOf(1)).toBe(10);
  await other.send(range(10));
  await expect(other.done).rejects.toMatchObject({ code: 'PUBLISHER_FORK' });
  expect(other.publisher.status).toMatchObject({ state: 'stopped', fault: { code: 'PUBLISHER_FORK' } });
  await one.send(range(20, 10));
  await expect.poll(() => tailOf(1)).toBe(20);
});

it('goes on with new keys and a further gateway when the chain says so', async () => {
  await market.startGateway(1);
  const device = await start();
  const reader = read();
  await device.send(range(50));
  await expect.poll(() => reader.rows.length).toBe(50);
  market.record = { ...market.record, generation: 2 };
  await market.startGateway(2);
  market.announce();
  await expect.poll(() => device.publisher.status.gateways.length).toBe(2);
  await device.send(range(100, 50));
  await expect.poll(() => reader.rows.length, { timeout: 8000 }).toBe(100);
  expect(reader.rows).toEqual(range(100));
  await expect.poll(() => tailOf(2)).toBe(100);
  expect(device.publisher.status.state).toBe('publishing');
});
