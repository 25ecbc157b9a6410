/** A profile that publishes a stream for tests: real gateways on loopback; chain, index and keys process are stood in for. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromHex, toHex, type Hex } from '../base/bytes.ts';
import { millis, seconds, systemClock } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import { systemFiles } from '../base/files.ts';
import { silentLogger } from '../base/logger.ts';
import { addressOfPublicKey } from '../crypto/secp256k1.ts';
import { MARKET_STREAM, StreamMarket, type MarketOptions, type MarketSubscriber } from './stream-market.ts';
import { connectStream } from '../streams/client/connect.ts';
import { GatewayAsker } from '../streams/client/gateway-asker.ts';
import { NEW_READER } from '../streams/client/reader-store.ts';
import type { ChannelEntry } from '../streams/index/channel-entry.ts';
import type { GatewayEntry } from '../streams/index/gateway-entry.ts';
import type { StreamEntry, StreamPlanEntry } from '../streams/index/stream-entry.ts';
import type { StreamMetadata } from '../streams/metadata.ts';
import type { StandingAction } from '../streams/ports.ts';
import { openStreamStore } from '../streams/store.ts';
import type { OwnStream } from '../streams/publishing/own-stream.ts';
import { PublishingHost, type PublishingHostModules } from '../streams/publishing/publishing-host.ts';
import type { SourceStatus } from '../streams/publishing/views.ts';

export const ID: Hex = toHex(MARKET_STREAM);
export const OWNER: Hex = `0x${'09'.repeat(20)}`;
export const PRICE = 10n;
export const range = (to: number, from = 0): number[] => Array.from({ length: to - from }, (_, i) => from + i);

const TEXT: StreamMetadata = {
  pd: 1, stream: ID, title: { en: 'Test' }, summary: '', description_md: '', category: 'transport', tags: [], licence: { id: 'PD-EVAL', title: '', text: '' },
  schema: [{ name: 'n', type: 'integer', unit: null }], peekDelaySeconds: null, retentionSeconds: null,
};

export class PublishingWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'publishing-'));
  /** May be changed while the program does not run. */
  profile = join(this.folder, 'profile');
  readonly market: StreamMarket;
  readonly sent: StandingAction[] = [];
  readonly #plan: MarketOptions['plan'];
  readonly #subscribers: { readonly subscriber: MarketSubscriber; readonly number: number; readonly deposit: bigint }[] = [];
  readonly #gateways = new Map<Hex, GatewayEntry>();
  readonly #readers: (() => Promise<unknown>)[] = [];
  #db = openStreamStore(join(this.profile, 'streams.sqlite'));
  #host: PublishingHost | undefined;
  /** What the keys process signs for; it forgets all of it when it is restarted. */
  isHeld = true;
  isUnlocked = true;
  gasPrice = 1n;
  text: StreamMetadata | null = TEXT;
  channel: Partial<ChannelEntry> = {};
  registeredAt = systemClock.now();
  readonly passwords = new Map<string, string>();

  private constructor(options: Partial<MarketOptions>) {
    for (const name of ['gateway-1', 'gateway-2']) mkdirSync(join(this.folder, name));
    this.#plan = options.plan ?? { kind: 'metered', unitPrice: PRICE, window: 500 };
    this.market = new StreamMarket({ folder: this.folder, clock: systemClock, plan: this.#plan, epochSeconds: 600, ahead: 6, ...options });
  }

  static async start(options: Partial<MarketOptions> = {}): Promise<PublishingWorld> {
    const world = new PublishingWorld(options);
    await world.market.startGateway(1);
    await world.open();
    return world;
  }

  /** The program starts over the profile that is there. */
  async open(modules: Partial<PublishingHostModules> = {}): Promise<void> {
    const { market } = this;
    const held = <T>(work: () => Promise<T>): Promise<T> => (this.isHeld ? work() : Promise.reject(new CodedError('STREAM_NOT_HELD', 'not held')));
    const keys = market.publisherKeys;
    this.#host = new PublishingHost({ folder: join(this.profile, 'publishing') }, {
      db: this.#db, chain: market, files: systemFiles, clock: systemClock, log: silentLogger,
      keys: { publisher: () => ({ address: keys.address, nodes: (generation, from, to) => held(() => keys.nodes(generation, from, to)), signBatch: (fields) => held(() => keys.signBatch(fields)), signTicket: (ticket) => held(() => keys.signTicket(ticket)) }) },
      passwords: {
        keep: (name, password) => {
          if (password === null) this.passwords.delete(name);
          else this.passwords.set(name, password);
          return Promise.resolve();
        },
        open: (name) => (this.isUnlocked ? Promise.resolve(this.passwords.get(name) ?? null) : Promise.reject(new CodedError('WALLET_LOCKED', 'locked'))),
      },
      index: { stream: () => this.stream, streamsOf: () => [this.stream], channelsOfStream: () => this.channels, gateway: (id) => this.#gateway(id) },
      texts: { textOf: () => ({ state: this.text === null ? 'missing' : 'ready', reason: null, metadata: this.text }) },
      asker: new GatewayAsker({ practice: true }, { chain: market, clock: systemClock }),
      actions: { submit: (action) => Promise.resolve(void this.sent.push(action)) },
      gasPrice: () => Promise.resolve(this.gasPrice),
      creditOf: () => Promise.resolve(0n),
      onChange: () => undefined,
      ...modules,
    });
    await this.gatewaysKnown();
    await this.step();
  }

  /** The program ends. */
  async leave(): Promise<void> {
    await this.#host?.close();
    this.#host = undefined;
    this.#db.close();
    this.#db = openStreamStore(join(this.profile, 'streams.sqlite'));
  }

  /** A head came. */
  step(): Promise<void> {
    return this.host.step([fromHex(OWNER)], { unlocked: this.isUnlocked, ids: new Set(this.isHeld ? [ID] : []) });
  }

  get host(): PublishingHost {
    if (this.#host === undefined) throw new TypeError('the program is not running');
    return this.#host;
  }

  get own(): OwnStream {
    return this.host.of(ID);
  }

  get source(): SourceStatus {
    const [source] = this.own.details.sources;
    if (source === undefined) throw new TypeError('there is no source');
    return source;
  }

  async subscribe(number: number, deposit = 1_000_000n): Promise<MarketSubscriber> {
    const subscriber = this.market.subscribe(number, deposit);
    this.#subscribers.push({ subscriber, number, deposit });
    await this.step();
    return subscriber;
  }

  /** Switches it on with a source for devices. @returns its token */
  async postSource(): Promise<string> {
    await this.host.setOn(ID, true);
    await this.host.addSource(ID, { kind: 'post' }, null);
    return this.own.sourceToken(this.source.id);
  }

  /** Newest message that a gateway has. */
  get lastSeq(): number | null {
    return this.own.status.lastSeq;
  }

  /** All rows from the first on, as a reader gets them. */
  read({ channelId, keys }: MarketSubscriber): readonly number[] {
    const [rows, end]: [number[], AbortController] = [[], new AbortController()];
    const schema = { version: 1, columns: [{ name: 'n', type: 'integer', unit: '' }] } as const;
    const store = { load: () => Promise.resolve(NEW_READER), save: () => Promise.resolve() };
    const done = (async () => {
      for await (const { row } of connectStream({ streamId: MARKET_STREAM, channelId, begin: 'earliest', schema, dailyCap: null, signal: end.signal }, { chain: this.market, keys, store, clock: systemClock, log: silentLogger })) rows.push(Number(row?.['n']));
    })();
    this.#readers.push(() => {
      end.abort();
      return done.catch(() => undefined);
    });
    return rows;
  }

  /** As a device does. */
  async post(numbers: readonly number[], token: string): Promise<{ readonly status: number; readonly body: unknown }> {
    const response = await fetch(this.source.address, { method: 'POST', headers: { Authorization: `Bearer ${token}` }, body: JSON.stringify(numbers.map((n) => ({ n }))) });
    return { status: response.status, body: await response.json() };
  }

  get stream(): StreamEntry {
    const { record } = this.market;
    const plan: StreamPlanEntry = { planId: 1, planHash: `0x${'08'.repeat(32)}`, ...this.#plan, licenceHash: `0x${'00'.repeat(32)}`, active: true, payees: [OWNER], shares: [10_000] };
    const { status, generation, epochSeconds, startSeconds, ahead } = record;
    return {
      id: ID, owner: OWNER, nonce: 0n, publisher: toHex(record.publisher), publishers: [toHex(record.publisher)], status, generation, epochSeconds, startSeconds, ahead, metaHash: `0x${'00'.repeat(32)}`, metaUri: '', gateways: record.gateways.map(toHex), plans: [plan],
      createdBlock: 1, createdAt: this.registeredAt,
    };
  }

  get channels(): readonly ChannelEntry[] {
    return this.#subscribers.map(({ subscriber, number, deposit }) => ({
      id: toHex(subscriber.channelId), streamId: ID, payer: `0x${(0x20 + number).toString(16).padStart(2, '0').repeat(20)}`, nonce: 0n, payerKey: toHex(addressOfPublicKey(subscriber.keys.publicKey)), planHash: `0x${'08'.repeat(32)}`, splitHash: `0x${'00'.repeat(32)}`,
      status: 'open', deposit, paid: 0n, fee: 0n, redeemedAt: null, expirySeconds: seconds(Math.floor(systemClock.now() / 1000) + 86_400), closingBlock: 0, openedBlock: 1, openedAt: systemClock.now(), ...this.channel,
    }));
  }

  /** As the index tells it. */
  #gateway(id: Hex): GatewayEntry | null {
    return this.#gateways.get(id) ?? null;
  }

  async gatewaysKnown(): Promise<void> {
    for (const gatewayId of this.market.record.gateways) {
      const record = await this.market.gateway(gatewayId);
      if (record !== null) this.#gateways.set(toHex(gatewayId), { id: toHex(gatewayId), owner: OWNER, signer: toHex(record.signer), endpoints: record.endpoints, status: 'bonded', bond: 0n, leavingBlock: 0, logId: 0n, slashed: false, createdBlock: 1, createdAt: millis(0) });
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#readers.map((stop) => stop()));
    await this.#host?.close();
    await this.market.close();
    this.#db.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
