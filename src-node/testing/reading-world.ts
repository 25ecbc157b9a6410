/** A profile that reads a stream for tests: a real publisher and real gateways on loopback; the chain and the keys process are stood in for. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toHex } from '../base/bytes.ts';
import { millis, systemClock } from '../base/clock.ts';
import { systemFiles } from '../base/files.ts';
import { silentLogger } from '../base/logger.ts';
import { DailyCaps } from '../streams/daily-caps.ts';
import { Publisher } from '../streams/publisher/publisher.ts';
import { ReadingHost, type ReadingHostModules } from '../streams/reading/reading-host.ts';
import type { ReadChannel } from '../streams/reading/read-channel.ts';
import type { Reading } from '../streams/reading/reading.ts';
import type { ReadingEvent } from '../streams/reading/views.ts';
import { openStreamStore } from '../streams/store.ts';
import { MARKET_STREAM, StreamMarket, type MarketOptions, type MarketSubscriber } from './stream-market.ts';

export const PRICE = 10n;
export const DEPOSIT = 1_000_000n;
const schema = { version: 1, columns: [{ name: 'n', type: 'integer', unit: '' }, { name: 'place', type: 'text', unit: '' }] } as const;

export const rowOf = (n: number): { readonly n: number; readonly place: string } => ({ n, place: `"Höhe", ${n}` });
export const range = (to: number, from = 0): number[] => Array.from({ length: to - from }, (_, i) => from + i);
export const pause = (delay: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, delay));

interface Publishing {
  readonly publisher: Publisher;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

export class ReadingWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'reading-'));
  readonly market: StreamMarket;
  readonly subscriber: MarketSubscriber;
  readonly #plan: MarketOptions['plan'];
  readonly #db = openStreamStore(':memory:');
  #publishing: Publishing | undefined;
  #host: ReadingHost | undefined;
  #sent = 0;

  private constructor(options: Partial<MarketOptions>) {
    for (const name of ['gateway-1', 'gateway-2']) mkdirSync(join(this.folder, name));
    this.#plan = options.plan ?? { kind: 'metered', unitPrice: PRICE, window: 50 };
    this.market = new StreamMarket({ folder: this.folder, clock: systemClock, plan: this.#plan, epochSeconds: 600, ahead: 6, ...options });
    this.subscriber = this.market.subscribe(1, DEPOSIT);
  }

  static async start(options: Partial<MarketOptions> = {}, gateways = 1): Promise<ReadingWorld> {
    const world = new ReadingWorld(options);
    for (let number = 1; number <= gateways; number++) await world.market.startGateway(number);
    await world.startPublisher();
    return world;
  }

  async startPublisher(): Promise<void> {
    const publisher = await Publisher.open({ streamId: MARKET_STREAM, folder: join(this.folder, 'publisher'), schema, maxDelayMillis: millis(10), maxWaitingBytes: 1e7 }, { chain: this.market, keys: this.market.publisherKeys, files: systemFiles, clock: systemClock, log: silentLogger });
    const stop = new AbortController();
    this.#publishing = { publisher, stop, done: publisher.run(stop.signal).catch(() => undefined) };
  }

  async stopPublisher(): Promise<void> {
    this.#publishing?.stop.abort();
    await this.#publishing?.done;
    await this.#publishing?.publisher.close();
    this.#publishing = undefined;
  }

  async send(count: number): Promise<void> {
    await this.#publishing?.publisher.sink.accept('test', Array.from({ length: count }, () => ({ row: rowOf(this.#sent++), token: '', timeMillis: systemClock.now() })));
  }

  get channel(): ReadChannel {
    const { epochSeconds, ahead, startSeconds } = this.market.record;
    return {
      channel: { id: toHex(this.subscriber.channelId), streamId: toHex(MARKET_STREAM), payer: `0x${'21'.repeat(20)}`, nonce: 0n, status: 'open', deposit: DEPOSIT, paid: 0n },
      stream: { epochSeconds, ahead, startSeconds }, plan: this.#plan, columns: schema.columns.map((column) => ({ ...column })),
    };
  }

  /** As the program runs it; the channel was opened on this machine, with this cap. `name` of the profile's folder. */
  async read({ cap = null, name = 'profile', ...modules }: Partial<ReadingHostModules> & { readonly cap?: bigint | null; readonly name?: string } = {}): Promise<Reading> {
    const { market, channel, subscriber } = this;
    const caps = new DailyCaps(this.#db);
    if (!caps.isSet(channel.channel.id)) caps.set(channel.channel.id, cap);
    this.#host = new ReadingHost({ folder: join(this.folder, name), recordings: join(this.folder, 'recordings'), localPort: 0 }, {
      db: this.#db, chain: market, at: { chainId: market.chainId, genesisHash: market.genesisHash, ...market.contracts }, caps, files: systemFiles, clock: systemClock, log: silentLogger, onChange: () => undefined,
      keys: { publicKeyOf: () => Promise.resolve(subscriber.keys.publicKey), subscriber: () => subscriber.keys },
      held: () => Promise.resolve({ unlocked: true, ids: new Set([channel.channel.id]) }),
      ...modules,
    });
    await this.#host.step([channel]);
    return this.#host.of(channel.channel.id);
  }

  get host(): ReadingHost {
    if (this.#host === undefined) throw new TypeError('nothing is read');
    return this.#host;
  }

  /** The chain has moved. */
  async step(channel: ReadChannel): Promise<void> {
    await this.#host?.step([channel]);
  }

  /** The program ends. */
  async leave(): Promise<void> {
    await this.#host?.close();
    this.#host = undefined;
  }

  async close(): Promise<void> {
    await this.leave();
    await this.stopPublisher();
    await this.market.close();
    this.#db.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A window that looks on and keeps all that it is told. */
export class Looker {
  readonly events: ReadingEvent[] = [];
  readonly #stop = new AbortController();
  /** Resolves when it is told no more. */
  readonly ended: Promise<void>;

  constructor(reading: Reading) {
    this.ended = this.#look(reading);
  }

  get numbers(): readonly unknown[] {
    return this.events.flatMap((event) => (event.kind === 'rows' ? event.rows.map(({ values }) => values[0]) : []));
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.ended;
  }

  async #look(reading: Reading): Promise<void> {
    for await (const event of reading.live(this.#stop.signal)) this.events.push(event);
  }
}
