/**
 * A publisher of a simulation, in a process of its own: WORLD STREAM FIRST. Its device hands over rows from number FIRST on until it is told
 * `quiet`, and says how it stands when told `status`; what it handed over goes on to the gateways until the process ends, which is by a kill.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { millis, systemClock } from '../../base/clock.ts';
import { isCoded, toCoded } from '../../base/errors.ts';
import { systemFiles } from '../../base/files.ts';
import { openNodeLog } from '../../node-log.ts';
import { Publisher } from '../../streams/publisher/publisher.ts';
import { onWord, say } from './say.ts';
import { SimChain } from './sim-chain.ts';
import { SIM_SCHEMA } from './sim-schema.ts';
import { readWorld } from './sim-world.ts';

const TICK_MILLIS = 20;
const MAX_WAITING_BYTES = 256 * 1024 * 1024;

const [, , worldPath = '', number = '', first = ''] = process.argv;
const world = readWorld(worldPath);
const stream = Number(number);
const folder = join(world.folder, `publisher-${stream}`);
mkdirSync(folder, { recursive: true });
const chain = new SimChain(world);
const publisher = await Publisher.open(
  { streamId: chain.streamId(stream), folder, schema: SIM_SCHEMA, maxDelayMillis: millis(50), maxWaitingBytes: MAX_WAITING_BYTES },
  { chain, keys: chain.publisherKeys(stream), files: systemFiles, clock: systemClock, log: openNodeLog(folder, 'info') },
);
const device = { isQuiet: false };
onWord((word) => {
  if (word === 'quiet') device.isQuiet = true;
  else process.stderr.write(`${JSON.stringify(publisher.status, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))}\n`);
});
publisher.run(new AbortController().signal).catch((error: unknown) => {
  say({ type: 'fault', what: `publisher ${stream}`, code: toCoded(error).code });
  process.exit(1);
});

const began = performance.now();
let sent = 0;
for (let row = Number(first); ; ) {
  await systemClock.sleep(millis(TICK_MILLIS));
  const due = Math.floor(((performance.now() - began) / 1000) * world.rate);
  const count = Math.min(due - sent, world.rate); // one that was held up does not bring a heap at once
  sent = due;
  if (device.isQuiet || count <= 0) continue;
  say({ type: 'try', stream, from: row, count });
  await handOver(row, count);
  say({ type: 'ack', stream, from: row, count, at: systemClock.now() });
  row += count;
}

async function handOver(from: number, count: number): Promise<void> {
  const now = systemClock.now();
  const rows = Array.from({ length: count }, (_, i) => ({ row: { n: from + i, at: now }, token: '', timeMillis: now }));
  for (;;) {
    try {
      return await publisher.sink.accept('device', rows);
    } catch (error) {
      if (!isCoded(error, 'SPOOL_FULL')) throw error;
      await publisher.sink.room(new AbortController().signal);
    }
  }
}
