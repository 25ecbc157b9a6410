import { isCoded } from '../base/errors.ts';
import { KafkaCluster, type KafkaClusterOptions } from './kafka-cluster.ts';

export interface KafkaForTests {
  /** None where there is no Kafka. */
  readonly brokers: readonly string[];
  /** The own one: a cluster of KAFKA_BROKERS is not touched. */
  readonly cluster: KafkaCluster | null;
  /** For the names of tests: which cluster, or why they are skipped. */
  readonly name: string;
  stop(): Promise<void>;
}

/** The cluster of KAFKA_BROKERS, or one that is started. @throws KAFKA_NOT_STARTED: that is a fault, and no reason to skip */
export async function kafkaForTests(options: KafkaClusterOptions): Promise<KafkaForTests> {
  const given = process.env['KAFKA_BROKERS'];
  if (given !== undefined && given !== '') return { brokers: given.split(','), cluster: null, name: `Kafka at ${given}`, stop: () => Promise.resolve() };
  try {
    const cluster = await KafkaCluster.start(options);
    return { brokers: cluster.brokers, cluster, name: 'Kafka', stop: () => cluster.stop() };
  } catch (error) {
    if (!isCoded(error, 'KAFKA_IMPOSSIBLE')) throw error;
    return { brokers: [], cluster: null, name: `Kafka, skipped: ${error.message}`, stop: () => Promise.resolve() };
  }
}
