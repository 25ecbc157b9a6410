import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fromBigInt, toBigInt, type Bytes } from '../base/bytes.ts';
import { BufferedStore } from './buffered-store.ts';
import { LevelStore } from './level-store.ts';

const folder = await mkdtemp(join(tmpdir(), 'read-many-'));
const level = await LevelStore.open({ path: folder });
afterAll(async () => {
  await level.close();
  await rm(folder, { recursive: true, force: true });
});

const key = (number: number): Bytes => fromBigInt(BigInt(number), 4);
const COUNT = 500;

it('many values are read in the order of their keys, as they stand in memory or on disk', async () => {
  const store = new BufferedStore(level);
  const change = async (what: (number: number) => bigint | null): Promise<void> => {
    const batch = store.batch();
    for (let number = 0; number < COUNT; number++) {
      const value = what(number);
      if (value === null) batch.delete(key(number));
      else if (value !== 0n) batch.put(key(number), fromBigInt(value, 4));
    }
    await batch.write();
  };
  await change((number) => (number % 2 === 0 ? BigInt(number + 1) : 0n));
  await store.flush();
  await change((number) => (number % 3 === 0 ? null : number % 5 === 0 ? 7n : 0n));
  const flushing = store.flush();
  await change((number) => (number % 7 === 0 ? 9n : number % 10 === 0 ? null : 0n));
  const keys = Array.from({ length: COUNT }, (_, i) => key(COUNT - 1 - i));
  const found = await store.getMany(keys);
  await flushing;
  expect(found.map((value) => value && toBigInt(value))).toEqual(keys.map((each) => store.get(each)).map((value) => value && toBigInt(value)));
  expect(found.filter((value) => value === undefined).length).toBeGreaterThan(100);
  expect(await store.getMany([])).toEqual([]);
});
