import { beforeEach, expect, it } from 'vitest';
import type { ChainReader, HeadInfo, LocatedLog, LogFilter } from './chain/reader.ts';
import { RegisterWatch } from './register-watch.ts';

const contract = new Uint8Array(20).fill(7);
let head: bigint | null;
let written: readonly bigint[];
let asked: readonly LogFilter[];
let away: boolean;
let watch: RegisterWatch;

const reader: Pick<ChainReader, 'head' | 'logs'> = {
  head: () => (head === null ? null : ({ number: head } as HeadInfo)),
  logs: (filter) => {
    if (away) return Promise.reject(new Error('away'));
    asked = [...asked, filter];
    return Promise.resolve(written.filter((block) => block >= filter.fromBlock && block <= filter.toBlock).map((blockNumber) => ({ blockNumber }) as unknown as LocatedLog));
  },
};

beforeEach(() => {
  head = null;
  written = [];
  asked = [];
  away = false;
  watch = new RegisterWatch({ contract }, { reader });
});

it('says once that a deposit came, whatever number of blocks later it is asked', async () => {
  expect(await watch.moved()).toBe(false);
  head = 10n;
  expect(await watch.moved()).toBe(false);
  written = [12n];
  head = 15n;
  expect(await watch.moved()).toBe(true);
  expect(await watch.moved()).toBe(false);
  head = 16n;
  expect(await watch.moved()).toBe(false);
  expect(asked.map(({ fromBlock, toBlock }) => [fromBlock, toBlock])).toEqual([[10n, 10n], [11n, 15n], [16n, 16n]]);
});

it('says so when blocks were taken back', async () => {
  head = 10n;
  await watch.moved();
  head = 8n;
  expect(await watch.moved()).toBe(true);
  expect(await watch.moved()).toBe(false);
});

it('asks again for the blocks of a reading that failed', async () => {
  head = 10n;
  await watch.moved();
  head = 11n;
  written = [11n];
  away = true;
  await expect(watch.moved()).rejects.toThrow('away');
  away = false;
  head = 12n;
  expect(await watch.moved()).toBe(true);
});

it('has nothing to say where the network has no register', async () => {
  head = 10n;
  expect(await new RegisterWatch({ contract: null }, { reader }).moved()).toBe(false);
  expect(asked).toEqual([]);
});
