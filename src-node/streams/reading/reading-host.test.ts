import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DEPOSIT, Looker, pause, PRICE, range, ReadingWorld, rowOf } from '../../testing/reading-world.ts';
import type { Reading } from './reading.ts';

let world: ReadingWorld;
const until = (state: string, reading: Reading) => expect.poll(() => reading.reading().state, { timeout: 15_000, interval: 20 }).toBe(state);
const untilSeq = (seq: number, reading: Reading) => expect.poll(() => reading.reading().lastSeq, { timeout: 15_000, interval: 20 }).toBe(seq);
/** The gateway has begun to read to us, too. */
const untilLive = async (reading: Reading) => {
  await until('live', reading);
  await pause(100);
};

afterEach(() => world.close());

describe('a subscription by the message', () => {
  it('shows rows in order while its spending rises by price times rows, and leaves nothing unsaid', async () => {
    world = await ReadingWorld.start();
    const reading = await world.read();
    const window = new Looker(reading);
    await untilLive(reading);
    for (let i = 0; i < 10; i++) await world.send(30);
    await expect.poll(() => window.numbers.length, { timeout: 15_000 }).toBe(300);
    expect(window.numbers).toEqual(range(300));
    await expect.poll(() => reading.spend().signed).toBeGreaterThan(275n * PRICE);
    const { signed, owed, spentToday, deposit } = reading.spend();
    expect(signed + owed).toBe(300n * PRICE);
    expect(signed).toBe(world.subscriber.vouchers.at(-1)?.cumulativeAmount);
    expect({ spentToday, deposit }).toEqual({ spentToday: signed, deposit: DEPOSIT });
    const { signature, refusedBatches, gaps, lastSeq, gateway, gatewaysReady } = reading.reading();
    expect({ signature, refusedBatches, gaps, lastSeq, gatewaysReady }).toEqual({ signature: 'valid', refusedBatches: 0, gaps: [], lastSeq: 299, gatewaysReady: 0 });
    expect(gateway?.name).toMatch(/^127\.0\.0\.1:\d+$/);
    await window.close();
    const late = new Looker(reading);
    await expect.poll(() => late.numbers).toEqual(range(300));
    expect(late.events.slice(0, 3).map(({ kind }) => kind)).toEqual(['reading', 'spend', 'rows']);
    expect(late.events.flatMap((event) => (event.kind === 'rows' ? [event.rows[7]?.values] : []))).toEqual([[7, '"Höhe", 7']]);
    await late.close();
  });

  it('stops at the cap of the day and says so; a higher one lets it go on', async () => {
    world = await ReadingWorld.start();
    const reading = await world.read({ cap: 500n });
    await untilLive(reading);
    for (let i = 0; i < 15; i++) {
      await world.send(10);
      await pause(10);
    }
    await until('cap', reading);
    expect(reading.spend()).toMatchObject({ spentToday: 500n, signed: 500n, warning: 100, capPerDay: 500n });
    expect(world.subscriber.vouchers.at(-1)?.cumulativeAmount).toBe(500n);
    await reading.setDailyCap(10_000n);
    await untilSeq(149, reading);
    await expect.poll(() => reading.spend().signed).toBeGreaterThan(1000n);
    expect(reading.spend().warning).toBe(null);
    expect(reading.spend().signed + reading.spend().owed).toBe(150n * PRICE);
  });

  it('goes on at the second gateway when the first is gone, with no row lost and none twice', async () => {
    world = await ReadingWorld.start({}, 2);
    const reading = await world.read();
    const window = new Looker(reading);
    await untilLive(reading);
    await expect.poll(() => reading.reading().gatewaysReady).toBe(1);
    const first = reading.reading().gateway?.id;
    await world.send(100);
    await untilSeq(99, reading);
    await world.market.stopGateway(1);
    await world.send(100);
    await expect.poll(() => window.numbers.length, { timeout: 6000 }).toBe(200);
    expect(window.numbers).toEqual(range(200));
    expect(reading.reading().gateway?.id).not.toBe(first);
    expect(reading.reading().gaps).toEqual([]);
    await window.close();
  });

  it('paused signs and reads nothing; after a restart it goes on where it stood, pays nothing twice, and the file has each row once', async () => {
    world = await ReadingWorld.start();
    const { vouchers } = world.subscriber;
    const before = await world.read();
    await untilLive(before);
    await before.record('jsonl');
    await world.send(120);
    await untilSeq(119, before);
    await world.leave();
    await world.send(80);
    const reading = await world.read();
    await untilSeq(199, reading);
    await reading.pause();
    expect(reading.reading().state).toBe('paused');
    const signed = vouchers.length;
    await world.send(40);
    await pause(300);
    expect(reading.reading().lastSeq).toBe(199);
    expect(vouchers.length).toBe(signed);
    await reading.resume();
    await untilSeq(239, reading);
    await reading.stopRecording();
    const recording = reading.recording();
    const written = readFileSync(join(recording?.folder ?? '', recording?.file ?? ''), 'utf8');
    // each row stands there byte for byte as it was published, behind its number and time
    expect(written.split('\n').slice(0, -1).map((line) => line.replace(/^\{"seq":"\d+","received":"[^"]+",/, '{'))).toEqual(range(240).map((n) => JSON.stringify(rowOf(n))));
    expect(recording).toMatchObject({ state: 'stopped', rows: 240, bytes: Buffer.byteLength(written), problem: null });
    const units = vouchers.map(({ cumulativeUnits }) => cumulativeUnits);
    expect(units).toEqual([...new Set(units)].sort((a, b) => Number(a - b)));
    expect(reading.spend().signed + reading.spend().owed).toBe(240n * PRICE);
    expect(reading.reading().gaps).toMatchObject([{ reason: 'paused', fromSeq: null }]);
  });

  it('whose files are lost asks for its highest voucher before it signs', async () => {
    world = await ReadingWorld.start();
    const { vouchers } = world.subscriber;
    const before = await world.read();
    await untilLive(before);
    await world.send(100); // in one batch, which is larger than the window
    await expect.poll(() => before.spend().signed, { timeout: 15_000 }).toBe(100n * PRICE);
    await world.leave();
    const reading = await world.read({ name: 'restored' });
    await untilLive(reading);
    await expect.poll(() => reading.spend().signed).toBe(100n * PRICE);
    expect(reading.spend()).toMatchObject({ owed: 0n, spentToday: 0n });
    await pause(100);
    await world.send(50);
    await expect.poll(() => vouchers.at(-1)?.cumulativeUnits, { timeout: 15_000 }).toBe(150n);
    const amounts = vouchers.map(({ cumulativeAmount }) => cumulativeAmount);
    expect(amounts).toEqual(amounts.toSorted((a, b) => Number(a - b)));
  });

  it('from an older copy of the profile reads again what it had read, and pays nothing twice', async () => {
    world = await ReadingWorld.start();
    const { vouchers } = world.subscriber;
    const first = await world.read();
    await untilLive(first);
    await world.send(100);
    await expect.poll(() => first.spend().signed, { timeout: 15_000 }).toBe(100n * PRICE);
    await world.leave();
    cpSync(join(world.folder, 'profile'), join(world.folder, 'copy'), { recursive: true });
    const second = await world.read();
    await untilLive(second);
    await world.send(100);
    await expect.poll(() => second.spend().signed, { timeout: 15_000 }).toBe(200n * PRICE);
    await world.leave();
    const copy = await world.read({ name: 'copy' });
    const window = new Looker(copy);
    await untilSeq(199, copy);
    expect(copy.spend()).toMatchObject({ signed: 200n * PRICE, owed: 0n });
    await world.send(50);
    await untilSeq(249, copy);
    await expect.poll(() => vouchers.at(-1)?.cumulativeUnits, { timeout: 15_000 }).toBe(250n);
    await expect.poll(() => window.numbers).toEqual(range(250, 100));
    await window.close();
  });
});
