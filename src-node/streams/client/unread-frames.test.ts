import { afterEach, expect, it, vi } from 'vitest';
import { millis, systemClock } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import { ConnectWorld, type WorldReader } from '../../testing/connect-world.ts';
import { HostedStream } from '../gateway/hosted-stream.ts';
import { refusal } from '../gateway/refusal.ts';
import { GatewaySocket, type SocketData } from './gateway-socket.ts';

let world: ConnectWorld;

afterEach(async () => {
  vi.restoreAllMocks();
  await world.close();
});

const range = (to: number, from = 0): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** For everybody; what is waited for is waited for in leaps. */
function leapingClock(): { leap(by: number): void } {
  let ahead = 0;
  vi.spyOn(systemClock, 'now').mockImplementation(() => millis(Date.now() + ahead));
  return { leap: (by) => void (ahead += by) };
}

async function numbersOf(reader: WorldReader, clock: ReturnType<typeof leapingClock>): Promise<readonly number[]> {
  clock.leap(500);
  return await Promise.resolve(reader.numbers);
}

it('goes on behind a first batch that it has no key for, though it fills the window many times, and pays nothing for it', async () => {
  const clock = leapingClock();
  world = await ConnectWorld.start();
  await world.publish();
  const subscriber = world.market.subscribe(1, 1_000_000n);
  let isBlind = true;
  const openEnvelope: typeof subscriber.keys.openEnvelope = (sealed) => (isBlind ? Promise.reject(new CodedError('BAD_ENVELOPE', 'sealed to somebody else')) : subscriber.keys.openEnvelope(sealed));
  const reader = world.read({ ...subscriber, keys: { ...subscriber.keys, openEnvelope } });
  await expect.poll(() => reader.of('connected').length, { timeout: 10_000 }).toBe(1);
  await world.send(254);
  await expect.poll(() => reader.of('batch').length, { timeout: 10_000 }).toBe(1);
  clock.leap(60_000);
  await expect.poll(() => reader.of('gap').map(({ gap }) => gap), { timeout: 10_000 }).toEqual([{ from: 0n, to: 253n, reason: 'no_key' }]);
  isBlind = false;
  await world.send(30);
  await expect.poll(() => numbersOf(reader, clock), { timeout: 10_000, interval: 200 }).toEqual(range(284, 254));
  await world.send(30);
  await expect.poll(() => reader.numbers, { timeout: 10_000 }).toEqual(range(314, 254));
  expect(subscriber.vouchers.every(({ cumulativeUnits }) => cumulativeUnits <= 60n)).toBe(true);
  expect(reader.of('connected').length).toBe(2);
});

it('goes on when a connection broke with frames on their way that the log has forgotten since', async () => {
  const clock = leapingClock();
  world = await ConnectWorld.start();
  let reading: GatewaySocket | undefined;
  let isLosing = false;
  let lost = 0;
  const open = GatewaySocket.open.bind(GatewaySocket);
  vi.spyOn(GatewaySocket, 'open').mockImplementation(async (client, handlers, signal) => {
    const onData = (data: SocketData): void => {
      reading = socket;
      if (isLosing) lost++;
      else handlers.onData(data);
    };
    const socket = await open(client, { ...handlers, onData }, signal);
    return socket;
  });
  await world.publish();
  const reader = world.read(world.market.subscribe(1, 1_000_000n));
  await expect.poll(() => reader.of('connected').length, { timeout: 10_000 }).toBe(1);
  await world.send(5);
  await expect.poll(() => reader.numbers, { timeout: 10_000 }).toEqual(range(5));
  isLosing = true;
  await world.send(40);
  await expect.poll(() => lost, { timeout: 10_000 }).toBe(1);
  let kept: bigint | undefined;
  const placeOf = Reflect.get<HostedStream, 'placeOf'>(HostedStream.prototype, 'placeOf');
  vi.spyOn(HostedStream.prototype, 'placeOf').mockImplementation(async function (this: HostedStream, from) {
    kept ??= this.tail.position;
    const place = await placeOf.call(this, from);
    if (place.offset < kept) throw refusal('cursor_too_old', { oldest: this.cursor({ offset: kept, nextSeq: null }) });
    return place;
  });
  isLosing = false;
  reading?.close();
  await expect.poll(() => reader.of('connected').length, { timeout: 10_000 }).toBe(2);
  await world.send(30);
  await expect.poll(() => numbersOf(reader, clock), { timeout: 10_000, interval: 200 }).toEqual([...range(5), ...range(75, 45)]);
  expect(reader.of('gap').map(({ gap }) => gap)).toEqual([{ from: 5n, to: 44n, reason: 'missing' }]);
});
