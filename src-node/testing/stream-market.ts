/** A stream for tests: its record in memory instead of a chain, gateways on loopback over logs on disk, keys of both sides. */
import { join } from 'node:path';
import { equal, type Bytes } from '../base/bytes.ts';
import { millis, seconds, toMillis, type Clock, type Millis } from '../base/clock.ts';
import { systemFiles } from '../base/files.ts';
import { silentLogger, type Logger } from '../base/logger.ts';
import type { VoucherMessage } from '../contracts/typed-data.ts';
import { addressOf } from '../crypto/secp256k1.ts';
import type { SubscriberKeys } from '../streams/client/keys.ts';
import { Gateway } from '../streams/gateway/gateway.ts';
import { GatewayServer } from '../streams/gateway/http-server.ts';
import { quotasOf } from '../streams/gateway/quotas.ts';
import { SqliteGatewayStore } from '../streams/gateway/store.ts';
import { BuiltInEngine } from '../streams/log/built-in/built-in-engine.ts';
import type { PublisherKeys } from '../streams/publisher/keys.ts';
import type { ChannelRecord, CheckpointRecord, GatewayRecord, PublisherChain, StreamChain, StreamPlan, StreamRecord } from '../streams/stream-chain.ts';
import { publisherKeysOf, subscriberKeysOf, typedSignature } from './stream-keys.ts';

const filled = (length: number, value: number): Bytes => new Uint8Array(length).fill(value);
const ROOT = filled(32, 0x33);
const PUBLISHER_SECRET = filled(32, 7);

export const MARKET_STREAM: Bytes = filled(32, 0x5d);

export interface MarketOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly plan: Pick<StreamPlan, 'kind' | 'unitPrice' | 'window'>;
  readonly epochSeconds: number;
  readonly ahead: number;
  readonly log?: Logger;
}

export interface MarketSubscriber {
  readonly channelId: Bytes;
  readonly keys: SubscriberKeys;
  /** Every voucher that its key signed. */
  readonly vouchers: VoucherMessage[];
}

export class StreamMarket implements PublisherChain {
  readonly chainId = 337n;
  readonly genesisHash = filled(32, 1);
  readonly contracts = { stream: filled(20, 2), channel: filled(20, 3), gateway: filled(20, 4) };
  /** Of the account that the chain names. */
  publisherKeys: PublisherKeys;
  /** Accounts of before `changePublisher`. */
  readonly formerPublishers: Bytes[] = [];
  readonly #options: MarketOptions;
  readonly #plan: StreamPlan;
  readonly #listeners = new Set<() => void>();
  readonly #gateways = new Map<number, { record: GatewayRecord; close: (() => Promise<void>) | null }>();
  readonly #channels: ChannelRecord[] = [];
  #block = 1n;
  /** May be changed between blocks. */
  record: StreamRecord;
  checkpoint: CheckpointRecord | null = null;

  constructor(options: MarketOptions) {
    this.#options = options;
    this.#plan = { planId: 1, planHash: filled(32, 8), licenceHash: filled(32, 0), splitHash: filled(32, 0), active: true, ...options.plan };
    const now = Math.floor(options.clock.now() / 1000);
    const startSeconds = seconds((Math.floor(now / options.epochSeconds) - 100) * options.epochSeconds);
    this.record = {
      streamId: MARKET_STREAM, owner: filled(20, 9), publisher: addressOf(PUBLISHER_SECRET), status: 'registered', generation: 1, epochSeconds: seconds(options.epochSeconds), ahead: options.ahead,
      startSeconds, metaHash: filled(32, 0), metaUri: '', gateways: [],
    };
    this.publisherKeys = publisherKeysOf(PUBLISHER_SECRET, ROOT, this);
  }

  /** From the next block on another account publishes. */
  changePublisher(): void {
    this.formerPublishers.push(this.publisherKeys.address);
    this.publisherKeys = publisherKeysOf(filled(32, 0x17), ROOT, this);
    this.record = { ...this.record, publisher: this.publisherKeys.address };
    this.announce();
  }

  /** Begins gateway `number` at a port (0: any), over what its folder holds. */
  async startGateway(number: number, port = 0): Promise<{ readonly port: number }> {
    const { folder, clock, log = silentLogger } = this.#options;
    const gatewayId = filled(32, 0x60 + number);
    const secret = filled(32, 0x60 + number);
    const home = join(folder, `gateway-${number}`);
    const engine = new BuiltInEngine({ folder: join(home, 'log'), maxBytes: 1e9, fsyncMillis: millis(0) }, { files: systemFiles, clock, logger: log });
    const store = new SqliteGatewayStore({ path: join(home, 'store.sqlite') });
    const quotas = quotasOf({ requestsPerSecond: 1e6, publishRecordsPerSecond: 1e6, publishBytesPerSecond: 1e9, readBytesPerSecond: 1e9, sockets: 100 });
    const signer = { gatewayId, sign: (digest: Bytes) => Promise.resolve(typedSignature(digest, secret)) };
    const gateway = new Gateway({ retentionMillis: millis(86_400_000), evidenceFolder: join(home, 'evidence'), quotas, oldPaths: false }, { engine, chain: this, signer, store, files: systemFiles, clock, logger: log });
    const server = await GatewayServer.listen({ host: '127.0.0.1', port }, { gateway, logger: log });
    const record: GatewayRecord = { gatewayId, owner: filled(20, 9), signer: addressOf(secret), endpoints: [server.url], status: 'bonded', logId: 0n };
    const close = async (): Promise<void> => {
      await gateway.close();
      await server.close();
      await engine.close();
    };
    this.#gateways.set(number, { record, close });
    if (!this.record.gateways.some((id) => equal(id, gatewayId))) this.record = { ...this.record, gateways: [...this.record.gateways, gatewayId] };
    return { port: server.port };
  }

  /** A gateway of another process, by its address. */
  nameGateway(number: number, url: string): void {
    const gatewayId = filled(32, 0x60 + number);
    this.#gateways.set(number, { record: { gatewayId, owner: filled(20, 9), signer: addressOf(filled(32, 0x60 + number)), endpoints: [url], status: 'bonded', logId: 0n }, close: null });
    this.record = { ...this.record, gateways: [...this.record.gateways, gatewayId] };
  }

  /** What the chain says of where a gateway is. */
  setEndpoints(number: number, endpoints: readonly string[]): void {
    const gateway = this.#gateways.get(number);
    if (gateway !== undefined) gateway.record = { ...gateway.record, endpoints };
  }

  /** Its record stays on the chain. */
  async stopGateway(number: number): Promise<void> {
    const gateway = this.#gateways.get(number);
    const close = gateway?.close;
    if (gateway !== undefined) gateway.close = null;
    await close?.();
  }

  /** Opens a channel of a subscriber. */
  subscribe(number: number, deposit: bigint): MarketSubscriber {
    const secret = filled(32, 0x20 + number);
    const channelId = filled(32, 0x20 + number);
    const vouchers: VoucherMessage[] = [];
    this.#channels.push({
      channelId, streamId: MARKET_STREAM, planHash: this.#plan.planHash, payer: filled(20, 0x20 + number), payerKey: addressOf(secret), status: 'open', deposit, paid: 0n,
      expirySeconds: seconds(Math.floor(this.#options.clock.now() / 1000) + 86_400),
    });
    return { channelId, keys: subscriberKeysOf(secret, MARKET_STREAM, this, (voucher) => vouchers.push(voucher)), vouchers };
  }

  /** When an epoch begins. */
  epochStart(epoch: number): Millis {
    return millis(toMillis(this.record.startSeconds) + epoch * toMillis(this.record.epochSeconds));
  }

  /** Tells everybody of a new block. */
  announce(): void {
    this.#block += 1n;
    for (const listener of this.#listeners) listener();
  }

  head(): ReturnType<StreamChain['head']> {
    return { number: this.#block, timeMillis: this.#options.clock.now() };
  }

  onHead(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stream(streamId: Bytes): Promise<StreamRecord | null> {
    return Promise.resolve(equal(streamId, MARKET_STREAM) ? this.record : null);
  }

  plan(_streamId: Bytes, planHash: Bytes): Promise<StreamPlan | null> {
    return Promise.resolve(equal(planHash, this.#plan.planHash) ? this.#plan : null);
  }

  channel(channelId: Bytes): Promise<ChannelRecord | null> {
    return Promise.resolve(this.#channels.find((channel) => equal(channel.channelId, channelId)) ?? null);
  }

  lastCheckpoint(): Promise<CheckpointRecord | null> {
    return Promise.resolve(this.checkpoint);
  }

  gateway(gatewayId: Bytes): Promise<GatewayRecord | null> {
    return Promise.resolve([...this.#gateways.values()].find(({ record }) => equal(record.gatewayId, gatewayId))?.record ?? null);
  }

  async close(): Promise<void> {
    for (const number of this.#gateways.keys()) await this.stopGateway(number);
  }
}
