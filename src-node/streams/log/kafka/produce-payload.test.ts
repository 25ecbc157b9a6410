import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../base/bytes.ts';
import { millis } from '../../../base/clock.ts';
import type { LogRecord } from '../engine.ts';
import { producePayload } from './produce-payload.ts';

const theirs = createRequire(import.meta.url)('kafkajs/src/protocol/requests/produce/v7/request.js') as (request: unknown) => { encode(): Promise<{ readonly buffer: Buffer }> };
const START = 1_800_000_000_000;
const record = (bytes: number, after: number): LogRecord => ({ key: utf8('publisher'), value: new Uint8Array(bytes).map((_, i) => i * 7 + bytes), timeMillis: millis(START + after) });

describe('what is sent to write records', () => {
  it.each([
    ['one record', [record(10, 0)]],
    ['records of many lengths, whose numbers have one byte or more', [0, 1, 63, 64, 8191, 8192, 300_000].map((bytes, i) => record(bytes, 40 * i))],
    ['a hundred records, of which some came earlier and some much later', Array.from({ length: 100 }, (_, i) => record(i, i % 2 === 0 ? 100 - i : i * 86_400_000))],
  ])('is to the byte what the client makes of %s', async (_name, records) => {
    const request = { topic: 'pd.s.00ff', partition: 0, acks: -1, timeout: 3000, producerId: 4_294_967_297n, producerEpoch: 3, firstSequence: 70_000, records } as const;
    const messages = records.map(({ key, value, timeMillis }) => ({ key: Buffer.from(key), value: Buffer.from(value), timestamp: String(timeMillis) }));
    const wanted = await theirs({ acks: -1, timeout: 3000, producerId: '4294967297', producerEpoch: 3, topicData: [{ topic: request.topic, partitions: [{ partition: 0, firstSequence: 70_000, messages }] }] }).encode();
    expect(producePayload(request).equals(wanted.buffer)).toBe(true);
  });
});
