/** The Kafka engine against a real broker: one of its own, or that of KAFKA_BROKERS. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs, { type AclOperationTypes as AclOperation } from 'kafkajs';
import { afterAll, describe, expect, it } from 'vitest';
import { hexOf, utf8, type Bytes } from '../../../base/bytes.ts';
import { ManualClock, millis, systemClock } from '../../../base/clock.ts';
import { CodedError, isCoded } from '../../../base/errors.ts';
import { systemFiles } from '../../../base/files.ts';
import { silentLogger } from '../../../base/logger.ts';
import { kafkaForTests } from '../../../testing/kafka-for-tests.ts';
import { BuiltInEngine } from '../built-in/built-in-engine.ts';
import type { LogEngine, StoredRecord, StreamLog } from '../engine.ts';
import { moveStream } from '../move.ts';
import { codeOf, DAY, describeEngine, newStreamId, recordOf, START, textOf, textsOf } from '../testing/engine-contract.ts';
import { KafkaEngine, type KafkaEngineOptions } from './kafka-engine.ts';
import { newKafka } from './kafkajs.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ConfigResourceTypes, ResourcePatternTypes } = kafkajs; // Node finds no names in its exports

const PASSWORD = 'a secret word';
const tls = newCertificate();
const kafka = await kafkaForTests({ brokers: 1, users: { nobody: PASSWORD, reader: PASSWORD }, ...(tls === null ? {} : { tlsPem: tls.key + tls.certificate }) });
const engines: LogEngine[] = [];
const modules = { clock: systemClock, logger: silentLogger };
const newEngine = (options: Partial<KafkaEngineOptions> = {}): KafkaEngine => {
  const engine = new KafkaEngine({ brokers: kafka.brokers, ...options }, modules);
  engines.push(engine);
  return engine;
};

const root = mkdtempSync(join(tmpdir(), 'moved-log-'));

/** Key and certificate of 127.0.0.1, signed by themselves; null where there is no openssl. */
function newCertificate(): { readonly key: string; readonly certificate: string } | null {
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', '-', '-out', '-'];
  const { status, stdout } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) return null;
  const at = stdout.indexOf('-----BEGIN CERTIFICATE-----');
  return { key: stdout.slice(0, at), certificate: stdout.slice(at) };
}

/** Gives few records at a time. */
function limited(engine: LogEngine, maxRecords: number): LogEngine {
  return {
    kind: engine.kind,
    test: () => engine.test(),
    close: () => engine.close(),
    async open(streamId, options) {
      const log = await engine.open(streamId, options);
      return { append: (records) => log.append(records), read: (from, limits) => log.read(from, { ...limits, maxRecords }), bounds: () => log.bounds(), offsetAt: (time) => log.offsetAt(time), onGrown: (listener) => log.onGrown(listener), table: (name) => log.table(name), close: () => log.close() };
    },
  };
}

afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.close()));
  await kafka.stop();
  rmSync(root, { recursive: true, force: true });
});

describe.skipIf(kafka.brokers.length === 0)(kafka.name, () => {
  describeEngine('the log', () => newEngine());

  it('tells two instances of a gateway of what the other appends and puts, in one order', async () => {
    const id = newStreamId();
    const [one, two] = [await newEngine().open(id, DAY), await newEngine().open(id, DAY)];
    const [keysOne, keysTwo] = [await one.table('keys'), await two.table('keys')];
    const seen: string[] = [];
    let next = 0n;
    two.onGrown(() => void two.read(next, { maxRecords: 100, maxBytes: 100_000 }).then((slice) => {
      if (slice.next <= next) return;
      next = slice.next;
      seen.push(...slice.records.map(({ value }) => textOf(value) ?? ''));
    }));
    for (let i = 0; i < 20; i++) await one.append([recordOf(`a${i}`)]);
    await expect.poll(() => seen, { timeout: 15_000 }).toEqual(Array.from({ length: 20 }, (_, i) => `a${i}`));
    await Promise.all([one.append([recordOf('x')]), two.append([recordOf('y')])]);
    expect(await textsOf(one)).toEqual(await textsOf(two));
    await Promise.all([...Array.from({ length: 10 }, (_, i) => keysOne.put('k', utf8(`one ${i}`))), ...Array.from({ length: 10 }, (_, i) => keysTwo.put('k', utf8(`two ${i}`)))]);
    await expect.poll(() => textOf(keysOne.get('k')) === textOf(keysTwo.get('k')), { timeout: 15_000 }).toBe(true);
  });

  it('keeps the order of many appends at once, and of what is read at the end by many', async () => {
    const log = await newEngine().open(newStreamId(), DAY);
    const wanted = Array.from({ length: 3000 }, (_, i) => String(i).padEnd(500));
    const offsets = await Promise.all(wanted.map((text) => log.append([recordOf(text)])));
    expect(offsets.flat()).toEqual(wanted.map((_, i) => BigInt(i)));
    const read = await Promise.all(Array.from({ length: 20 }, () => log.read(2900n, { maxRecords: 200, maxBytes: 1_000_000 })));
    for (const { records } of read) expect(records.map(({ value }) => textOf(value))).toEqual(wanted.slice(2900));
    let next = 0n;
    const all: string[] = [];
    while (next < 3000n) {
      const slice = await log.read(next, { maxRecords: 1000, maxBytes: 50_000 });
      all.push(...slice.records.map(({ value }) => textOf(value) ?? ''));
      next = slice.next;
    }
    expect(all).toEqual(wanted);
  });

  it('makes topics as the table says, and changes how long they keep records', async () => {
    const id = newStreamId();
    const engine = newEngine();
    const log = await engine.open(id, { retentionMillis: millis(7_200_000) });
    await log.close();
    await engine.open(id, { retentionMillis: millis(3_600_000) });
    const admin = newKafka({ brokers: kafka.brokers }).admin();
    await admin.connect();
    const name = hexOf(id).slice(0, 20);
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: ['s', 'k', 'c'].map((kind) => ({ type: ConfigResourceTypes.TOPIC, name: `pd.${kind}.${name}` })) });
    await admin.disconnect();
    const [data, keys, checkpoints] = resources.map(({ configEntries }) => Object.fromEntries(configEntries.map(({ configName, configValue }) => [configName, configValue])));
    expect(data).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': '3600000', 'max.message.bytes': '8454144', 'min.insync.replicas': '1' });
    expect(keys).toMatchObject({ 'cleanup.policy': 'compact' });
    expect(checkpoints).toMatchObject({ 'cleanup.policy': 'compact' });
  });

  it('says what is no longer kept', async () => {
    const id = newStreamId();
    const log = await newEngine().open(id, DAY);
    await log.append(Array.from({ length: 10 }, (_, i) => recordOf(`r${i}`, START + i)));
    const admin = newKafka({ brokers: kafka.brokers }).admin();
    await admin.connect();
    const topic = `pd.s.${hexOf(id).slice(0, 20)}`;
    await admin.fetchTopicOffsets(topic); // the client must know it
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '6' }] });
    await admin.disconnect();
    expect(await log.bounds()).toEqual({ first: 6n, next: 10n });
    const error: unknown = await log.read(5n, { maxRecords: 1, maxBytes: 1 }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'LOG_TOO_OLD', meta: { first: '6' } });
    expect(await textsOf(log, 6n)).toEqual(['r6', 'r7', 'r8', 'r9']);
    expect(await log.offsetAt(millis(START))).toBe(6n);
  });

  it('refuses topics that hold something else', async () => {
    const id = newStreamId();
    const engine = newEngine();
    await (await engine.open(id, DAY)).append([recordOf('a')]);
    const alike = Uint8Array.from([...id.subarray(0, 31), (id[31] ?? 0) ^ 1]);
    expect(await codeOf(engine.open(alike, DAY))).toBe('LOG_DAMAGED');
  });

  describe('moved from the built-in log', () => {
    const LATER = START + 1_000_000;
    const all = { maxRecords: 1000, maxBytes: 10_000_000 };

    /** 200 records from offset 40 on, and a table. */
    async function newSource(): Promise<{ readonly engine: BuiltInEngine; readonly streamId: Bytes; readonly log: StreamLog; readonly first: bigint }> {
      const clock = new ManualClock(millis(START));
      const engine = new BuiltInEngine({ folder: mkdtempSync(join(root, 'f-')), maxBytes: 2 ** 30, fsyncMillis: millis(0), segmentBytes: 10_000 }, { files: systemFiles, clock, logger: silentLogger });
      engines.push(engine);
      const streamId = newStreamId();
      const log = await engine.open(streamId, { retentionMillis: millis(1000) });
      const append = (i: number, time: number): Promise<unknown> => log.append(Array.from({ length: 10 }, (_, j) => recordOf(`r${i * 10 + j}`.padEnd(1000), time)));
      for (let i = 0; i < 4; i++) await append(i, START);
      clock.advance(millis(2000));
      for (let i = 4; i < 24; i++) await append(i, LATER + i);
      await (await log.table('keys')).put('k', utf8('v'));
      await (await log.table('checkpoints')).put('c', utf8('w'));
      clock.advance(millis(60_000)); // it looks for what is too old
      await expect.poll(async () => (await log.bounds()).first).toBe(40n);
      await engine.open(streamId, DAY);
      return { engine, streamId, log, first: 40n };
    }
    const same = async (log: StreamLog, source: StreamLog): Promise<void> => {
      expect(await log.bounds()).toEqual(await source.bounds());
      const plain = (records: readonly StoredRecord[]): unknown => records.map(({ offset, timeMillis, key, value }) => [offset, timeMillis, hexOf(key), textOf(value)]);
      expect(plain((await log.read(40n, all)).records)).toEqual(plain((await source.read(40n, all)).records));
    };

    it('keeps offsets, times and tables, and goes on counting', async () => {
      const { engine, streamId, log: source, first } = await newSource();
      const kafkaEngine = newEngine();
      await moveStream(engine, kafkaEngine, { streamId, ...DAY });
      const log = await kafkaEngine.open(streamId, DAY);
      await same(log, source);
      expect(await log.offsetAt(millis(LATER + 5))).toBe(first + 10n);
      expect(await codeOf(log.read(first - 1n, all))).toBe('LOG_TOO_OLD');
      expect((await log.table('keys')).entries('').map(([key, value]) => [key, textOf(value)])).toEqual([['k', 'v']]);
      expect((await log.table('checkpoints')).entries('').map(([key]) => key)).toEqual(['c']);
      expect(await log.append([recordOf('new')])).toEqual([240n]);
      await log.close();
      const again = await newEngine().open(streamId, DAY);
      expect(await textsOf(again, 240n)).toEqual(['new']);
    });

    it('goes on after it was broken off, anywhere, and is of no use to anybody before', async () => {
      const { engine, streamId, log: source } = await newSource();
      for (const after of [1n, 2n, 4n]) {
        const stopped = newEngine();
        let left = after;
        const moving = moveStream(limited(engine, 30), stopped, { streamId, ...DAY, onProgress: () => {
          left -= 1n;
          if (left === 0n) throw new CodedError('STOPPED', 'The program ended.');
        } });
        expect(await codeOf(moving)).toBe('STOPPED');
        expect(await codeOf(newEngine().open(streamId, DAY))).toBe('LOG_LOCKED');
      }
      const kafkaEngine = newEngine();
      await moveStream(engine, kafkaEngine, { streamId, ...DAY });
      await same(await kafkaEngine.open(streamId, DAY), source);
      // once more does nothing
      await (await kafkaEngine.open(streamId, DAY)).close();
      await moveStream(engine, kafkaEngine, { streamId, ...DAY });
      await same(await kafkaEngine.open(streamId, DAY), source);
    });

    it('refuses where something else is', async () => {
      const { engine, streamId, log: source } = await newSource();
      const kafkaEngine = newEngine();
      await (await kafkaEngine.open(streamId, DAY)).append([recordOf('other')]);
      expect(await codeOf(moveStream(engine, newEngine(), { streamId, ...DAY }))).toBe('LOG_DAMAGED');
      const second = await newSource();
      const receiving = newEngine();
      const target = await receiving.receive(second.streamId, { ...DAY, first: 40n });
      await target.append([recordOf('another', START + 5)]);
      await target.close();
      expect(await codeOf(moveStream(second.engine, newEngine(), { streamId: second.streamId, ...DAY }))).toBe('LOG_DAMAGED');
      expect((await source.bounds()).next).toBe(240n);
    });
  });

  it('names brokers that cannot be reached', { timeout: 20_000 }, async () => {
    const report = await newEngine({ brokers: ['127.0.0.1:1'] }).test();
    expect(report).toMatchObject({ ok: false, brokers: [], checks: [{ name: 'brokers', ok: false }] });
    expect(report.checks[0]?.detail).toContain('cannot be reached');
  });

  describe.skipIf(kafka.cluster === null)('of our own', () => {
    const user = (password: string, username = 'nobody', mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512' = 'plain'): Partial<KafkaEngineOptions> => ({ brokers: kafka.cluster?.saslBrokers ?? [], sasl: { mechanism, username, password } });

    async function allow(...operations: readonly AclOperation[]): Promise<void> {
      const admin = newKafka({ brokers: kafka.brokers }).admin();
      await admin.connect();
      const rights = { resourceType: AclResourceTypes.TOPIC, resourceName: 'pd.', resourcePatternType: ResourcePatternTypes.PREFIXED, principal: 'User:reader', host: '*', permissionType: AclPermissionTypes.ALLOW } as const;
      await admin.createAcls({ acl: operations.map((operation) => ({ ...rights, operation })) });
      await admin.disconnect();
    }

    it('names the right that is missing', async () => {
      const engine = newEngine(user(PASSWORD));
      const error: unknown = await engine.open(newStreamId(), DAY).catch((thrown: unknown) => thrown);
      expect(isCoded(error, 'LOG_RIGHTS') && error.meta['need']).toMatch(/^DESCRIBE on topic pd\./);
      const report = await engine.test();
      expect(report.ok).toBe(false);
      expect(report.checks.map(({ name, ok }) => [name, ok])).toEqual([['brokers', true], ['create a topic', false]]);
      expect(report.checks[1]?.detail).toContain('CREATE on topic');
    });

    it('says that name or password are wrong, and never says the password', async () => {
      const wrong = newEngine(user('another secret'));
      const error: unknown = await wrong.open(newStreamId(), DAY).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'LOG_RIGHTS', meta: { need: 'a user of the cluster' } });
      expect(JSON.stringify([error, await wrong.test()])).not.toContain('another secret');
    });

    it.each(['scram-sha-256', 'scram-sha-512'] as const)('logs in by %s, and does what the rights of the user allow', async (mechanism) => {
      const [before, after] = [newStreamId(), newStreamId()];
      for (const id of [before, after]) await (await newEngine().open(id, DAY)).append([recordOf('of another program')]);
      await allow(AclOperationTypes.DESCRIBE, AclOperationTypes.READ);
      const log = await newEngine(user(PASSWORD, 'reader', mechanism)).open(before, DAY);
      expect(await textsOf(log)).toEqual(['of another program']);
      if (mechanism === 'scram-sha-256') {
        const error: unknown = await log.append([recordOf('not allowed')]).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: 'LOG_RIGHTS', meta: { need: expect.stringMatching(/^WRITE on topic pd\./) as string } });
      }
      await allow(AclOperationTypes.WRITE);
      const writing = await newEngine(user(PASSWORD, 'reader', mechanism)).open(after, DAY);
      expect(await writing.append([recordOf('allowed')])).toEqual([1n]);
      const wrong: unknown = await newEngine(user('another secret', 'reader', mechanism)).open(newStreamId(), DAY).catch((thrown: unknown) => thrown);
      expect(wrong).toMatchObject({ code: 'LOG_RIGHTS', meta: { need: 'a user of the cluster' } });
    });

    it.skipIf(tls === null)('speaks TLS, and only with whom it was told to believe', async () => {
      const brokers = kafka.cluster?.tlsBrokers ?? [];
      const log = await newEngine({ brokers, ssl: { ca: tls?.certificate ?? '' } }).open(newStreamId(), DAY);
      expect(await log.append([recordOf('a')])).toEqual([0n]);
      expect(await textsOf(log)).toEqual(['a']);
      const report = await newEngine({ brokers, ssl: true }).test();
      expect(report.ok).toBe(false);
      expect(report.checks[0]?.detail).toContain('self-signed certificate');
    });

    it('loses and reorders nothing that it acknowledged when the broker dies', { timeout: 60_000 }, async () => {
      const id = newStreamId();
      const log = await newEngine().open(id, DAY);
      const acknowledged: [bigint, string][] = [];
      let isOver = false;
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        for (let i = 0; !isOver; i++) {
          // of now: a broker that starts knows no writers whose newest record is older than a day
          const [offset = -1n] = await log.append([recordOf(`${writer} ${i}`, Date.now())]);
          acknowledged.push([offset, `${writer} ${i}`]);
        }
      });
      await expect.poll(() => acknowledged.length).toBeGreaterThan(100);
      await kafka.cluster?.restart(0);
      const before = acknowledged.length;
      await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(before + 100);
      isOver = true;
      await Promise.all(writers);
      const texts: string[] = [];
      for (let next = 0n; next < (await log.bounds()).next; ) {
        const slice = await log.read(next, { maxRecords: 100_000, maxBytes: 1_000_000 });
        texts.push(...slice.records.map(({ value }) => textOf(value) ?? ''));
        next = slice.next;
      }
      expect(acknowledged.filter(([offset, text]) => texts[Number(offset)] !== text)).toEqual([]);
      expect(texts).toHaveLength(acknowledged.length);
      for (let writer = 0; writer < 4; writer++) {
        const numbers = texts.map((text) => text.split(' ').map(Number)).filter(([by]) => by === writer).map(([, i]) => i);
        expect(numbers).toEqual(numbers.map((_, i) => i));
      }
    });
  });
});
