/** Streams through a gateway beside kafkajs and kcat straight to the same broker, in one run: records a second, and latency at 1,000 a second. */
import { KafkaCluster } from '../src-node/testing/kafka-cluster.ts';
import { isCoded } from '../src-node/base/errors.ts';
import type { BenchRow } from './row.ts';
import { BenchGateway } from './streams-gateway.ts';
import { kafkajsLatency, kafkajsThroughput } from './streams-kafkajs.ts';
import { kcatThroughput } from './streams-kcat.ts';
import { RATE, SIZES, type Latency, type Throughput } from './streams-load.ts';

/** Of what kafkajs does. */
const SHARE = 0.5;
const P99_MILLIS = 50;

const perSecond = (name: string, value: number): BenchRow => ({ name, value, unit: 'records/s' });

function throughputRows(size: number, ours: Throughput, kafkajs: Throughput, kcat: Throughput | null): readonly BenchRow[] {
  return (['publish', 'read'] as const).flatMap((what) => {
    const aim = SHARE * kafkajs[what];
    return [
      { ...perSecond(`${what} ${size} B through the gateway`, ours[what]), aim: `>= ${aim.toFixed(0)}, half of kafkajs`, met: ours[what] >= aim },
      perSecond(`${what} ${size} B, kafkajs`, kafkajs[what]),
      ...(kcat === null ? [] : [perSecond(`${what} ${size} B, kcat`, kcat[what])]),
    ];
  });
}

function latencyRows(size: number, way: string, { publish, arrive }: Latency, hasAim: boolean): readonly BenchRow[] {
  const row = (name: string, value: number, isHeld: boolean): BenchRow => ({ name: `${name}, ${size} B, ${RATE} a second, ${way}`, value, unit: 'ms', ...(isHeld ? { aim: `< ${P99_MILLIS}`, met: value < P99_MILLIS } : {}) });
  return [row('publish p50', publish.p50, false), row('publish p99', publish.p99, hasAim), row('device to application p50', arrive.p50, false), row('device to application p99', arrive.p99, hasAim)];
}

export async function benchStreams(): Promise<readonly BenchRow[]> {
  const cluster = await KafkaCluster.start({ brokers: 1 }).catch((error: unknown) => {
    if (!isCoded(error, 'KAFKA_IMPOSSIBLE')) throw error;
    console.log(`  skipped: ${error.message}`);
    return null;
  });
  if (cluster === null) return [];
  let gateway: BenchGateway | undefined;
  try {
    gateway = await BenchGateway.start(cluster.brokers, 2 * SIZES.length + 1);
    const rows: BenchRow[] = [];
    await kafkajsThroughput(cluster.brokers, SIZES[0]); // code is compiled, and the broker warm
    await gateway.throughput(2 * SIZES.length, SIZES[0]);
    for (const [i, size] of SIZES.entries()) {
      const kafkajs = await kafkajsThroughput(cluster.brokers, size);
      const ours = await gateway.throughput(2 * i, size);
      const kcat = await kcatThroughput(cluster.brokers, size);
      rows.push(...throughputRows(size, ours, kafkajs, kcat));
      rows.push(...latencyRows(size, 'kafkajs', await kafkajsLatency(cluster.brokers, size), false));
      rows.push(...latencyRows(size, 'gateway', await gateway.latency(2 * i + 1, size), true));
    }
    return rows;
  } finally {
    await gateway?.stop();
    await cluster.stop();
  }
}
