import { afterEach, expect, it } from 'vitest';
import { pause, ReadingWorld } from '../../testing/reading-world.ts';

let world: ReadingWorld;

afterEach(() => world.close());

it('by time pays one window ahead, and nothing more when the publisher is silent', async () => {
  world = await ReadingWorld.start({ plan: { kind: 'period', unitPrice: 3n, window: 0 }, epochSeconds: 1, ahead: 1 });
  const { vouchers } = world.subscriber;
  const reading = await world.read();
  await expect.poll(() => reading.reading().state, { timeout: 15_000, interval: 20 }).toBe('live');
  await pause(100); // the gateway has begun to read to us, too
  for (let i = 0; i < 6; i++) {
    await world.send(5);
    await pause(200);
  }
  await expect.poll(() => reading.reading().lastSeq, { timeout: 15_000 }).toBe(29);
  await expect.poll(() => reading.spend()).toMatchObject({ signed: vouchers.at(-1)?.cumulativeAmount, owed: 0n, windowAmount: 6n });
  await world.stopPublisher();
  await pause(200);
  const paid = vouchers.length;
  await pause(2500);
  expect(vouchers.length).toBe(paid);
  expect(reading.spend().signed).toBe(vouchers.at(-1)?.cumulativeAmount);
});
