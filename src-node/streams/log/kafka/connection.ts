import type { Clock, Millis } from '../../../base/clock.ts';
import { millis } from '../../../base/clock.ts';
import type { Logger } from '../../../base/logger.ts';
import { closed } from '../log-errors.ts';
import { kafkaFault, nextStep, typeOf } from './kafka-errors.ts';
import { newCluster, type ClientBroker, type ClientCluster, type KafkaAccess } from './kafkajs.ts';

export interface ConnectionModules {
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface RequestOptions {
  /** The right that it wants, as Kafka names it. */
  readonly need: string;
  /** How long it is tried. */
  readonly withinMillis: Millis;
}

interface Connected {
  readonly cluster: ClientCluster;
  readonly leaders: Map<string, number>;
}

const PAUSE = { first: 50, most: 1000 } as const;

/**
 * The way to a cluster: sends a request to the broker that leads a topic's only partition, and again when that broker moved or died. The
 * client's own connections are thrown away and made anew when one of them fails, through another broker.
 */
export class KafkaConnection {
  readonly #access: KafkaAccess;
  readonly #modules: ConnectionModules;
  readonly #closed = new AbortController();
  #current: Promise<Connected> | undefined;
  /** Who leads is asked one after the other: the client knows only the topics it was asked for last. */
  #asking: Promise<unknown> = Promise.resolve();
  #turn = 0;

  constructor(access: KafkaAccess, modules: ConnectionModules) {
    this.#access = access;
    this.#modules = modules;
  }

  /** @throws LOG_RIGHTS, LOG_RECORD_TOO_LARGE, LOG_UNREACHABLE, LOG_CLOSED, and errors of the protocol that no other try mends */
  leader<T>(topic: string, options: RequestOptions, request: (broker: ClientBroker) => Promise<T>): Promise<T> {
    return this.#retry(options, (connected) => this.#leaderOf(connected, topic).then((nodeId) => connected.cluster.findBroker({ nodeId })).then(request), topic);
  }

  /** The broker that makes topics, and how many brokers there are. */
  controller<T>(options: RequestOptions, request: (broker: ClientBroker, brokers: readonly string[]) => Promise<T>): Promise<T> {
    return this.#retry(options, async ({ cluster }) => {
      await this.#ask(() => cluster.brokerPool.refreshMetadata([]));
      const broker = await cluster.findControllerBroker();
      return request(broker, cluster.brokerPool.metadata?.brokers.map(({ host, port }) => `${host}:${port}`) ?? []);
    });
  }

  /** Whether there is such a topic. */
  isThere(topic: string, options: RequestOptions): Promise<boolean> {
    return this.#retry(options, (connected) => this.#leaderOf(connected, topic).then(() => true, (error: unknown) => {
      if (typeOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION') return false;
      throw error;
    }), topic);
  }

  /** Number of the broker that leads it, asked once. */
  async leaderNow(topic: string): Promise<number> {
    return this.#leaderOf(await this.#connected(), topic);
  }

  /** Asks a broker by its number, once. */
  async broker(nodeId: number): Promise<ClientBroker> {
    return (await this.#connected()).cluster.findBroker({ nodeId });
  }

  /** What is known of a topic, or of the connection, is asked anew. */
  async forget(error: unknown, topic?: string): Promise<void> {
    const current = this.#current;
    const connected = await current?.catch(() => undefined);
    const step = nextStep(error);
    if (step === 'connect') this.#drop(current);
    else if (topic !== undefined) connected?.leaders.delete(topic);
  }

  close(): void {
    this.#closed.abort();
    this.#drop(this.#current);
  }

  async #retry<T>({ need, withinMillis }: RequestOptions, request: (connected: Connected) => Promise<T>, topic?: string): Promise<T> {
    const { clock } = this.#modules;
    const end = performance.now() + withinMillis;
    for (let pause: number = PAUSE.first; ; pause = Math.min(pause * 2, PAUSE.most)) {
      try {
        return await request(await this.#connected());
      } catch (error) {
        if (this.#closed.signal.aborted) throw closed();
        if (nextStep(error) === 'end' || performance.now() + pause > end) throw kafkaFault(error, need, this.#access.brokers);
        this.#modules.logger.debug('Kafka is asked again', { topic, why: error instanceof Error ? error.message : String(error) });
        await this.forget(error, topic);
        await clock.sleep(millis(pause), this.#closed.signal);
      }
    }
  }

  #connected(): Promise<Connected> {
    if (this.#closed.signal.aborted) return Promise.reject(closed());
    this.#current ??= this.#connect();
    return this.#current;
  }

  /** Each time another broker is asked first. */
  async #connect(): Promise<Connected> {
    const { brokers } = this.#access;
    const first = this.#turn++ % brokers.length;
    const cluster = newCluster({ ...this.#access, brokers: [...brokers.slice(first), ...brokers.slice(0, first)] });
    try {
      await cluster.connect();
      return { cluster, leaders: new Map() };
    } catch (error) {
      this.#current = undefined;
      disconnect(cluster);
      throw error;
    }
  }

  #drop(current: Promise<Connected> | undefined): void {
    if (this.#current === current) this.#current = undefined;
    void current?.then(({ cluster }) => disconnect(cluster), () => undefined);
  }

  async #leaderOf({ cluster, leaders }: Connected, topic: string): Promise<number> {
    const known = leaders.get(topic);
    if (known !== undefined) return known;
    const leader = await this.#ask(async () => {
      await cluster.brokerPool.refreshMetadata([topic]);
      return cluster.brokerPool.metadata?.topicMetadata.find((found) => found.topic === topic)?.partitionMetadata[0]?.leader;
    });
    if (leader === undefined || leader < 0) throw Object.assign(new Error('no leader'), { type: 'LEADER_NOT_AVAILABLE' });
    leaders.set(topic, leader);
    return leader;
  }

  #ask<T>(question: () => Promise<T>): Promise<T> {
    const answer = this.#asking.then(question);
    this.#asking = answer.catch(() => undefined);
    return answer;
  }
}

/** Not waited for: it stays until requests to a broker that stands still are given up. */
function disconnect(cluster: ClientCluster): void {
  void cluster.disconnect().catch(() => undefined);
}
