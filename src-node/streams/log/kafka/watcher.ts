import { millis, type Clock } from '../../../base/clock.ts';
import type { Logger } from '../../../base/logger.ts';
import type { KafkaConnection } from './connection.ts';
import { READ_UNCOMMITTED } from './kafkajs.ts';
import { PARTITION, partitionBounds, recordsFrom, type PartitionRecord } from './partition.ts';

/** How long a broker is let wait for something new; a topic that is watched from now on takes part after it. */
const WAIT_MILLIS = 500;
const PAUSE_MILLIS = millis(250);
/** A topic is asked for again when this program has not appended to it for so long. */
const QUIET_MILLIS = millis(50);
/** Of one topic at a time, and of all together. */
const TOPIC_BYTES = 1024 * 1024;
const ALL_BYTES = 8 * 1024 * 1024;

/** @param end behind the last record that may be read. `records`: what came, perhaps not all of it, and nothing when the watch begins */
export type Grown = (end: bigint, records: readonly PartitionRecord[]) => void;

interface Watched {
  readonly topic: string;
  readonly grown: Grown;
  /** Where the next look begins; undefined before it is known. */
  from: bigint | undefined;
  /** The broker that is asked. */
  leader: number | undefined;
  /** Appends of this program that are on their way, or were until a moment ago. */
  appends: number;
}

export interface Watch {
  /**
   * Tells that this program appends to the topic: it is not asked for meanwhile, or else all that is written would come back. What others
   * add is looked at afterwards. @returns what tells that it is over, with the offsets of the first record and behind the last one when they are known
   */
  appending(): (offsets: { readonly first: bigint; readonly end: bigint } | null) => void;
  stop(): void;
}

/** Waits at each broker for what comes to the topics that it leads: one open request a broker, over connections of its own. */
export class Watcher {
  readonly #connection: KafkaConnection;
  readonly #modules: { readonly clock: Clock; readonly logger: Logger };
  readonly #watched = new Set<Watched>();
  readonly #asked = new Set<number>();
  readonly #stopped = new AbortController();
  #isPlacing = false;
  /** Told when there may be something to ask for again. */
  #wake: () => void = () => undefined;

  constructor(connection: KafkaConnection, modules: { readonly clock: Clock; readonly logger: Logger }) {
    this.#connection = connection;
    this.#modules = modules;
  }

  /** Tells also once when it begins: what was added meanwhile is not missed. */
  watch(topic: string, grown: Grown): Watch {
    const watched: Watched = { topic, grown, from: undefined, leader: undefined, appends: 0 };
    this.#watched.add(watched);
    void this.#place();
    return {
      appending: () => {
        watched.appends += 1;
        return (offsets) => {
          if (offsets !== null && watched.from === offsets.first) watched.from = offsets.end;
          // who appends again at once would be asked for between
          void this.#modules.clock.sleep(QUIET_MILLIS).then(() => {
            watched.appends -= 1;
            this.#wake();
          });
        };
      },
      stop: () => {
        this.#watched.delete(watched);
        this.#wake();
      },
    };
  }

  close(): void {
    this.#stopped.abort();
    this.#watched.clear();
    this.#wake();
  }

  /** Finds who leads the topics that nobody is asked for. */
  async #place(): Promise<void> {
    if (this.#isPlacing) return;
    this.#isPlacing = true;
    for (let watched = this.#unplaced(); watched !== undefined && !this.#stopped.signal.aborted; watched = this.#unplaced()) {
      try {
        watched.from ??= await this.#begin(watched);
        watched.leader = await this.#connection.leaderNow(watched.topic);
        if (!this.#asked.has(watched.leader)) void this.#ask(watched.leader);
        this.#wake();
      } catch (error) {
        if (this.#watched.delete(watched)) this.#watched.add(watched); // the others are placed before it is tried again
        await this.#failed(error, watched.topic);
      }
    }
    this.#isPlacing = false;
  }

  #unplaced(): Watched | undefined {
    return [...this.#watched].find(({ leader }) => leader === undefined);
  }

  async #begin(watched: Watched): Promise<bigint> {
    const { next } = await partitionBounds(this.#connection, watched.topic);
    watched.grown(next, []);
    return next;
  }

  /** Asks one broker again and again, as long as it leads something that is watched. */
  async #ask(leader: number): Promise<void> {
    this.#asked.add(leader);
    const ofBroker = (): readonly Watched[] => [...this.#watched].filter((watched) => watched.leader === leader);
    for (let all = ofBroker(); all.length > 0; all = ofBroker()) {
      const some = all.filter(({ appends }) => appends === 0);
      if (some.length === 0) {
        await new Promise<void>((resolve) => this.#onWake(resolve));
        continue;
      }
      try {
        await this.#fetch(leader, some);
      } catch (error) {
        for (const watched of all) {
          // the log may have lost its beginning, or its end with a broker
          watched.from = undefined;
          watched.leader = undefined;
        }
        await this.#failed(error, ...all.map(({ topic }) => topic));
        break;
      }
    }
    this.#asked.delete(leader);
    void this.#place();
  }

  /** Every broker that is asked may wait. */
  #onWake(resolve: () => void): void {
    const before = this.#wake;
    this.#wake = () => {
      this.#wake = () => undefined;
      before();
      resolve();
    };
  }

  async #fetch(leader: number, some: readonly Watched[]): Promise<void> {
    const broker = await this.#connection.broker(leader);
    const byTopic = new Map(some.map((watched) => [watched.topic, watched.from ?? 0n]));
    const topics = [...byTopic].map(([topic, from]) => ({ topic, partitions: [{ partition: PARTITION, fetchOffset: from.toString(), maxBytes: TOPIC_BYTES }] }));
    const { responses } = await broker.fetch({ maxWaitTime: WAIT_MILLIS, minBytes: 1, maxBytes: ALL_BYTES, isolationLevel: READ_UNCOMMITTED, topics });
    for (const { topicName, partitions } of responses) {
      const from = byTopic.get(topicName) ?? 0n;
      const records = recordsFrom(partitions[0]?.messages ?? [], from);
      const end = records.at(-1);
      if (end === undefined) continue;
      for (const watched of some.filter(({ topic }) => topic === topicName)) {
        if (watched.from === undefined || watched.from <= end.offset) watched.from = end.offset + 1n;
        if (this.#watched.has(watched)) watched.grown(end.offset + 1n, records);
      }
    }
  }

  async #failed(error: unknown, ...topics: readonly string[]): Promise<void> {
    if (this.#stopped.signal.aborted) return;
    this.#modules.logger.debug('Kafka is watched anew', { why: error instanceof Error ? error.message : String(error) });
    for (const topic of topics) await this.#connection.forget(error, topic);
    await this.#modules.clock.sleep(PAUSE_MILLIS, this.#stopped.signal);
  }
}
