/** kafkajs straight to the broker: what the gateway is held against. Neither encrypted nor signed nor checked. */
import { randomBytes } from 'node:crypto';
import { CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { RATE, RATE_SECONDS, RECORDS, atRate, batchOf, percentiles, rowOfSize, type Latency, type Throughput } from './streams-load.ts';

const IN_FLIGHT = 16;

export const newKafka = (brokers: readonly string[]): Kafka => new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING });

/** One partition, one copy, as the gateway's own on one broker. */
export async function newTopic(kafka: Kafka): Promise<string> {
  const topic = `bench-${randomBytes(6).toString('hex')}`;
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: 1, replicationFactor: 1 }], waitForLeaders: true });
  await admin.disconnect();
  return topic;
}

export async function kafkajsThroughput(brokers: readonly string[], size: number): Promise<Throughput> {
  const kafka = newKafka(brokers);
  const topic = await newTopic(kafka);
  const producer = kafka.producer();
  await producer.connect();
  const count = RECORDS[size] ?? 0;
  const began = performance.now();
  const sends = new Set<Promise<unknown>>();
  for (let n = 0; n < count; n += batchOf(size)) {
    const messages = Array.from({ length: Math.min(batchOf(size), count - n) }, (_, i) => ({ key: 'publisher', value: JSON.stringify(rowOfSize(size, n + i)) }));
    const sent: Promise<unknown> = producer.send({ topic, acks: -1, compression: CompressionTypes.None, messages }).finally(() => sends.delete(sent));
    sends.add(sent);
    if (sends.size >= IN_FLIGHT) await Promise.race(sends);
  }
  await Promise.all(sends);
  const publish = count / ((performance.now() - began) / 1000);
  await producer.disconnect();
  let got = 0;
  let first = 0;
  const consumer = kafka.consumer({ groupId: topic });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const read = await new Promise<number>((resolve, reject) => {
    consumer.run({
      eachBatch: ({ batch }) => {
        if (got === 0) first = performance.now();
        for (const { value } of batch.messages) if (typeof (JSON.parse(value?.toString('utf8') ?? '') as { n: number }).n === 'number') got += 1;
        if (got === count) resolve(count / ((performance.now() - first) / 1000));
        return Promise.resolve();
      },
    }).catch(reject);
  });
  await consumer.disconnect();
  return { publish, read };
}

export async function kafkajsLatency(brokers: readonly string[], size: number): Promise<Latency> {
  const kafka = newKafka(brokers);
  const topic = await newTopic(kafka);
  const producer = kafka.producer();
  await producer.connect();
  const [publishing, arriving]: [number[], number[]] = [[], []];
  const consumer = kafka.consumer({ groupId: topic });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  let all: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => (all = resolve));
  await consumer.run({
    eachMessage: ({ message }) => {
      const { at, n } = JSON.parse(message.value?.toString('utf8') ?? '') as { at: number; n: number };
      if (n >= 0) arriving.push(performance.now() - at);
      if (arriving.length === RATE * RATE_SECONDS) all();
      return Promise.resolve();
    },
  });
  let n = 0;
  await atRate(batchOf(size), async (count) => {
    const rows = Array.from({ length: count }, () => rowOfSize(size, n++));
    await producer.send({ topic, acks: -1, messages: rows.map((row) => ({ key: 'publisher', value: JSON.stringify(row) })) });
    for (const { at } of rows) publishing.push(performance.now() - at);
  });
  await arrived;
  await consumer.disconnect();
  await producer.disconnect();
  return { publish: percentiles(publishing), arrive: percentiles(arriving) };
}
