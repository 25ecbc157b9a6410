/**
 * `npm run kafka -- start --brokers 3 [--port P] [--folder F]`: Apache Kafka on this machine, until `npm run kafka -- stop [--folder F]`.
 * It comes from Maven Central once, also by `npm run kafka -- bring` alone; Java 17 and Maven must be there.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isCoded } from '../src-node/base/errors.ts';
import { KafkaCluster } from '../src-node/testing/kafka-cluster.ts';
import { KAFKA_CACHE, kafkaClassPath } from '../src-node/testing/kafka-jars.ts';

const { positionals, values } = parseArgs({ allowPositionals: true, options: { brokers: { type: 'string', default: '1' }, port: { type: 'string' }, folder: { type: 'string', default: join(KAFKA_CACHE, 'cluster') } } });
const folder = resolve(values.folder);
const state = join(folder, 'cluster.json');
const USAGE = 'Usage: npm run kafka -- start --brokers 1|3 [--port P] [--folder F], npm run kafka -- stop [--folder F], npm run kafka -- bring';

try {
  if (positionals[0] === 'start') await start();
  else if (positionals[0] === 'stop') stop();
  else if (positionals[0] === 'bring') await kafkaClassPath();
  else end(USAGE);
} catch (error) {
  if (!isCoded(error)) throw error;
  end(`${error.message}\n${error.help ?? ''}`);
}
process.exit(0);

async function start(): Promise<void> {
  const port = values.port === undefined ? undefined : Number(values.port);
  if (!['1', '3'].includes(values.brokers) || (port !== undefined && !(port > 0 && port < 65_534))) end(USAGE);
  if (existsSync(state) && pidsOf(state).some(isOurs)) end(`Brokers of ${folder} are running already. Stop them first.`);
  const begin = performance.now();
  const cluster = await KafkaCluster.start({ brokers: values.brokers === '3' ? 3 : 1, folder, isDetached: true, ...(port === undefined ? {} : { port }) });
  writeFileSync(state, JSON.stringify({ pids: cluster.pids }));
  console.log(`Kafka is ready after ${((performance.now() - begin) / 1000).toFixed(1)} s, in ${folder}`);
  console.log(`KAFKA_BROKERS=${cluster.brokers.join(',')}`);
}

function stop(): void {
  if (!existsSync(state)) end(`No brokers were started in ${folder}.`);
  const running = pidsOf(state).filter(isOurs);
  for (const pid of running) process.kill(pid, 'SIGKILL');
  rmSync(state);
  console.log(`${running.length} brokers stopped`);
}

function pidsOf(path: string): readonly number[] {
  const { pids } = JSON.parse(readFileSync(path, 'utf8')) as { readonly pids: readonly number[] };
  return pids;
}

/** The number may belong to another program by now. */
function isOurs(pid: number): boolean {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).includes(folder);
  } catch {
    return false;
  }
}

function end(message: string): never {
  console.error(message);
  process.exit(1);
}
