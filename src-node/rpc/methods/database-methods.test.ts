import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bytes } from '../../base/bytes.ts';
import { LevelStore } from '../../db/level-store.ts';
import { testCaller } from '../../testing/rpc-backend.ts';
import type { RpcBackend } from '../backend.ts';
import { databaseMethods } from './database-methods.ts';

const folder = mkdtempSync(join(tmpdir(), 'database-'));
let database: LevelStore;

beforeAll(async () => {
  database = await LevelStore.open({ path: folder });
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

const call = (backend: Pick<RpcBackend, 'database'>, name: string, ...values: readonly unknown[]): unknown => databaseMethods(backend).find((method) => method.name === `debug_chaindb${name}`)?.run(values, testCaller());
const bytesOnDisk = (): number => readdirSync(folder).filter((file) => file.endsWith('.ldb')).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);

/** Of many keys with this first byte. */
async function change(first: number, value: () => Bytes | null): Promise<void> {
  const batch = database.batch();
  for (let second = 0; second < 100; second++) {
    const [key, bytes] = [Uint8Array.of(first, second, 1), value()];
    if (bytes === null) batch.delete(key);
    else batch.put(key, bytes);
  }
  await batch.write();
}

describe('the database of the chain', () => {
  it('tells what LevelDB knows of itself, by names with and without its own', () => {
    const stats = call({ database }, 'Property', '');
    expect(stats).toMatch(/Compactions/);
    expect(call({ database }, 'Property', 'leveldb.stats')).toBe(stats);
    expect(call({ database }, 'Property', 'num-files-at-level0')).toBe('0');
    expect(() => call({ database }, 'Property', 'nothing')).toThrow(expect.objectContaining({ code: 'CALL_FAILED', message: 'leveldb: not found' }));
  });

  it.each([0x00, 0x80, 0xff])('lets go of what was deleted when it is told to, of keys that begin with %d', async (first) => {
    await change(first, () => randomBytes(10_000));
    expect(await call({ database }, 'Compact')).toBeNull();
    expect(bytesOnDisk()).toBeGreaterThan(100 * 10_000);
    await change(first, () => null);
    expect(await call({ database }, 'Compact')).toBeNull();
    expect(bytesOnDisk()).toBeLessThan(10_000);
  });

  it('that is kept in memory has neither', async () => {
    expect(() => call({}, 'Property', '')).toThrow('chaindbProperty does not work for memory databases');
    await expect(call({}, 'Compact')).rejects.toThrow('chaindbCompact does not work for memory databases');
  });

  it('is for authorised programs', () => {
    expect(databaseMethods({ database }).map(({ access }) => access)).toEqual(['private', 'private']);
  });
});
