import { afterEach, expect, it, vi } from 'vitest';
import { ConnectWorld } from '../../testing/connect-world.ts';
import { GatewaySocket, type SocketData } from './gateway-socket.ts';

let world: ConnectWorld;

afterEach(async () => {
  vi.restoreAllMocks();
  await world.close();
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
  const since = Date.now();
  await world.market.stopGateway(1);
  await expect.poll(() => reader.of('gap'), { timeout: 8000 }).toEqual([{ type: 'gap', gap: { from: 5n, to: 9n, reason: 'missing' }, gateway: null }]);
  expect(Date.now() - since).toBeGreaterThan(3000);
  await expect.poll(() => reader.numbers).toEqual([...range(5), ...range(15, 10)]);
  expect(reader.of('connected').length).toBe(1);
});
