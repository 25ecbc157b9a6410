import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { millis, systemClock } from '../../base/clock.ts';
import { systemFiles } from '../../base/files.ts';
import { silentLogger } from '../../base/logger.ts';
import { BuiltInEngine } from './built-in/built-in-engine.ts';
import type { LogTable, StreamLog } from './engine.ts';
import { unreachable } from './log-errors.ts';
import { moveStream } from './move.ts';
import { DAY, newStreamId, recordOf, textsOf } from './testing/engine-contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'move-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const MIB = 1024 * 1024;
const engineAt = (name: string): BuiltInEngine => new BuiltInEngine({ folder: join(folder, name), maxBytes: 1e9, fsyncMillis: millis(0) }, { files: systemFiles, clock: systemClock, logger: silentLogger });

/** Refuses what is beyond the bound of a cluster that waits. */
class BoundedTable implements LogTable {
  readonly revision = 0;
  readonly #values = new Map<string, Uint8Array>();
  #waiting = 0;

  async put(key: string, value: Uint8Array): Promise<void> {
    if (this.#waiting + value.length > 64 * MIB) throw unreachable('The Kafka cluster takes less than what comes in.', '', undefined);
    this.#waiting += value.length;
    await new Promise((resolve) => setTimeout(resolve, 1));
    this.#waiting -= value.length;
    this.#values.set(key, value);
  }

  get(key: string): Uint8Array | undefined {
    return this.#values.get(key);
  }

  entries(): readonly (readonly [string, Uint8Array])[] {
    return [...this.#values];
  }
}

it('brings tables along that are larger than what a cluster lets wait', async () => {
  const [from, to] = [engineAt('from'), engineAt('to')];
  const streamId = newStreamId();
  const source = await from.open(streamId, DAY);
  await source.append([recordOf('a')]);
  const keys = await source.table('keys');
  await Promise.all(Array.from({ length: 1100 }, (_, i) => keys.put(`envelope/${i}`, new Uint8Array(64_000).fill(1))));
  const target = await to.open(streamId, DAY);
  const tables = { keys: new BoundedTable(), checkpoints: new BoundedTable() };
  const received: StreamLog = {
    append: (records) => target.append(records), read: (at, limits) => target.read(at, limits), bounds: () => target.bounds(), offsetAt: (time) => target.offsetAt(time),
    onGrown: (listener) => target.onGrown(listener), table: (name) => Promise.resolve(tables[name]), close: () => Promise.resolve(),
  };
  await moveStream(from, { receive: () => Promise.resolve(received), finishMove: () => Promise.resolve() }, { streamId, ...DAY });
  expect([await textsOf(target), tables.keys.entries().length]).toEqual([['a'], 1100]);
  await from.close();
  await to.close();
});
