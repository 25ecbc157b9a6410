/** What every engine does, as tests: the same for segment files and for Kafka. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EMPTY_BYTES, utf8, type Bytes } from '../../../base/bytes.ts';
import { millis } from '../../../base/clock.ts';
import { isCoded } from '../../../base/errors.ts';
import type { LogEngine, LogRecord, LogTable, StreamLog } from '../engine.ts';
import { MAX_RECORD_BYTES } from '../log-errors.ts';

export const START = 1_700_000_000_000;
export const DAY = { retentionMillis: millis(24 * 3600 * 1000 * 36500) };
const PUBLISHER = new Uint8Array(20).fill(7);
const MUCH = { maxRecords: 1000, maxBytes: 10_000_000 };

export function newStreamId(): Bytes {
  return Uint8Array.from(randomBytes(32));
}

export function recordOf(text: string, time = START, key = PUBLISHER): LogRecord {
  return { key, timeMillis: millis(time), value: utf8(text) };
}

export function textOf(value: Bytes | undefined): string | undefined {
  return value === undefined ? undefined : Buffer.from(value).toString('utf8');
}

export async function textsOf(log: StreamLog, from = 0n): Promise<readonly string[]> {
  const { records } = await log.read(from, MUCH);
  return records.map(({ value }) => textOf(value) ?? '');
}

export async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(() => 'none', (error: unknown) => (isCoded(error) ? error.code : String(error)));
}

/** @param open an engine over what `engine` gave: each call is another run of the program, the one before is closed */
export function describeEngine(name: string, open: () => LogEngine | Promise<LogEngine>): void {
  describe(name, () => {
    let engine: LogEngine;
    beforeAll(async () => {
      engine = await open();
    });
    afterAll(() => engine.close());
    const newLog = (): Promise<StreamLog> => engine.open(newStreamId(), DAY);

    it('counts offsets from 0 without holes, those of a call one after the other', async () => {
      const log = await newLog();
      expect(await log.bounds()).toEqual({ first: 0n, next: 0n });
      expect(await log.append([recordOf('a'), recordOf('b')])).toEqual([0n, 1n]);
      expect(await log.append([])).toEqual([]);
      const offsets = await Promise.all(Array.from({ length: 200 }, (_, i) => log.append([recordOf(`x${i}`), recordOf(`y${i}`)])));
      expect(offsets).toEqual(Array.from({ length: 200 }, (_, i) => [BigInt(2 + 2 * i), BigInt(3 + 2 * i)]));
      expect(await log.bounds()).toEqual({ first: 0n, next: 402n });
      const { records, next } = await log.read(0n, MUCH);
      expect(next).toBe(402n);
      expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: 402 }, (_, i) => BigInt(i)));
      expect(records.slice(2, 6).map(({ value }) => Buffer.from(value).toString())).toEqual(['x0', 'y0', 'x1', 'y1']);
    });

    it('gives back key, time and bytes as they were', async () => {
      const log = await newLog();
      const value = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 31) & 0xff);
      const key = Uint8Array.from(randomBytes(20));
      await log.append([{ key, timeMillis: millis(START + 5), value }, recordOf('')]);
      const [first, second] = (await log.read(0n, MUCH)).records;
      expect(first).toMatchObject({ offset: 0n, timeMillis: START + 5 });
      expect(Buffer.from(first?.key ?? []).equals(key)).toBe(true);
      expect(Buffer.from(first?.value ?? []).equals(value)).toBe(true);
      expect(second?.value.length).toBe(0);
    });

    it('reads from anywhere, and no more than was asked for', async () => {
      const log = await newLog();
      await log.append(Array.from({ length: 50 }, (_, i) => recordOf(String(i).padStart(100, '.'))));
      await log.append(Array.from({ length: 50 }, (_, i) => recordOf(String(i + 50).padStart(100, '.'))));
      for (const from of [0n, 1n, 49n, 50n, 73n, 99n]) {
        const { records, next } = await log.read(from, { maxRecords: 7, maxBytes: 10_000 });
        const count = Math.min(7, 100 - Number(from));
        expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: count }, (_, i) => from + BigInt(i)));
        expect(next).toBe(from + BigInt(count));
      }
      expect((await log.read(10n, { maxRecords: 100, maxBytes: 350 })).records).toHaveLength(3);
      expect((await log.read(48n, { maxRecords: 100, maxBytes: 350 })).records).toHaveLength(3);
      expect((await log.read(10n, { maxRecords: 100, maxBytes: 1 })).records).toHaveLength(1);
      expect(await log.read(100n, MUCH)).toEqual({ records: [], next: 100n });
      expect(await log.read(105n, MUCH)).toEqual({ records: [], next: 105n });
    });

    it('takes the largest record, and refuses a larger one', async () => {
      const log = await newLog();
      const largest = { ...recordOf(''), value: Uint8Array.from(randomBytes(MAX_RECORD_BYTES - 20)) };
      expect(await log.append([largest, largest, largest])).toEqual([0n, 1n, 2n]);
      const { records } = await log.read(1n, { maxRecords: 10, maxBytes: 100 });
      expect(records).toHaveLength(1);
      expect(Buffer.from(records[0]?.value ?? []).equals(largest.value)).toBe(true);
      expect(await codeOf(log.append([{ ...largest, value: new Uint8Array(MAX_RECORD_BYTES) }]))).toBe('LOG_RECORD_TOO_LARGE');
      expect((await log.bounds()).next).toBe(3n);
    });

    it('finds the first record of a time', async () => {
      const log = await newLog();
      for (let i = 0; i < 10; i++) await log.append([recordOf(`a${i}`, START + 1000 * i), recordOf(`b${i}`, START + 1000 * i + 500)]);
      expect(await log.offsetAt(millis(START - 1))).toBe(0n);
      expect(await log.offsetAt(millis(START))).toBe(0n);
      expect(await log.offsetAt(millis(START + 1))).toBe(1n);
      expect(await log.offsetAt(millis(START + 4500))).toBe(9n);
      expect(await log.offsetAt(millis(START + 4501))).toBe(10n);
      expect(await log.offsetAt(millis(START + 100_000))).toBe(20n);
    });

    it('tells who listens that it grew, and stops when asked', async () => {
      const log = await newLog();
      let told = 0;
      let wake = (): void => undefined;
      const grown = new Promise<void>((resolve) => (wake = resolve));
      const stop = log.onGrown(() => {
        told += 1;
        wake();
      });
      await log.append([recordOf('a')]);
      await grown;
      expect(told).toBeGreaterThan(0);
      stop();
      const before = told;
      await log.append([recordOf('b')]);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(told).toBe(before);
    });

    it('keeps the newest value of each key of its tables, which are apart', async () => {
      const log = await newLog();
      const keys = await log.table('keys');
      const checkpoints = await log.table('checkpoints');
      expect(keys.entries('')).toEqual([]);
      await Promise.all([keys.put('b/1', utf8('one')), keys.put('a/1', utf8('two')), keys.put('b/1', utf8('three'))]);
      await keys.put('b/0', Uint8Array.from(randomBytes(60_000)));
      await checkpoints.put('c', utf8('four'));
      expect(textOf(keys.get('b/1'))).toBe('three');
      expect(keys.get('c')).toBeUndefined();
      expect(keys.entries('b/').map(([key]) => key)).toEqual(['b/0', 'b/1']);
      expect(checkpoints.entries('').map(([key, value]) => [key, Buffer.from(value).toString()])).toEqual([['c', 'four']]);
      expect(await codeOf(keys.put('big', new Uint8Array(64 * 1024 + 1)))).toBe('LOG_RECORD_TOO_LARGE');
      expect(await log.table('keys')).toBe(keys);
    });

    it('forgets a key whose value is empty, also after a restart', async () => {
      const id = newStreamId();
      const keys = await (await engine.open(id, DAY)).table('keys');
      for (const key of ['a', 'b', 'c']) await keys.put(key, utf8('v'));
      await keys.put('b', EMPTY_BYTES);
      await keys.put('c', EMPTY_BYTES);
      await keys.put('c', utf8('again'));
      const here = (table: LogTable): readonly unknown[] => [table.get('b'), table.entries('').map(([key, value]) => [key, textOf(value)])];
      expect(here(keys)).toEqual([undefined, [['a', 'v'], ['c', 'again']]]);
      await engine.close();
      engine = await open();
      expect(here(await (await engine.open(id, DAY)).table('keys'))).toEqual([undefined, [['a', 'v'], ['c', 'again']]]);
    });

    it('refuses what comes after it was closed, and goes on when it is opened again', async () => {
      const id = newStreamId();
      const log = await engine.open(id, DAY);
      await log.append([recordOf('a')]);
      await (await log.table('keys')).put('k', utf8('v'));
      await log.close();
      expect(await codeOf(log.append([recordOf('b')]))).toBe('LOG_CLOSED');
      expect(await codeOf(log.read(0n, MUCH))).toBe('LOG_CLOSED');
      expect(await codeOf(log.bounds())).toBe('LOG_CLOSED');
      const again = await engine.open(id, DAY);
      expect(await again.append([recordOf('c')])).toEqual([1n]);
      expect(await textsOf(again)).toEqual(['a', 'c']);
      expect(textOf((await again.table('keys')).get('k'))).toBe('v');
    });

    it('keeps streams, tables and offsets over a restart', async () => {
      const [one, two] = [newStreamId(), newStreamId()];
      const before = await engine.open(one, DAY);
      await before.append(Array.from({ length: 300 }, (_, i) => recordOf(`r${i}`, START + i)));
      await (await before.table('keys')).put('k', utf8('v'));
      await (await engine.open(two, DAY)).append([recordOf('other')]);
      await engine.close();
      expect(await codeOf(before.append([recordOf('late')]))).toBe('LOG_CLOSED');
      expect(await codeOf(engine.open(one, DAY))).toBe('LOG_CLOSED');
      engine = await open();
      const log = await engine.open(one, DAY);
      expect(await log.bounds()).toEqual({ first: 0n, next: 300n });
      expect(await log.offsetAt(millis(START + 123))).toBe(123n);
      expect(await log.append([recordOf('after')])).toEqual([300n]);
      expect(await textsOf(log, 298n)).toEqual(['r298', 'r299', 'after']);
      expect((await log.table('keys')).entries('').map(([key]) => key)).toEqual(['k']);
      expect(await textsOf(await engine.open(two, DAY))).toEqual(['other']);
    });

    it('reports that all is well, and leaves nothing behind', async () => {
      const report = await engine.test();
      expect(report.checks.filter(({ ok }) => !ok)).toEqual([]);
      expect(report).toMatchObject({ kind: engine.kind, ok: true });
      expect(report.checks.length).toBeGreaterThan(2);
    });
  });
}
