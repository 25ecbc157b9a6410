import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConnectWorld, type WorldReader } from '../../testing/connect-world.ts';
import { StoppableProxy } from '../../testing/stoppable-proxy.ts';
import type { StreamChain } from '../stream-chain.ts';
import { GatewaySocket, type SocketData } from './gateway-socket.ts';

let world: ConnectWorld;
let proxy: StoppableProxy | undefined;

afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await world.close();
  await proxy?.close();
  proxy = undefined;
});

const range = (to: number, from = 0): number[] => Array.from({ length: to - from }, (_, i) => from + i);

it('tells a hole on time also when the gateway is gone and no other one answers', async () => {
  world = await ConnectWorld.start();
  let lost = 0;
  const open = GatewaySocket.open.bind(GatewaySocket);
  vi.spyOn(GatewaySocket, 'open').mockImplementation((client, handlers, signal) => {
    const onData = (data: SocketData): void => (++lost === 2 ? undefined : handlers.onData(data));
    return open(client, { ...handlers, onData }, signal);
  });
  await world.publish();
  const reader = world.read(world.market.subscribe(1, 1_000_000n));
  await expect.poll(() => reader.of('connected').length, { timeout: 15_000 }).toBe(1);
  for (let i = 0; i < 3; i++) await world.send(5);
  await expect.poll(() => reader.of('batch').length, { timeout: 15_000 }).toBe(2);
  await expect.poll(() => reader.numbers, { timeout: 15_000 }).toEqual(range(5)); // its keys are there
  const since = Date.now();
  await world.market.stopGateway(1);
  await expect.poll(() => reader.of('gap'), { timeout: 8000 }).toEqual([{ type: 'gap', gap: { from: 5n, to: 9n, reason: 'missing' }, gateway: null }]);
  expect(Date.now() - since).toBeGreaterThan(3000);
  await expect.poll(() => reader.numbers).toEqual([...range(5), ...range(15, 10)]);
  expect(reader.of('connected').length).toBe(1);
});

describe('a gateway that falls silent', () => {
  /** Seconds pass for what is repeated, and messages are on their way meanwhile. */
  const second = async (): Promise<void> => {
    await vi.advanceTimersByTimeAsync(1000);
    await new Promise((resolve) => setTimeout(resolve, 20));
  };

  /** Connected to the first of two gateways, whose connection can stand still. */
  async function connected(): Promise<{ readonly reader: WorldReader; readonly through: StoppableProxy }> {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    world = await ConnectWorld.start({}, 2);
    const { market } = world;
    const [first] = market.record.gateways;
    const port = Number(new URL((await market.gateway(first!))?.endpoints[0] ?? '').port);
    const through = (proxy = await StoppableProxy.listen(port));
    await world.publish();
    const gateway: StreamChain['gateway'] = async (id) => {
      const record = await market.gateway(id);
      return record === null || id !== first ? record : { ...record, endpoints: [through.url] };
    };
    const reader = world.read(market.subscribe(1, 1_000_000n), {}, { gateway });
    await expect.poll(() => reader.of('connected').length, { timeout: 15_000 }).toBe(1);
    await world.send(5);
    await expect.poll(() => reader.numbers, { timeout: 15_000 }).toEqual(range(5));
    expect(reader.of('connected')[0]?.endpoint).toBe(through.url);
    return { reader, through };
  }

  it('is left for another one within 15 s', async () => {
    const { reader, through } = await connected();
    await second();
    await second();
    through.standStill();
    for (let i = 0; i < 15; i++) await second();
    expect(reader.of('disconnected').map(({ endpoint }) => endpoint)).toEqual([through.url]);
    await world.send(5);
    await expect.poll(() => reader.numbers, { timeout: 10_000 }).toEqual(range(10));
  });

  it('is not left while it answers, however long nothing is published', async () => {
    const { reader } = await connected();
    for (let i = 0; i < 60; i++) await second();
    expect(reader.of('disconnected')).toEqual([]);
  });

  it('is not left while a batch is on its way, however slowly', async () => {
    const { reader, through } = await connected();
    through.standStill();
    await world.send(50);
    for (let i = 0; i < 30; i++) {
      through.drip(1);
      await second();
    }
    expect(reader.of('disconnected')).toEqual([]);
  });
});

describe('when another account publishes', () => {
  /** A reader that has twenty rows of each account. */
  async function afterChange(gateways: number): Promise<WorldReader> {
    world = await ConnectWorld.start({}, gateways);
    await world.publish();
    const reader = world.read(world.market.subscribe(1, 1_000_000n));
    await expect.poll(() => reader.of('connected').length, { timeout: 15_000 }).toBe(1);
    await world.send(20);
    await expect.poll(() => reader.numbers, { timeout: 15_000 }).toEqual(range(20));
    await world.stopPublishing();
    world.market.changePublisher();
    await world.publish();
    await world.send(20);
    await expect.poll(() => reader.numbers, { timeout: 15_000 }).toEqual(range(40));
    return reader;
  }

  it('goes on with its batches, and is disturbed by none of them', async () => {
    const reader = await afterChange(1);
    expect([reader.of('disconnected'), reader.of('gap'), reader.of('fork')]).toEqual([[], [], []]);
  });

  it('passes over batches of the account before that it has read, which another gateway gives again', async () => {
    const reader = await afterChange(2);
    await world.market.stopGateway(1);
    await expect.poll(() => reader.of('connected').length, { timeout: 15_000 }).toBe(3);
    await world.send(20);
    await expect.poll(() => reader.numbers, { timeout: 15_000 }).toEqual(range(60));
    expect(reader.of('disconnected').map(({ error }) => error.code)).not.toContain('BAD_BATCH');
  });
});

describe('by the message from the earliest on', () => {
  const epoch = 2000;
  const nextEpoch = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2 * epoch - (Date.now() % epoch) + 300));

  it('begins with the first epoch that its keys open, and not with what it cannot read', async () => {
    world = await ConnectWorld.start({ epochSeconds: epoch / 1000, ahead: 2 });
    await world.publish();
    for (let i = 0; i < 10; i++) await world.send(20);
    await nextEpoch();
    const subscriber = world.market.subscribe(1, 1_000_000n);
    const reader = world.read(subscriber, { begin: 'earliest' });
    await expect.poll(() => reader.of('connected').length, { timeout: 15_000 }).toBe(1);
    await world.send(30);
    await expect.poll(() => reader.numbers, { timeout: 25_000 }).toEqual(range(230, 200));
    await reader.stop();
    await nextEpoch();
    await world.send(10);
    const again = world.read(subscriber, { begin: 'earliest' });
    await expect.poll(() => again.numbers, { timeout: 25_000 }).toEqual(range(240, 200));
    expect(again.of('gap')).toEqual([]);
  });

  it('begins with what comes while nobody hands out keys', async () => {
    world = await ConnectWorld.start({ epochSeconds: epoch / 1000, ahead: 2 });
    await world.publish();
    for (let i = 0; i < 10; i++) await world.send(20);
    await world.stopPublishing();
    await nextEpoch();
    const reader = world.read(world.market.subscribe(1, 1_000_000n), { begin: 'earliest' });
    await expect.poll(() => reader.of('connected').length, { timeout: 15_000 }).toBe(1);
    await world.publish();
    await expect.poll(async () => {
      await world.send(10); // those of an epoch that was over before its keys were handed out are not read
      return reader.numbers.length;
    }, { timeout: 25_000 }).toBeGreaterThan(0);
    const numbers = [...reader.numbers];
    expect(numbers[0]).toBeGreaterThanOrEqual(200);
    expect(numbers).toEqual(range(numbers.length).map((i) => i + (numbers[0] ?? 0)));
  });
});
