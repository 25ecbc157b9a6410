import { z } from 'zod';
import { hexOf, utf8, type Bytes } from '../../../base/bytes.ts';
import type { Clock, Millis } from '../../../base/clock.ts';
import { CodedError, isCoded } from '../../../base/errors.ts';
import type { Logger } from '../../../base/logger.ts';
import type { EngineReport, LogEngine, StreamLog } from '../engine.ts';
import { closed } from '../log-errors.ts';
import { KafkaConnection } from './connection.ts';
import { KafkaLog } from './kafka-log.ts';
import { KafkaTable, STREAM_KEY } from './kafka-table.ts';
import type { KafkaAccess } from './kafkajs.ts';
import { partitionBounds } from './partition.ts';
import type { WindowRoom } from './record-window.ts';
import { testCluster } from './test-cluster.ts';
import { makeTopics, setRetention, topicsOf, wrongStream } from './topics.ts';
import { Watcher } from './watcher.ts';

export interface KafkaEngineOptions extends KafkaAccess {
  /** Copies of every topic; three, or as many as there are brokers, when left out. */
  readonly replication?: number;
}

export interface KafkaEngineModules {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is written down of a stream in its own topic of checkpoints: the offset of its topic's first record, and whether it is all there. */
const streamSchema = z.object({ streamId: z.string(), base: z.string().regex(/^\d+$/), state: z.enum(['open', 'moving']) });
type StreamNote = z.infer<typeof streamSchema>;

/** Three topics for each stream (topics.ts), read by offset; no consumer groups. */
export class KafkaEngine implements LogEngine {
  readonly kind = 'kafka';
  readonly #options: KafkaEngineOptions;
  readonly #modules: KafkaEngineModules;
  readonly #connection: KafkaConnection;
  readonly #watching: KafkaConnection;
  readonly #watcher: Watcher;
  readonly #room: WindowRoom = { used: 0 };
  readonly #logs = new Map<string, Promise<KafkaLog>>();
  #isClosed = false;

  constructor(options: KafkaEngineOptions, modules: KafkaEngineModules) {
    this.#options = options;
    this.#modules = modules;
    this.#connection = new KafkaConnection(options, modules);
    // brokers answer the requests of a connection one after the other, and these wait
    this.#watching = new KafkaConnection(options, modules);
    this.#watcher = new Watcher(this.#watching, modules);
  }

  /** @throws LOG_RIGHTS, LOG_UNREACHABLE, LOG_LOCKED while the stream is being moved here, LOG_DAMAGED when its topics are another's */
  open(streamId: Bytes, { retentionMillis }: { readonly retentionMillis: Millis }): Promise<StreamLog> {
    return this.#openLog(streamId, retentionMillis, async (note, checkpoints, isEmpty) => {
      if (note?.state === 'moving') throw new CodedError('LOG_LOCKED', 'This stream is being moved to the Kafka cluster.', { help: 'Finish moving it first.' });
      if (note !== null) return BigInt(note.base);
      if (!isEmpty) throw wrongStream(topicsOf(streamId).data);
      await writeNote(checkpoints, { streamId: hexOf(streamId), base: '0', state: 'open' });
      return 0n;
    });
  }

  /**
   * Opens the log of a stream that is being moved here (log/move.ts): its first record gets the offset `first`. Nobody else opens it before
   * `finishMove`. @returns with what an earlier move brought. @throws LOG_DAMAGED when there is something else
   */
  receive(streamId: Bytes, { retentionMillis, first }: { readonly retentionMillis: Millis; readonly first: bigint }): Promise<StreamLog> {
    return this.#openLog(streamId, retentionMillis, async (note, checkpoints, isEmpty) => {
      if (note !== null) return BigInt(note.base);
      if (!isEmpty) throw wrongStream(topicsOf(streamId).data);
      await writeNote(checkpoints, { streamId: hexOf(streamId), base: first.toString(), state: 'moving' });
      return first;
    });
  }

  async finishMove(streamId: Bytes): Promise<void> {
    const log = await this.#logs.get(hexOf(streamId));
    if (log === undefined) throw closed();
    const checkpoints = await log.table('checkpoints');
    const note = noteIn(checkpoints, streamId);
    if (note === null) throw wrongStream(topicsOf(streamId).data);
    if (note.state === 'moving') await writeNote(checkpoints, { ...note, state: 'open' });
  }

  test(): Promise<EngineReport> {
    return testCluster(this.#options, this.#modules);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#logs.values()].map((log) => log.then((opened) => opened.close(), () => undefined)));
    this.#watcher.close();
    this.#watching.close();
    this.#connection.close();
  }

  #openLog(streamId: Bytes, retentionMillis: Millis, baseOf: (note: StreamNote | null, checkpoints: KafkaTable, isEmpty: boolean) => Promise<bigint>): Promise<StreamLog> {
    if (this.#isClosed) return Promise.reject(closed());
    const name = hexOf(streamId);
    const before = this.#logs.get(name);
    if (before !== undefined) return before;
    const log = this.#make(streamId, retentionMillis, baseOf);
    this.#logs.set(name, log);
    log.catch(() => this.#logs.delete(name));
    return log;
  }

  async #make(streamId: Bytes, retentionMillis: Millis, baseOf: (note: StreamNote | null, checkpoints: KafkaTable, isEmpty: boolean) => Promise<bigint>): Promise<KafkaLog> {
    const topics = topicsOf(streamId);
    const modules = { connection: this.#connection, watcher: this.#watcher, clock: this.#modules.clock };
    const isNew = await makeTopics(this.#connection, topics, retentionMillis, this.#options.replication);
    if (!isNew) await this.#setRetention(topics.data, retentionMillis);
    const checkpoints = await KafkaTable.load(topics.checkpoints, modules);
    try {
      const isEmpty = isNew || (await partitionBounds(this.#connection, topics.data)).next === 0n;
      const base = await baseOf(noteIn(checkpoints, streamId), checkpoints, isEmpty);
      return new KafkaLog({ topics, base, room: this.#room, onClose: () => this.#logs.delete(hexOf(streamId)) }, checkpoints, modules);
    } catch (error) {
      await checkpoints.close();
      throw error;
    }
  }

  /** Without the right for it the stream is kept as long as whoever runs the cluster said. */
  async #setRetention(topic: string, retentionMillis: Millis): Promise<void> {
    await setRetention(this.#connection, topic, retentionMillis).catch((error: unknown) => {
      if (!isCoded(error, 'LOG_RIGHTS')) throw error;
      this.#modules.logger.warn('The time for which a stream is kept could not be changed', { topic, why: error.message });
    });
  }
}

/** @throws LOG_DAMAGED when it is another stream's */
function noteIn(checkpoints: { get(key: string): Bytes | undefined }, streamId: Bytes): StreamNote | null {
  const value = checkpoints.get(STREAM_KEY);
  if (value === undefined) return null;
  const note = streamSchema.safeParse(parsed(value));
  if (!note.success || note.data.streamId !== hexOf(streamId)) throw wrongStream(topicsOf(streamId).checkpoints);
  return note.data;
}

function parsed(value: Bytes): unknown {
  try {
    return JSON.parse(Buffer.from(value).toString('utf8'));
  } catch {
    return null;
  }
}

function writeNote(checkpoints: { put(key: string, value: Bytes): Promise<void> }, note: StreamNote): Promise<void> {
  return checkpoints.put(STREAM_KEY, utf8(JSON.stringify(note)));
}
