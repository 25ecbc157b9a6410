/** The chain of a simulation: the same records in every process, and the keys that belong to them. */
import { concat, equal, fromHex, type Bytes } from '../../base/bytes.ts';
import { seconds, systemClock } from '../../base/clock.ts';
import { addressOf } from '../../crypto/secp256k1.ts';
import type { SubscriberKeys } from '../../streams/client/keys.ts';
import type { ReceiptSigner } from '../../streams/gateway/receipt-signer.ts';
import type { PublisherKeys } from '../../streams/publisher/keys.ts';
import type { ChannelRecord, GatewayRecord, PublisherChain, StreamChain, StreamPlan, StreamRecord } from '../../streams/stream-chain.ts';
import { publisherKeysOf, subscriberKeysOf, typedSignature } from '../stream-keys.ts';
import type { SimWorld } from './sim-world.ts';

const filled = (length: number, ...values: readonly number[]): Bytes => Uint8Array.from({ length }, (_, i) => values[i % values.length] ?? 0);
const publisherSecret = (stream: number): Bytes => filled(32, 0x70, stream + 1);
const gatewaySecret = (gateway: number): Bytes => filled(32, 0x60, gateway + 1);
const subscriberSecret = (stream: number, reader: number): Bytes => filled(32, 0x20, stream + 1, reader + 1, 1);
const ROOT = filled(32, 0x33);
const OWNER = filled(20, 9);
const DEPOSIT = 10n ** 30n;

export class SimChain implements PublisherChain {
  readonly chainId = 337n;
  readonly genesisHash = filled(32, 1);
  readonly contracts = { stream: filled(20, 2), channel: filled(20, 3), gateway: filled(20, 4) };
  readonly #world: SimWorld;
  readonly #plan: StreamPlan;
  readonly #streams: readonly StreamRecord[];
  readonly #channels: readonly ChannelRecord[];
  readonly #gateways: readonly GatewayRecord[];

  constructor(world: SimWorld) {
    this.#world = world;
    this.#plan = { planId: 1, planHash: filled(32, 8), kind: 'metered', unitPrice: BigInt(world.unitPrice), window: world.window, licenceHash: filled(32, 0), splitHash: filled(32, 0), active: true };
    this.#gateways = world.endpoints.map((endpoint, i) => ({ gatewayId: filled(32, 0x60, i), owner: OWNER, signer: addressOf(gatewaySecret(i)), endpoints: [endpoint], status: 'bonded', logId: 0n }));
    this.#streams = Array.from({ length: world.streams }, (_, i) => ({
      streamId: this.streamId(i), owner: OWNER, publisher: addressOf(publisherSecret(i)), status: 'registered', generation: 1, epochSeconds: seconds(world.epochSeconds), ahead: world.ahead,
      startSeconds: seconds(world.startSeconds), metaHash: filled(32, 0), metaUri: '', gateways: this.#gateways.map(({ gatewayId }) => gatewayId),
    }));
    this.#channels = this.#streams.flatMap(({ streamId }, stream) => Array.from({ length: world.readers }, (_, reader): ChannelRecord => ({
      channelId: this.channelId(stream, reader), streamId, planHash: this.#plan.planHash, payer: OWNER, payerKey: addressOf(subscriberSecret(stream, reader)), status: 'open', deposit: DEPOSIT, paid: 0n,
      expirySeconds: seconds(world.startSeconds + 100 * 86_400),
    })));
  }

  /** The number of the stream comes first. */
  streamId(stream: number): Bytes {
    return concat(Uint8Array.of(stream), fromHex(`0x${this.#world.run}`));
  }

  channelId(stream: number, reader: number): Bytes {
    return filled(32, 0x40, stream, reader);
  }

  publisherKeys(stream: number): PublisherKeys {
    return publisherKeysOf(publisherSecret(stream), ROOT, this);
  }

  subscriberKeys(stream: number, reader: number): SubscriberKeys {
    return subscriberKeysOf(subscriberSecret(stream, reader), this.streamId(stream), this);
  }

  receiptSigner(gateway: number): ReceiptSigner {
    return { gatewayId: filled(32, 0x60, gateway), sign: (digest) => Promise.resolve(typedSignature(digest, gatewaySecret(gateway))) };
  }

  head(): ReturnType<StreamChain['head']> {
    return { number: 1n, timeMillis: systemClock.now() };
  }

  onHead(): () => void {
    return () => undefined;
  }

  stream(streamId: Bytes): Promise<StreamRecord | null> {
    return Promise.resolve(this.#streams.find((stream) => equal(stream.streamId, streamId)) ?? null);
  }

  plan(_streamId: Bytes, planHash: Bytes): Promise<StreamPlan | null> {
    return Promise.resolve(equal(planHash, this.#plan.planHash) ? this.#plan : null);
  }

  channel(channelId: Bytes): Promise<ChannelRecord | null> {
    return Promise.resolve(this.#channels.find((channel) => equal(channel.channelId, channelId)) ?? null);
  }

  lastCheckpoint(): Promise<null> {
    return Promise.resolve(null);
  }

  gateway(gatewayId: Bytes): Promise<GatewayRecord | null> {
    return Promise.resolve(this.#gateways.find((gateway) => equal(gateway.gatewayId, gatewayId)) ?? null);
  }
}
