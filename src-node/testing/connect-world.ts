/** A publisher and readers of a stream over gateways on loopback, for tests of what a reader does when something beside it changes. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { millis, systemClock } from '../base/clock.ts';
import { systemFiles } from '../base/files.ts';
import { silentLogger } from '../base/logger.ts';
import { connectStream, type ConnectOptions } from '../streams/client/connect.ts';
import { NEW_READER } from '../streams/client/reader-store.ts';
import type { StreamEvent } from '../streams/client/stream-event.ts';
import { Publisher } from '../streams/publisher/publisher.ts';
import type { StreamChain } from '../streams/stream-chain.ts';
import { MARKET_STREAM, StreamMarket, type MarketOptions, type MarketSubscriber } from './stream-market.ts';

const SCHEMA = { version: 1, columns: [{ name: 'n', type: 'integer', unit: '' }] } as const;

export interface WorldReader {
  readonly numbers: readonly number[];
  readonly events: readonly StreamEvent[];
  of<T extends StreamEvent['type']>(type: T): readonly Extract<StreamEvent, { type: T }>[];
  stop(): Promise<void>;
}

export class ConnectWorld {
  readonly market: StreamMarket;
  readonly #folder: string;
  readonly #stops: (() => Promise<void>)[] = [];
  #publishing: { readonly publisher: Publisher; readonly stop: () => Promise<void> } | null = null;
  #sent = 0;

  private constructor(folder: string, market: StreamMarket) {
    this.#folder = folder;
    this.market = market;
  }

  static async start(options: Partial<MarketOptions> = {}, gateways = 1): Promise<ConnectWorld> {
    const folder = mkdtempSync(join(tmpdir(), 'connect-world-'));
    const market = new StreamMarket({ folder, clock: systemClock, plan: { kind: 'metered', unitPrice: 10n, window: 50 }, epochSeconds: 600, ahead: 6, ...options });
    for (let number = 1; number <= gateways; number++) {
      mkdirSync(join(folder, `gateway-${number}`));
      await market.startGateway(number);
    }
    return new ConnectWorld(folder, market);
  }

  /** By the account that the chain names now. */
  async publish(): Promise<void> {
    const { market } = this;
    const publisher = await Publisher.open({ streamId: MARKET_STREAM, folder: join(this.#folder, 'publisher'), schema: SCHEMA, formerPublishers: market.formerPublishers, maxDelayMillis: millis(10), maxWaitingBytes: 1e7 }, { chain: market, keys: market.publisherKeys, files: systemFiles, clock: systemClock, log: silentLogger });
    const end = new AbortController();
    const done = publisher.run(end.signal).catch(() => undefined);
    const stop = async (): Promise<void> => {
      end.abort();
      await done;
      await publisher.close();
    };
    this.#publishing = { publisher, stop };
  }

  async stopPublishing(): Promise<void> {
    await this.#publishing?.stop();
    this.#publishing = null;
  }

  /** Rows with the next numbers; at every gateway when it returns. */
  async send(count: number): Promise<void> {
    const publisher = this.#publishing?.publisher;
    await publisher?.sink.accept('test', Array.from({ length: count }, () => ({ row: { n: this.#sent++ }, token: '', timeMillis: systemClock.now() })));
    while ((publisher?.status.rowsWaiting ?? 0) > 0) await systemClock.sleep(millis(5));
  }

  /** In the background, as a user's program does that never read the stream. @param via what the chain tells the reader of gateways otherwise than the others */
  read(subscriber: MarketSubscriber, options: Partial<ConnectOptions> = {}, via: Partial<Pick<StreamChain, 'gateway'>> = {}): WorldReader {
    const { market } = this;
    const chain: StreamChain = {
      chainId: market.chainId, genesisHash: market.genesisHash, contracts: market.contracts, head: () => market.head(), onHead: (listener) => market.onHead(listener),
      stream: (id) => market.stream(id), plan: (id, planHash) => market.plan(id, planHash), channel: (id) => market.channel(id), gateway: (id) => market.gateway(id), ...via,
    };
    const [numbers, events, end]: [number[], StreamEvent[], AbortController] = [[], [], new AbortController()];
    const store = { load: () => Promise.resolve(NEW_READER), save: () => Promise.resolve() };
    const rows = connectStream({ streamId: MARKET_STREAM, channelId: subscriber.channelId, begin: 'live', schema: SCHEMA, dailyCap: null, signal: end.signal, ...options }, { chain, keys: subscriber.keys, store, clock: systemClock, log: silentLogger, onEvent: (event) => events.push(event) });
    const done = (async () => {
      for await (const { row } of rows) numbers.push(Number(row?.['n']));
    })().catch(() => undefined);
    const stop = async (): Promise<void> => {
      end.abort();
      await done;
    };
    this.#stops.push(stop);
    return { numbers, events, stop, of: <T extends StreamEvent['type']>(type: T) => events.filter((event): event is Extract<StreamEvent, { type: T }> => event.type === type) };
  }

  async close(): Promise<void> {
    for (const stop of this.#stops.splice(0)) await stop();
    await this.stopPublishing();
    await this.market.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
