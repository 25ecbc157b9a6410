/** From files of this program to a real Kafka cluster: one of its own, or that of KAFKA_BROKERS. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { utf8, type Bytes } from '../../base/bytes.ts';
import { millis, systemClock } from '../../base/clock.ts';
import { systemFiles } from '../../base/files.ts';
import { silentLogger } from '../../base/logger.ts';
import { kafkaForTests } from '../../testing/kafka-for-tests.ts';
import type { GatewayClient } from '../client/gateway-client.ts';
import { decodeBatch } from '../format/batch.ts';
import { STREAM_ID } from '../gateway/testing/test-stream.ts';
import { SqliteGatewayStore } from '../gateway/store.ts';
import { BuiltInEngine } from '../log/built-in/built-in-engine.ts';
import { KafkaConnection } from '../log/kafka/connection.ts';
import { KafkaEngine } from '../log/kafka/kafka-engine.ts';
import { dropTopic, topicsOf } from '../log/kafka/topics.ts';
import { openStreamStore } from '../store.ts';
import type { WantedEngine } from './engines.ts';
import { OwnGatewaySettings, type OwnGatewayChoices } from './settings.ts';
import { freePort, OwnGatewayFixture } from './testing/own-gateway-fixture.ts';

const PASSWORD = 'a secret word';
const cluster = await kafkaForTests({ brokers: 1, users: { nobody: PASSWORD } });
const modules = { clock: systemClock, logger: silentLogger };
const kafka = { kind: 'kafka', brokers: [...cluster.brokers], tls: false, sasl: null } satisfies WantedEngine;
const OTHER_STREAM = new Uint8Array(32).fill(0x77);
const TOPICS = topicsOf(STREAM_ID);
const WEEK = millis(7 * 86_400_000);
let fixture: OwnGatewayFixture;

afterAll(() => cluster.stop());

const home = (): string => join(fixture.folder, 'gateway', '6a6a6a6a6a6a');
const builtIn = (): BuiltInEngine => new BuiltInEngine({ folder: join(home(), 'streams'), maxBytes: 1e9, fsyncMillis: millis(0) }, { ...modules, files: systemFiles });

/** As the program that was killed left it. */
function choose(change: Partial<OwnGatewayChoices>): void {
  const db = openStreamStore(join(fixture.folder, 'streams.sqlite'));
  new OwnGatewaySettings(db).change(change);
  db.close();
}

async function dropTopics(streamId: Bytes): Promise<void> {
  const connection = new KafkaConnection({ brokers: cluster.brokers }, modules);
  try {
    const { data, keys, checkpoints } = topicsOf(streamId);
    for (const topic of [data, keys, checkpoints]) if (await connection.isThere(topic, { need: 'DESCRIBE', withinMillis: millis(5000) })) await dropTopic(connection, topic);
  } finally {
    connection.close();
  }
}

const codeOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => null, (error: unknown) => (error as { code?: string }).code);
const page = (client: GatewayClient, cursor: string, max = 10): ReturnType<GatewayClient['batches']> => client.batches(STREAM_ID, { cursor, max, waitMillis: millis(0) });

/** As a publisher does that is not told that it was taken. */
async function untilTaken(client: GatewayClient, batch: Bytes): Promise<unknown> {
  for (;;) {
    try {
      return await fixture.publish(client, batch);
    } catch (error) {
      if (!['GATEWAY_UNREACHABLE', 'stopping'].includes((error as { code?: string }).code ?? '')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

async function stands(expected: object): Promise<void> {
  await vi.waitFor(async () => {
    fixture.gateway.step();
    expect(await fixture.gateway.facts()).toMatchObject(expected);
  }, { timeout: 10_000, interval: 50 });
}

describe.skipIf(cluster.brokers.length === 0)(cluster.name, () => {
  beforeEach(async () => {
    fixture = await OwnGatewayFixture.make();
    fixture.open();
    await fixture.gateway.setRunning(true);
  });
  afterEach(async () => {
    await fixture.close();
    for (const streamId of [STREAM_ID, OTHER_STREAM]) await dropTopics(streamId);
  });

  it('takes the streams over: cursors, receipts, tickets and what is owed stay, for who is connected meanwhile too', async () => {
    const channelId = fixture.chain.openChannel();
    const [publisher, reader] = [fixture.client(), fixture.client(channelId)];
    const batches = Array.from({ length: 4 }, () => fixture.publisher.next(3));
    const receipts = [];
    for (const batch of batches) receipts.push(await fixture.publish(publisher, batch));
    const { next } = await page(reader, 'earliest', 1);
    const socket = await fixture.socket(reader);
    socket.send({ type: 'SUB', stream: STREAM_ID, cursor: 'earliest', credit: 2 });
    const seen = [(await socket.take('DATA')).offset, (await socket.take('DATA')).offset];
    const moving = fixture.gateway.useEngine(kafka);
    const { resumeCursor, reason } = await socket.take('BYE');
    expect([reason, seen]).toEqual(['stopping', [0n, 1n]]);
    const meanwhile = fixture.publisher.next(2);
    const sending = untilTaken(publisher, meanwhile);
    await moving;
    expect(await sending).toMatchObject({ offset: 4n, firstSeq: 12n });
    expect(await fixture.gateway.facts()).toMatchObject({ state: 'running', choices: { engine: kafka, movingTo: null }, engine: { problem: null, usedBytes: null } });
    await vi.waitFor(async () => expect((await fixture.gateway.facts()).topics).toMatchObject([{ topic: TOPICS.data, bounds: { first: 0n, next: 5n }, bytes: null, owed: 60n }]));
    const again = await fixture.socket(reader); // with the ticket of before
    again.send({ type: 'SUB', stream: STREAM_ID, cursor: resumeCursor ?? '', credit: 10 });
    expect([(await again.take('DATA')).offset, (await again.take('DATA')).offset, (await again.take('DATA')).offset]).toEqual([2n, 3n, 4n]);
    expect((await page(reader, next)).items.map((item) => ('batch' in item ? decodeBatch(item.batch).fields.firstSeq : null))).toEqual([3n, 6n, 9n, 12n]);
    for (const [i, batch] of batches.entries()) expect(await fixture.publish(publisher, batch)).toEqual(receipts[i]);
    const more = fixture.publisher.next(1);
    expect(await fixture.publish(publisher, more)).toMatchObject({ offset: 5n, firstSeq: 14n });
    expect((await again.take('DATA')).offset).toBe(5n);
    // nobody has the folder any more, and the program comes back to the cluster
    const old = builtIn();
    expect((await (await old.open(STREAM_ID, { retentionMillis: WEEK })).bounds()).next).toBe(4n);
    await old.close();
    await fixture.stop();
    fixture.open();
    await stands({ state: 'running', topics: [{ topic: TOPICS.data, bounds: { next: 6n } }] });
    await expect(fixture.gateway.useEngine({ kind: 'built-in', maxBytes: 1e9 })).rejects.toMatchObject({ code: 'ENGINE_ONE_WAY' });
    expect((await page(reader, next)).items).toHaveLength(5);
  });

  it('finishes at the next start a move that was killed in the middle', async () => {
    const publisher = fixture.client();
    const batches = Array.from({ length: 6 }, () => fixture.publisher.next(1));
    const receipts = [];
    for (const batch of batches) receipts.push(await fixture.publish(publisher, batch));
    await fixture.stop();
    const target = new KafkaEngine({ brokers: cluster.brokers }, modules);
    const log = await target.receive(STREAM_ID, { retentionMillis: WEEK, first: 0n });
    const old = builtIn();
    await log.append((await (await old.open(STREAM_ID, { retentionMillis: WEEK })).read(0n, { maxRecords: 2, maxBytes: 1e6 })).records);
    await Promise.all([old.close(), target.close()]);
    choose({ movingTo: kafka });
    fixture.open();
    await stands({ state: 'running', choices: { engine: kafka, movingTo: null }, topics: [{ topic: TOPICS.data, bounds: { first: 0n, next: 6n } }] });
    for (const [i, batch] of batches.entries()) expect(await fixture.publish(publisher, batch)).toEqual(receipts[i]);
  });

  it('leaves everything where it was when it fails in the middle, and goes on when it is asked again', async () => {
    const publisher = fixture.client();
    const receipt = await fixture.publish(publisher, fixture.publisher.next(1));
    await fixture.stop();
    const [old, foreign] = [builtIn(), new KafkaEngine({ brokers: cluster.brokers }, modules)];
    for (const engine of [old, foreign]) { // another gateway has written to the same stream there
      const log = await engine.open(OTHER_STREAM, { retentionMillis: WEEK });
      await log.append([{ key: new Uint8Array(20), timeMillis: systemClock.now(), value: utf8(engine.kind) }]);
      await engine.close();
    }
    const store = new SqliteGatewayStore({ path: join(home(), 'gateway.sqlite') });
    store.hosts(OTHER_STREAM);
    store.close();
    fixture.open();
    await stands({ state: 'running' });
    expect(await codeOf(fixture.gateway.useEngine(kafka))).toBe('LOG_DAMAGED');
    expect(await fixture.gateway.facts()).toMatchObject({ state: 'running', choices: { engine: { kind: 'built-in' }, movingTo: null }, engine: { ok: true, problem: { code: 'LOG_DAMAGED' } } });
    expect(fixture.gateway.logLines(200).map(({ message }) => message)).toContain('a stream was moved · stream 0x5d5d5d5d… · done 1 of 2');
    expect(await fixture.publish(publisher, fixture.publisher.next(1))).toMatchObject({ offset: 1n, logId: receipt.logId });
    await dropTopics(OTHER_STREAM);
    await fixture.gateway.useEngine(kafka);
    expect(await fixture.gateway.facts()).toMatchObject({ state: 'running', choices: { engine: kafka }, engine: { ok: true, problem: null } });
    expect(await fixture.publish(publisher, fixture.publisher.next(1))).toMatchObject({ offset: 2n });
  });

  it.skipIf(cluster.cluster === null)('is not used by a user without rights, whose password is not kept then', async () => {
    const nobody: WantedEngine = { ...kafka, brokers: [...(cluster.cluster?.saslBrokers ?? [])], sasl: { mechanism: 'plain', username: 'nobody', password: PASSWORD } };
    await expect(fixture.gateway.useEngine(nobody)).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE', meta: { check: 'create a topic' } });
    expect([fixture.keys.secrets.size, JSON.stringify(fixture.gateway.logLines(200)).includes(PASSWORD)]).toEqual([0, false]);
  });

  it.skipIf(cluster.cluster === null)('is said not to answer while it does not', async () => {
    await fixture.gateway.useEngine(kafka);
    await fixture.publish(fixture.client(), fixture.publisher.next(1));
    cluster.cluster?.pause(0);
    try { // an answer that was on its way still comes
      await stands({ state: 'running', topics: [{ bounds: null }], engine: { ok: false, problem: { code: 'ENGINE_UNREACHABLE' } } });
    } finally {
      cluster.cluster?.resume(0);
    }
    await stands({ topics: [{ bounds: { next: 1n } }], engine: { ok: true, problem: null } });
  });

  it('is tried as a whole before anything stands still', async () => {
    expect(await fixture.gateway.testEngine(kafka)).toMatchObject({ ok: true, checks: [{ name: 'brokers' }, { name: 'create a topic' }, {}, {}, {}] });
  });
});

it('is not used while no broker answers, nor after a move was killed, and says so', async () => {
  fixture = await OwnGatewayFixture.make();
  try {
    fixture.open();
    await fixture.gateway.setRunning(true);
    await fixture.publish(fixture.client(), fixture.publisher.next(1));
    const away = { kind: 'kafka', brokers: [`127.0.0.1:${await freePort()}`], tls: false, sasl: null } satisfies WantedEngine;
    const socket = await fixture.socket(fixture.client());
    expect(await codeOf(fixture.gateway.useEngine(away))).toBe('ENGINE_UNREACHABLE');
    expect([await fixture.gateway.facts(), socket.closedWith]).toMatchObject([{ state: 'running', choices: { engine: { kind: 'built-in' } }, engine: { ok: true, problem: null } }, undefined]);
    await fixture.stop();
    choose({ movingTo: away });
    fixture.open();
    await stands({ state: 'running', choices: { engine: { kind: 'built-in' }, movingTo: null }, engine: { ok: true, problem: { code: 'ENGINE_UNREACHABLE' } } });
    expect(await fixture.publish(fixture.client(), fixture.publisher.next(1))).toMatchObject({ offset: 1n });
  } finally {
    await fixture.close();
  }
}, 30_000);
