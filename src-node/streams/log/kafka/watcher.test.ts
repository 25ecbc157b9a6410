import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../../base/clock.ts';
import { CodedError } from '../../../base/errors.ts';
import { silentLogger } from '../../../base/logger.ts';
import { KafkaConnection } from './connection.ts';
import type { ClientBroker } from './kafkajs.ts';
import { Watcher } from './watcher.ts';

type Fetch = Parameters<ClientBroker['fetch']>[0];

/** Answers a look when the test says so. */
class OneBroker extends KafkaConnection {
  readonly looks: { readonly wanted: Readonly<Record<string, string>>; readonly answer: (topic?: string, offsets?: readonly number[]) => void; readonly fail: () => void }[] = [];

  constructor() {
    super({ brokers: [] }, { clock: systemClock, logger: silentLogger });
  }

  override leader<T>(_topic: string, _options: object, request: (broker: ClientBroker) => Promise<T>): Promise<T> {
    return this.broker().then(request);
  }

  readonly leaders = new Map<string, number>();

  readonly leaderless = new Set<string>();

  override leaderNow(topic: string): Promise<number> {
    if (this.leaderless.has(topic)) return Promise.reject(Object.assign(new Error('no leader'), { type: 'LEADER_NOT_AVAILABLE' }));
    return Promise.resolve(this.leaders.get(topic) ?? 0);
  }

  override broker(): Promise<ClientBroker> {
    const broker: Pick<ClientBroker, 'fetch' | 'listOffsets'> = {
      listOffsets: () => Promise.resolve({ responses: [{ topicName: '', partitions: [{ offset: '10' }] }] }),
      fetch: ({ topics }: Fetch) => new Promise((resolve, reject) => {
        const answer = (topic = '', offsets: readonly number[] = []): void => resolve({ responses: [{ topicName: topic, partitions: [{ partition: 0, errorCode: 0, highWatermark: '0', messages: offsets.map((offset) => ({ offset: String(offset), timestamp: '0', key: null, value: null })) }] }] });
        this.looks.push({ wanted: Object.fromEntries(topics.map(({ topic, partitions }) => [topic, partitions[0]?.fetchOffset ?? ''])), answer, fail: () => reject(new CodedError('LOG_UNREACHABLE', 'The broker is gone.')) });
      }),
    };
    return Promise.resolve(broker as ClientBroker);
  }
}

const watchers: Watcher[] = [];
afterEach(() => watchers.splice(0).forEach((watcher) => watcher.close()));

function start(): { readonly broker: OneBroker; readonly watcher: Watcher; readonly look: (count: number) => Promise<OneBroker['looks'][number]> } {
  const broker = new OneBroker();
  const watcher = new Watcher(broker, { clock: systemClock, logger: silentLogger });
  watchers.push(watcher);
  return { broker, watcher, look: async (count) => {
    await expect.poll(() => broker.looks.length).toBe(count);
    const { [count - 1]: last } = broker.looks;
    if (last === undefined) throw new RangeError('no look');
    return last;
  } };
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

it('does not ask for what this program appends, and goes on behind it', async () => {
  const { broker, watcher, look } = start();
  const told: bigint[] = [];
  const watch = watcher.watch('a', (end) => told.push(end));
  const first = await look(1);
  expect(first.wanted).toEqual({ a: '10' });
  const over = [watch.appending(), watch.appending()];
  first.answer();
  await soon();
  expect(broker.looks).toHaveLength(1); // it is all that is watched
  over[0]?.({ first: 10n, end: 12n });
  over[1]?.({ first: 12n, end: 15n });
  for (let i = 15n; i < 20n; i++) {
    const again = watch.appending(); // a moment later
    await soon();
    again({ first: i, end: i + 1n });
  }
  expect(broker.looks).toHaveLength(1);
  expect((await look(2)).wanted).toEqual({ a: '20' });
  expect(told).toEqual([10n]);
});

it('asks for what others added between, and for all when nobody knows what became of an append', async () => {
  const { watcher, look } = start();
  const watch = watcher.watch('a', () => undefined);
  const first = await look(1);
  const over = watch.appending();
  first.answer();
  over({ first: 11n, end: 12n });
  const second = await look(2);
  expect(second.wanted).toEqual({ a: '10' });
  const lost = watch.appending();
  second.answer('a', [10, 11]);
  lost(null);
  expect((await look(3)).wanted).toEqual({ a: '12' });
});

it('never goes back behind what was appended while a look was open', async () => {
  const { watcher, look } = start();
  const watch = watcher.watch('a', () => undefined);
  const first = await look(1);
  watch.appending()({ first: 10n, end: 14n });
  first.answer('a', [10, 11]);
  await soon();
  expect((await look(2)).wanted).toEqual({ a: '14' });
});

it('goes on asking for other topics, for new ones, and ends when nothing is watched', async () => {
  const { broker, watcher, look } = start();
  const watch = watcher.watch('a', () => undefined);
  const first = await look(1);
  const over = watch.appending();
  first.answer();
  await soon();
  const other = watcher.watch('b', () => undefined);
  const second = await look(2);
  expect(second.wanted).toEqual({ b: '10' });
  over({ first: 10n, end: 11n });
  await new Promise((resolve) => setTimeout(resolve, 80)); // it is quiet
  second.answer();
  const third = await look(3);
  expect(third.wanted).toEqual({ a: '11', b: '10' });
  watch.appending();
  other.stop();
  third.answer();
  await soon();
  watch.stop();
  await soon();
  expect(broker.looks).toHaveLength(3);
  watcher.watch('c', () => undefined);
  expect((await look(4)).wanted).toEqual({ c: '10' });
});

it('finds the broker of all topics anew when one fails, also of those that it was not asked for', async () => {
  const { broker, watcher, look } = start();
  const watch = watcher.watch('a', () => undefined);
  const first = await look(1);
  const over = watch.appending();
  first.answer();
  await soon();
  watcher.watch('b', () => undefined);
  const second = await look(2);
  expect(second.wanted).toEqual({ b: '10' });
  broker.leaders.set('b', 1); // another broker leads it now
  second.fail();
  over(null);
  await expect.poll(() => broker.looks.slice(2).map(({ wanted }) => wanted)).toEqual(expect.arrayContaining([{ b: '10' }, { a: '10' }]));
});

it('watches the others while nobody leads one of its topics', async () => {
  const { broker, watcher, look } = start();
  broker.leaderless.add('a');
  for (const topic of ['a', 'b']) watcher.watch(topic, () => undefined);
  expect((await look(1)).wanted).toEqual({ b: '10' });
});
