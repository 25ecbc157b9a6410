/**
 * A gateway without sockets (docs/protocol/11 §4.13): requests in, answers out; connections as links. It sees ciphertext, counts it, and keeps
 * order. What carries it to the network is `http-server.ts`.
 */
import { EMPTY_BYTES, equal, type Bytes } from '../../base/bytes.ts';
import type { ConnectionFacts } from './connection-facts.ts';
import { GatewayCore, type GatewayModules, type GatewayOptions } from './gateway-core.ts';
import { refusal } from './refusal.ts';
import { RestApi } from './rest-api.ts';
import type { HostedStream } from './hosted-stream.ts';
import type { QuotaOptions } from './quotas.ts';
import type { GatewayRequest, GatewayResponse } from './route.ts';
import type { SocketLink } from './socket-link.ts';
import { SocketSession } from './socket-session.ts';

export type { GatewayModules, GatewayOptions } from './gateway-core.ts';

const FLUSH_MILLIS = 1000;
const TIDY_MILLIS = 60_000;

export class Gateway {
  readonly #core: GatewayCore;
  readonly #rest: RestApi;
  readonly #modules: GatewayModules;
  readonly #sessions = new Set<SocketSession>();
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #stopListening: () => void;

  constructor(options: GatewayOptions, modules: GatewayModules) {
    this.#core = new GatewayCore(options, modules);
    this.#modules = modules;
    this.#rest = new RestApi(this.#core, { connections: () => ({ count: this.#sessions.size, waitingBytes: [...this.#sessions].reduce((sum, { buffered }) => sum + buffered, 0) }) });
    this.#timers = [setInterval(() => void this.#flush(), FLUSH_MILLIS), setInterval(() => void this.tidy(), TIDY_MILLIS)];
    for (const timer of this.#timers) timer.unref();
    this.#stopListening = modules.chain.onHead(() => {
      for (const stream of this.#core.streams) stream.changed();
    });
  }

  get gatewayId(): Bytes {
    return this.#core.gatewayId;
  }

  /** Streams that are open here. */
  get streams(): readonly HostedStream[] {
    return this.#core.streams;
  }

  /** Opens a stream before anybody asks for it. @throws what requests for it are refused with */
  host(streamId: Bytes): Promise<HostedStream> {
    return this.#core.host(streamId);
  }

  /** What is open, and the memory that batches take which wait for readers. */
  facts(): { readonly sockets: number; readonly memoryBytes: number; readonly connections: readonly ConnectionFacts[] } {
    const sessions = [...this.#sessions];
    const waiting = sessions.reduce((sum, { buffered }) => sum + buffered, 0);
    return { sockets: sessions.length, memoryBytes: this.streams.reduce((sum, { tail }) => sum + tail.ringBytes, waiting), connections: sessions.flatMap((session) => session.facts()) };
  }

  /** Forgets what is over; each minute by itself. */
  async tidy(): Promise<void> {
    const { store, clock, logger } = this.#modules;
    store.tidy(clock.now());
    for (const stream of this.#core.streams) {
      await stream.tidy().catch((error: unknown) => logger.warn('what is over could not be taken out of the keys of a stream; it is tried again', { cause: error instanceof Error ? error.message : '' }));
    }
  }

  /** Other limits and paths, from the next request on. */
  change({ quotas, oldPaths }: { readonly quotas?: QuotaOptions; readonly oldPaths?: boolean }): void {
    if (quotas !== undefined) this.#core.quotas.change(quotas);
    if (oldPaths !== undefined) this.#core.oldPaths = oldPaths;
  }

  /** @param address of the network @returns what says that the connection is gone. @throws quota_sockets */
  admitConnection(address: string): () => void {
    return this.#core.quotas.openConnection(this.#core.consumer(address));
  }

  /** Never rejects. */
  request(request: GatewayRequest): Promise<GatewayResponse> {
    return this.#rest.answer(request);
  }

  /**
   * Whether a connection may be opened by this request, and what takes it up.
   * @throws not_found, quota_rate, and of the old paths what a proof is refused for
   */
  admitSocket(request: GatewayRequest): (link: SocketLink) => SocketSession {
    const { network } = request;
    if (this.#core.stopping.signal.aborted) throw refusal('stopping');
    this.#core.quotas.use('requestsPerSecond', 1, this.#core.consumer(network));
    const old = this.#rest.oldPath(request);
    if (old === undefined && request.target !== '/v1/ws') throw refusal('not_found');
    if (old === undefined) return (link) => this.#connect(link, network);
    const { tickets } = this.#core;
    const holder = tickets.proved(tickets.claimed(request.headers), { ...request, body: EMPTY_BYTES });
    const action = old.query.get('action') ?? 'subscribe';
    if (holder.action !== action || !holder.streams.some((id) => equal(id, old.streamId))) throw refusal(action === 'publish' ? 'publisher_only' : 'not_subscribed');
    return (link) => {
      const session = this.#connect(link, network);
      session.begin(holder, old.streamId);
      return session;
    };
  }

  /** The connection of a session is gone. */
  disconnected(session: SocketSession): void {
    session.closed();
    this.#sessions.delete(session);
  }

  /** Says goodbye to all, writes down what is owed, and closes the logs; the engine stays open. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#stopListening();
    for (const session of [...this.#sessions]) session.stop();
    await this.#core.close();
    this.#modules.store.close();
  }

  #connect(link: SocketLink, network: string): SocketSession {
    const session = new SocketSession(this.#core, link, network);
    this.#sessions.add(session);
    return session;
  }

  async #flush(): Promise<void> {
    for (const stream of this.#core.streams) {
      await stream.flush().catch((error: unknown) => this.#modules.logger.warn('what readers owe could not be written down; it is tried again', { cause: error instanceof Error ? error.message : '' }));
    }
  }
}
