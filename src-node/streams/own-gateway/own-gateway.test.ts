import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toHex } from '../../base/bytes.ts';
import { silentLogger } from '../../base/logger.ts';
import { millis, systemClock } from '../../base/clock.ts';
import { STREAM_ID } from '../gateway/testing/test-stream.ts';
import { openStreamStore } from '../store.ts';
import type { WantedEngine } from './engines.ts';
import { GatewayLog } from './gateway-log.ts';
import { OwnGatewaySettings, type OwnEngine } from './settings.ts';
import { freePort, OwnGatewayFixture } from './testing/own-gateway-fixture.ts';

const QUOTAS = { publishRecordsPerSecond: 200, publishBytesPerSecond: 1024 ** 2, readBytesPerSecond: 5 * 1024 ** 2, sockets: 4, peeksPerDay: 20 };
const GIB = 1024 ** 3;
let fixture: OwnGatewayFixture;

beforeEach(async () => {
  fixture = await OwnGatewayFixture.make();
  fixture.open();
});
afterEach(() => fixture.close());

const codeOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => null, (error: unknown) => (error as { code?: string }).code);
/** Resolves once it is so; steps are what blocks bring. */
async function stands(expected: object): Promise<void> {
  await vi.waitFor(async () => {
    fixture.gateway.step();
    expect(await fixture.gateway.facts()).toMatchObject(expected);
  }, { timeout: 3000, interval: 10 });
}

describe('the gateway of this program', () => {
  it('is off until it is switched on, listens where the chain says, and is on again after the program was', async () => {
    await stands({ state: 'off', listens: null, problem: null, registration: { id: fixture.entries[0]?.id } });
    expect(await codeOf(fixture.client().hello())).toBe('GATEWAY_UNREACHABLE');
    await fixture.gateway.setRunning(true);
    expect(await fixture.gateway.facts()).toMatchObject({ state: 'running', problem: null, listens: `http://127.0.0.1:${fixture.port}`, engine: { problem: null, usedBytes: 0 } });
    const receipt = await fixture.publish(fixture.client(), fixture.publisher.next(3));
    await fixture.stop();
    expect(await codeOf(fixture.client().hello())).toBe('GATEWAY_UNREACHABLE');
    fixture.open();
    await stands({ state: 'running', topics: [{ streamId: STREAM_ID, bounds: { first: 0n, next: 1n } }] });
    expect((await fixture.client().facts(STREAM_ID)).tail?.batchHash).toEqual(receipt.batchHash);
    await fixture.gateway.setRunning(false);
    await fixture.stop();
    fixture.open();
    await stands({ state: 'off', registration: {} });
  });

  it('says that it needs a registration, waits for it, and ends with it', async () => {
    const { entries } = fixture;
    fixture.entries = [];
    await fixture.gateway.setRunning(true);
    expect(await fixture.gateway.facts()).toMatchObject({ state: 'failed', problem: { code: 'GATEWAY_NOT_REGISTERED' }, listens: null });
    fixture.entries = entries;
    fixture.later = 60_000;
    await stands({ state: 'running', problem: null });
    fixture.entries = entries.map((entry) => ({ ...entry, status: 'left' as const }));
    await stands({ state: 'failed', problem: { code: 'GATEWAY_NOT_REGISTERED' }, registration: { status: 'left' } });
    expect(await codeOf(fixture.client().hello())).toBe('GATEWAY_UNREACHABLE');
  });

  it('says that its port is in use, and starts by itself when it is free', async () => {
    const other = createServer().listen(fixture.port, '127.0.0.1');
    await expect(fixture.gateway.setRunning(true)).rejects.toMatchObject({ code: 'PORT_IN_USE', meta: { port: fixture.port } });
    expect(await fixture.gateway.facts()).toMatchObject({ state: 'failed', problem: { code: 'PORT_IN_USE' } });
    await new Promise((resolve) => other.close(resolve));
    fixture.gateway.step();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await fixture.gateway.facts()).toMatchObject({ state: 'failed' }); // not with every block
    fixture.later = 11_000;
    await stands({ state: 'running', problem: null });
  });

  it('says that the chain names another address than where it listens', async () => {
    await fixture.gateway.setRunning(true);
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    fixture.entries = fixture.entries.map((entry) => ({ ...entry, endpoints: [endpoint] }));
    await stands({ state: 'running', problem: { code: 'ENDPOINT_DIFFERS', meta: { endpoint, listens: `http://127.0.0.1:${fixture.port}` } }, registration: { endpoints: [endpoint] } });
    await fixture.gateway.setRunning(false);
    await fixture.gateway.setRunning(true);
    expect(await fixture.gateway.facts()).toMatchObject({ problem: null, listens: endpoint });
  });

  it('goes on serving readers while nothing can be signed, gives publishers no receipts meanwhile, and says so', async () => {
    await fixture.gateway.setRunning(true);
    const channelId = fixture.chain.openChannel();
    const [publisher, reader] = [fixture.client(), fixture.client(channelId)];
    const batch = fixture.publisher.next(2);
    fixture.keys.isStopped = true;
    expect(await codeOf(fixture.publish(publisher, batch))).toBe('signer_unavailable');
    expect(await fixture.gateway.facts()).toMatchObject({ state: 'failed', problem: { code: 'KEYS_STOPPED' } });
    expect((await reader.hello()).protocol).toBe(1);
    fixture.keys.isStopped = false;
    fixture.keys.isHeld = false; // it came back, and the wallet was not unlocked yet
    await stands({ state: 'failed', problem: { code: 'STREAM_NOT_HELD' } });
    fixture.keys.isHeld = true;
    await stands({ state: 'running', problem: null });
    expect(await fixture.publish(publisher, batch)).toMatchObject({ offset: 0n });
    expect((await reader.batches(STREAM_ID, { cursor: 'earliest', max: 10, waitMillis: millis(0) })).items).toHaveLength(1);
  });

  it('shows who is connected, how far they are, what is owed, and what passes through', async () => {
    await fixture.gateway.setRunning(true);
    const channelId = fixture.chain.openChannel();
    const publishing = await fixture.socket(fixture.client());
    const reading = await fixture.socket(fixture.client(channelId));
    reading.send({ type: 'SUB', stream: STREAM_ID, cursor: 'earliest', credit: 1 });
    await reading.take('SUBOK');
    const client = fixture.client();
    await fixture.publish(client, fixture.publisher.next(4));
    await reading.take('DATA');
    await fixture.publish(client, fixture.publisher.next(4));
    const facts = await fixture.gateway.facts();
    const [topic] = facts.topics;
    expect(topic).toMatchObject({ bounds: { first: 0n, next: 2n }, owed: 40n, topic: expect.stringContaining(toHex(STREAM_ID).slice(2)) as string });
    expect(topic?.bytes).toBeGreaterThan(2 * (topic?.outBytesPerSecond ?? 0) * 10 - 1);
    expect(topic?.inBytesPerSecond).toBe(2 * (topic?.outBytesPerSecond ?? 0));
    expect(facts.sockets).toBe(2);
    expect(facts.connections).toMatchObject([
      { action: 'publish', streamId: STREAM_ID, behind: null, state: 'ok', network: expect.stringContaining('127.0.0.1') as string },
      { action: 'subscribe', streamId: STREAM_ID, behind: 1n, state: 'slow', delayMillis: null },
    ]);
    reading.send({ type: 'CREDIT', stream: STREAM_ID, batches: 100 });
    await reading.take('DATA');
    const after = (await fixture.gateway.facts()).connections[1];
    expect(after).toMatchObject({ behind: 0n, state: 'ok' });
    expect(after?.delayMillis).toBeLessThan(2000);
    for (let i = 0; i < 12; i++) await fixture.publish(client, fixture.publisher.next(4));
    await reading.take('PAY');
    await vi.waitFor(async () => expect((await fixture.gateway.facts()).connections[1]).toMatchObject({ state: 'unpaid' }));
    reading.send({ type: 'VOUCHER', ...fixture.voucher(channelId, 56n) });
    await vi.waitFor(async () => expect(await fixture.gateway.facts()).toMatchObject({ topics: [{ owed: 0n }], connections: [{}, { state: 'ok', behind: 0n }] }));
    publishing.socket.terminate();
    await vi.waitFor(async () => expect((await fixture.gateway.facts()).connections).toHaveLength(1));
  });

  it('takes other quotas and paths from the next request on, and remembers them', async () => {
    await fixture.gateway.setRunning(true);
    const client = fixture.client();
    await fixture.publish(client, fixture.publisher.next(10));
    fixture.gateway.setQuotas({ ...QUOTAS, publishRecordsPerSecond: 2 });
    expect((await client.facts(STREAM_ID)).limits.publishRecordsPerSecond).toBe(2);
    await fixture.publish(client, fixture.publisher.next(4)); // two seconds' worth at once
    expect(await codeOf(fixture.publish(client, fixture.publisher.next(1)))).toBe('quota_rate');
    const old = `http://127.0.0.1:${fixture.port}/${toHex(STREAM_ID).slice(2)}`;
    expect((await fetch(old)).status).toBe(404);
    fixture.gateway.setOldPaths(true);
    expect((await fetch(old)).status).toBe(401);
    await fixture.stop();
    fixture.open();
    await stands({ state: 'running', choices: { oldPaths: true, quotas: { publishRecordsPerSecond: 2 } } });
    expect([(await fetch(old)).status, (await client.facts(STREAM_ID)).limits.publishRecordsPerSecond]).toEqual([401, 2]);
  });

  it('tries engines without disturbing the one that runs, and gives it another bound', async () => {
    await fixture.gateway.setRunning(true);
    await fixture.publish(fixture.client(), fixture.publisher.next(1));
    const { ok, checks } = await fixture.gateway.testEngine({ kind: 'built-in', maxBytes: 2 ** 50 });
    expect([ok, checks.filter((check) => !check.ok).map(({ name }) => name)]).toEqual([false, ['free space']]);
    await expect(fixture.gateway.useEngine({ kind: 'built-in', maxBytes: 2 ** 50 })).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE', meta: { check: 'free space' } });
    const kafka = { kind: 'kafka', brokers: [`127.0.0.1:${await freePort()}`], tls: false, sasl: null } satisfies WantedEngine;
    await expect(fixture.gateway.useEngine({ ...kafka, sasl: { mechanism: 'plain', username: 'u', password: null } })).rejects.toMatchObject({ code: 'PASSWORD_MISSING' });
    await fixture.gateway.useEngine({ kind: 'built-in', maxBytes: GIB });
    expect(await fixture.gateway.facts()).toMatchObject({ state: 'running', choices: { engine: { maxBytes: GIB }, movingTo: null } });
    expect((await fixture.client().facts(STREAM_ID)).next).toBe(1n);
  });
});

it('leaves its log engine while the index does not name it yet, whose streams would stay behind', async () => {
  await fixture.gateway.setRunning(true);
  await fixture.publish(fixture.client(), fixture.publisher.next(1));
  await fixture.gateway.setRunning(false);
  await fixture.stop();
  const engine: OwnEngine = { kind: 'kafka', brokers: [`127.0.0.1:${await freePort()}`], tls: false, sasl: null };
  const db = openStreamStore(join(fixture.folder, 'streams.sqlite'));
  new OwnGatewaySettings(db).change({ engine });
  db.close();
  const { entries } = fixture;
  fixture.entries = [];
  fixture.open();
  expect(await codeOf(fixture.gateway.useEngine({ kind: 'built-in', maxBytes: GIB }))).toBe('GATEWAY_NOT_KNOWN_YET');
  fixture.entries = entries;
  expect(await codeOf(fixture.gateway.useEngine({ kind: 'built-in', maxBytes: GIB }))).toBe('ENGINE_ONE_WAY');
  expect((await fixture.gateway.facts()).choices.engine).toEqual(engine);
});

it('keeps the newest lines, with addresses and ids in part', () => {
  const log = new GatewayLog({ clock: systemClock, log: silentLogger });
  for (let i = 0; i < 300; i++) log.child('a').info(`line ${i}`);
  log.warn('refused', { from: '203.0.113.77', also: '2001:db8:1:2::3', stream: toHex(STREAM_ID), at: join('http://127.0.0.1:80') });
  log.debug('not kept');
  expect(log.recent(200)).toHaveLength(200);
  expect(log.recent(2).map(({ message }) => message)).toEqual(['line 299', 'refused · from 203.0.… · also 2001:db8:… · stream 0x5d5d5d5d… · at http:/127.0.0.1:80']);
});
