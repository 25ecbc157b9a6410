/** What a log asks of the cluster, with a broker of its own. */
import { describe, expect, it } from 'vitest';
import { ManualClock, millis, systemClock, type Clock } from '../../../base/clock.ts';
import { CodedError } from '../../../base/errors.ts';
import { silentLogger } from '../../../base/logger.ts';
import { codeOf } from '../testing/engine-contract.ts';
import { KafkaConnection } from './connection.ts';
import { KafkaLog } from './kafka-log.ts';
import { KafkaTable } from './kafka-table.ts';
import type { ClientBroker } from './kafkajs.ts';
import { Watcher } from './watcher.ts';

const RECORD_BYTES = 64 * 1024;
/** The broker gives whole groups. */
const GROUP = 16;

/** Of `count` records, the value of each is its number again and again. */
class OneBroker extends KafkaConnection {
  readonly asked: string[] = [];
  count: number;
  fails = 0;

  constructor(count: number) {
    super({ brokers: [] }, { clock: systemClock, logger: silentLogger });
    this.count = count;
  }

  override async leader<T>(_topic: string, _options: object, request: (broker: ClientBroker) => Promise<T>): Promise<T> {
    const broker: Pick<ClientBroker, 'fetch' | 'listOffsets'> = {
      listOffsets: () => Promise.resolve({ responses: [{ topicName: '', partitions: [{ offset: '0' }] }] }),
      fetch: async ({ topics }) => {
        const [wanted] = topics[0]?.partitions ?? [];
        this.asked.push(wanted?.fetchOffset ?? '');
        await new Promise((resolve) => setImmediate(resolve));
        if (this.fails-- > 0) throw new CodedError('LOG_UNREACHABLE', 'The broker is gone.');
        const first = Math.floor(Number(wanted?.fetchOffset) / GROUP) * GROUP;
        const messages = Array.from({ length: Math.max(0, Math.min(GROUP, this.count - first)) }, (_, i) => ({ offset: String(first + i), timestamp: '0', key: Buffer.alloc(20), value: Buffer.alloc(RECORD_BYTES, first + i) }));
        return { responses: [{ topicName: '', partitions: [{ partition: 0, errorCode: 0, highWatermark: String(this.count), messages }] }] };
      },
    };
    return request(broker as ClientBroker);
  }

  override leaderNow(): Promise<number> {
    return new Promise(() => undefined); // nobody waits for what comes
  }
}

async function openLog(connection: OneBroker, clock: Clock = systemClock): Promise<{ readonly log: KafkaLog; readonly room: { used: number } }> {
  const room = { used: 0 };
  const modules = { connection, watcher: new Watcher(connection, { clock, logger: silentLogger }), clock };
  const topics = { data: 'pd.s.1', keys: 'pd.k.1', checkpoints: 'pd.c.1' };
  return { room, log: new KafkaLog({ topics, base: 0n, room, onClose: () => undefined }, await KafkaTable.load(topics.checkpoints, modules), modules) };
}

const LIMITS = { maxRecords: 32, maxBytes: 4 * RECORD_BYTES };

describe('a log that is read from end to end', () => {
  it('asks the broker for every group once, for the next while this one is taken, and gives all in order', async () => {
    const broker = new OneBroker(100);
    const { log, room } = await openLog(broker);
    const seen: number[] = [];
    for (let next = 0n; next < 100n; ) {
      const slice = await log.read(next, LIMITS);
      if (next === 0n) expect(broker.asked).toEqual(['0', '16']); // nobody waits for it yet
      expect(slice.records.length).toBeGreaterThan(0);
      expect(slice.records.length).toBeLessThanOrEqual(4);
      seen.push(...slice.records.map(({ value }) => value[0] ?? -1));
      next = slice.next;
      expect(room.used).toBeLessThanOrEqual(8 * 1024 * 1024);
    }
    expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(broker.asked).toEqual(['0', '16', '32', '48', '64', '80', '96']);
  });

  it('keeps a bounded part of it, however many read at different places', async () => {
    const broker = new OneBroker(250);
    const { log, room } = await openLog(broker);
    for (const from of [0n, 32n, 64n, 96n, 128n, 160n, 192n]) await log.read(from, LIMITS);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(room.used).toBeLessThanOrEqual(4 * 1024 * 1024);
  });

  it('tells who reads on of a fault that came while it read ahead only when it comes again', async () => {
    const broker = new OneBroker(100);
    const { log } = await openLog(broker);
    await log.read(0n, LIMITS);
    await new Promise((resolve) => setTimeout(resolve, 20));
    broker.fails = 1;
    await log.read(16n, LIMITS); // 32 fails
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await log.read(32n, LIMITS)).records[0]?.value[0]).toBe(32);
    broker.fails = 10;
    await expect(log.read(64n, LIMITS)).rejects.toMatchObject({ code: 'LOG_UNREACHABLE' });
  });

  it('gives out what was fetched for a few seconds, and nothing once it is closed', async () => {
    const broker = new OneBroker(100);
    const clock = new ManualClock(millis(1000));
    const { log, room } = await openLog(broker, clock);
    await log.read(0n, LIMITS);
    await log.read(4n, LIMITS);
    expect(broker.asked).toEqual(['0', '16']);
    clock.advance(millis(5001));
    await log.read(4n, LIMITS);
    expect(broker.asked.slice(2)).toContain('4');
    expect(room.used).toBeGreaterThan(0);
    await log.close();
    expect(room.used).toBe(0);
    expect(await codeOf(log.read(4n, LIMITS))).toBe('LOG_CLOSED');
  });
});
