import type { GatewayLogLine, GatewayView, TestReport } from '../../../src-node/api/contract/index.ts';
import { addressOf, CPC, DAY, hashOf, HOUR, MAIN, milli, MINUTE } from './addresses.ts';
import type { SampleOptions } from './options.ts';
import { streamId } from './streams.ts';

const GIB = 2 ** 30;

export function sampleGateway({ now, gateway: state, empty }: SampleOptions): GatewayView {
  const running = state === 'running';
  const topic = (key: string, title: string, next: number, rate: number, readers: number): GatewayView['topics'][number] => ({ stream: streamId(key), title, topic: `pd.s.${streamId(key).slice(2, 22)}`, first: next - 400_000, next, bytes: 612_000_000, retentionMillis: 7 * DAY, inBytesPerSecond: rate, outBytesPerSecond: rate * readers, publishers: 1, readers, lastAt: now - 800, owed: milli(4) });
  const client = (name: string, action: 'publish' | 'subscribe', change: Partial<GatewayView['clients'][number]> = {}): GatewayView['clients'][number] => ({ id: name, action, stream: streamId('brake'), title: 'Brake events, live', clientKey: addressOf(`client ${name}`), remote: '203.0.113.…', since: now - 3 * HOUR, bytes: 48_000_000, lagRecords: 0, ticketEndsAt: now + 38 * MINUTE, state: 'ok', ...change });
  return {
    state, problem: state === 'failed' ? { code: 'ENGINE_UNREACHABLE', message: 'None of the three brokers answers.', help: 'Nothing that was acknowledged is lost. It is tried again by itself; check that the brokers run and can be reached from here.', meta: {} } : null,
    listens: state === 'off' ? null : 'http://127.0.0.1:8710',
    engine: { settings: empty ? { kind: 'built-in', maxBytes: 20 * GIB } : { kind: 'kafka', brokers: ['kafka-1.lan:9092', 'kafka-2.lan:9092', 'kafka-3.lan:9092'], tls: true, sasl: { mechanism: 'scram-sha-512', username: 'pd-gateway', password: null } }, ok: state !== 'failed', problem: null, usedBytes: 1_830_000_000, checkedAt: now - 9000 },
    registration: empty ? null : { id: hashOf('gateway suzhou-2.example.net:8710'), owner: MAIN, endpoints: ['https://suzhou-2.example.net:8710'], bond: 1_200n * CPC, status: 'bonded', leavesAt: null },
    facts: { sockets: running && !empty ? 118 : 0, inBytesPerSecond: running && !empty ? 212_000 : 0, outBytesPerSecond: running && !empty ? 4_180_000 : 0, lagMillis: running && !empty ? 38 : null, owed: empty ? 0n : milli(12), memoryBytes: 212_000_000 },
    topics: empty ? [] : [topic('g15', 'G15 road state', 91_204_119, 4_100, 64), topic('brake', 'Brake events, live', 1_402_119, 280, 21), topic('taxi', 'E-taxi positions, Shenzhen', 4_118_202_001, 91_000, 33)],
    clients: empty ? [] : [client('one', 'publish', { lagRecords: null }), client('two', 'subscribe'), client('three', 'subscribe', { state: 'slow', lagRecords: 4_812 }), client('four', 'subscribe', { state: 'unpaid', lagRecords: 51 })],
    quotas: { publishPerSecond: 200, publishBytesPerSecond: 1_048_576, readBytesPerSecond: 5_242_880, sockets: 4, peeksPerDay: 200 }, earned: empty ? 0n : milli(41_200), withdrawable: empty ? 0n : milli(477_600), oldPaths: false, asOf: now,
  };
}

export function sampleGatewayLog({ now, empty }: SampleOptions): readonly GatewayLogLine[] {
  return empty ? [] : [{ at: now - 9 * MINUTE, level: 'info', message: 'Kafka: 3 of 3 brokers, 3 topics' }, { at: now - 4 * MINUTE, level: 'warn', message: 'Reader 0x81…c2 gives no credit; nothing is sent to it' }, { at: now - 8000, level: 'info', message: 'Ticket for 0x4f…1e, subscribe, G15 road state' }];
}

export function sampleTest(ok: boolean): TestReport {
  return { ok, checks: [{ name: 'reach', ok: true, detail: '3 of 3 brokers in 12 ms' }, { name: 'topic', ok, detail: ok ? 'Made and removed pd.test.4f1c' : 'TOPIC_AUTHORIZATION_FAILED: the user may not create topics' }, { name: 'produce', ok, detail: ok ? 'Written by all in-sync replicas in 4 ms' : 'Not tried' }, { name: 'fetch', ok, detail: ok ? 'Read back in 2 ms' : 'Not tried' }] };
}
