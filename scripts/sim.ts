/**
 * `npm run sim -- streams [--seconds 60] [--seed N] [--brokers 3] [--gateways 2] [--streams 2] [--readers 2] [--rate 100] [--engine kafka|built-in]`:
 * streams over brokers and gateways of which one each is killed, paused or cut off every few seconds, and a checker of what arrives.
 * Ends with 1 on a violation, and with 3 where there can be no Kafka.
 */
import { parseArgs } from 'node:util';
import { isCoded } from '../src-node/base/errors.ts';
import { runSimulation } from '../src-node/testing/sim-streams/run-simulation.ts';

const text = { type: 'string' } as const;
const { positionals, values } = parseArgs({ allowPositionals: true, options: { seconds: text, seed: text, brokers: text, gateways: text, streams: text, readers: text, rate: text, engine: text } });
const number = (value: string | undefined, otherwise: number): number => (value === undefined ? otherwise : Number(value));
const engine = values.engine ?? 'kafka';
const brokers = number(values.brokers, 3);
if (positionals[0] !== 'streams' || (engine !== 'kafka' && engine !== 'built-in') || (brokers !== 1 && brokers !== 3)) {
  console.error('Usage: npm run sim -- streams [--seconds 60] [--seed N] [--brokers 1|3] [--gateways 2] [--streams 2] [--readers 2] [--rate 100] [--engine kafka|built-in]');
  process.exit(2);
}
const seed = number(values.seed, Math.floor(Math.random() * 2 ** 31));
console.log(`seed ${seed}`);
try {
  const result = await runSimulation({
    // a log of its own is one gateway's
    engine, brokers, gateways: engine === 'kafka' ? number(values.gateways, 2) : 1, seed, seconds: number(values.seconds, 60), streams: number(values.streams, 2), readers: number(values.readers, 2), rate: number(values.rate, 100),
    print: (line) => console.log(line),
  });
  const { violations, folder, ...numbers } = result;
  console.log(`${result.rounds} rounds: ${result.acked} rows acknowledged (${result.unknown} more were on their way to a publisher that was killed), ${result.delivered} handed to readers`);
  console.log(`${result.gaps} gaps of ${result.missed} rows that the log was made to forget, each told within ${result.worstGapMillis} ms`);
  console.log(`readers had everything at most ${result.worstCatchUpMillis} ms after healing; from device to application ${result.medianDelayMillis} ms in the middle, ${result.worstDelayMillis} ms at worst`);
  console.log(JSON.stringify({ seed, violations: violations.length, ...numbers }));
  for (const { kind, detail } of violations) console.log(`VIOLATION ${kind}: ${detail}`);
  if (violations.length > 0) console.log(`${violations.length} violations; the history is in ${folder}; again: npm run sim -- streams --seed ${seed}`);
  else console.log('0 lost, 0 reordered, 0 twice, 0 silent gaps, and paid to the base unit');
  process.exit(violations.length > 0 ? 1 : 0);
} catch (error) {
  if (!isCoded(error)) throw error;
  console.log(`${error.message} ${error.help ?? ''}`);
  process.exit(error.code === 'KAFKA_IMPOSSIBLE' ? 3 : 1);
}
