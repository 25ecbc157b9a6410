import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { SqliteGatewayStore } from './store.ts';

const folder = mkdtempSync(join(tmpdir(), 'gateway-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('tells instances that share its file apart by their ports, and names each the same again', () => {
  const nameOf = (file: string, port: number): string => {
    const store = new SqliteGatewayStore({ path: join(folder, file), port });
    store.close();
    return store.instance;
  };
  const names = [nameOf('one', 8547), nameOf('one', 8548), nameOf('two', 8547)];
  expect(new Set(names).size).toBe(3);
  expect(nameOf('one', 8547)).toBe(names[0]);
});

it('never lowers how far a log was receipted, whichever instance is late', () => {
  const [one, two] = [8547, 8548].map((port) => new SqliteGatewayStore({ path: join(folder, 'shared'), port }));
  const streamId = new Uint8Array(32);
  one?.raiseWater(streamId, { logId: 1n, next: 10n });
  two?.raiseWater(streamId, { logId: 1n, next: 9n });
  expect(one?.water(streamId)).toEqual({ logId: 1n, next: 10n });
  two?.raiseWater(streamId, { logId: 2n, next: 4n }); // a restored log with another number
  one?.raiseWater(streamId, { logId: 1n, next: 11n });
  expect(one?.water(streamId)).toEqual({ logId: 2n, next: 4n });
  for (const store of [one, two]) store?.close();
});
