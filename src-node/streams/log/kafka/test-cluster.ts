import { randomBytes } from 'node:crypto';
import { utf8 } from '../../../base/bytes.ts';
import { millis } from '../../../base/clock.ts';
import { CodedError } from '../../../base/errors.ts';
import type { EngineReport } from '../engine.ts';
import { KafkaConnection, type ConnectionModules } from './connection.ts';
import type { KafkaEngineOptions } from './kafka-engine.ts';
import { fetchRecords } from './partition.ts';
import { PartitionWriter } from './partition-writer.ts';
import { dataSettings, dropTopic, makeTopic } from './topics.ts';

const TEST_MILLIS = millis(5000);
const HOUR = millis(3_600_000);

/** Tries each thing that a stream needs of a cluster, in a topic of its own; what follows on a fault is not tried. */
export async function testCluster(options: KafkaEngineOptions, modules: ConnectionModules): Promise<EngineReport> {
  const connection = new KafkaConnection(options, modules);
  const topic = `pd.t.${randomBytes(10).toString('hex')}`;
  const checks: EngineReport['checks'][number][] = [];
  let brokers: readonly string[] = [];
  const check = async (name: string, work: () => Promise<string>): Promise<boolean> => {
    const begin = performance.now();
    return work().then(
      (detail) => checks.push({ name, ok: true, detail: `${detail} (${Math.round(performance.now() - begin)} ms)` }) > 0,
      (error: unknown) => checks.push({ name, ok: false, detail: error instanceof CodedError ? [error.message, error.meta['why'], error.help].filter((part) => part !== undefined).join(' ') : String(error) }) < 0,
    );
  };
  try {
    const isReached = await check('brokers', () => connection.controller({ need: 'DESCRIBE on the cluster', withinMillis: TEST_MILLIS }, (_broker, found) => {
      brokers = found;
      return Promise.resolve(`${found.length} found`);
    }));
    if (!isReached) return report();
    const isMade = await check('create a topic', async () => {
      await makeTopic(connection, topic, dataSettings(HOUR), options.replication, TEST_MILLIS);
      return topic;
    });
    if (!isMade) return report();
    const isWritten = await check('idempotent write, acknowledged by all copies', async () => {
      const offset = await new PartitionWriter(topic, connection, modules.clock).append([{ key: utf8('test'), value: utf8('test'), timeMillis: modules.clock.now() }]);
      return `offset ${offset}`;
    });
    if (isWritten) {
      await check('read', async () => {
        const found = await fetchRecords(connection, topic, 0n, 1024, TEST_MILLIS);
        if (found?.records.length !== 1) throw new CodedError('LOG_UNREACHABLE', 'What was written did not come back.');
        return '1 record';
      });
    }
    await check('remove the topic', async () => {
      await dropTopic(connection, topic, TEST_MILLIS);
      return topic;
    });
    return report();
  } finally {
    connection.close();
  }

  function report(): EngineReport {
    return { kind: 'kafka', ok: checks.every(({ ok }) => ok), checks, brokers };
  }
}
