/** One stream with its publisher, a subscriber's channel and a chain that says what a test wants. */
import { concat, toHex, utf8, type Bytes } from '../../../base/bytes.ts';
import { millis, seconds, toSeconds, type Clock, type Millis } from '../../../base/clock.ts';
import { ticketDigest, voucherDigest } from '../../../contracts/typed-data.ts';
import { randomBytes, sha256 } from '../../../crypto/hash.ts';
import { keccak256 } from '../../../crypto/keccak.ts';
import { addressOf, sign } from '../../../crypto/secp256k1.ts';
import { batchDigest, batchHash, encodeBatch, framesRoot, nextSeq, NO_BATCH, type BatchFields } from '../../format/batch.ts';
import { frameKey, sealFrame } from '../../format/frame.ts';
import { epochCommit, epochKey } from '../../format/ggm.ts';
import { encodeRecord } from '../../format/record.ts';
import type { ChannelRecord, GatewayRecord, StreamChain, StreamPlan, StreamRecord } from '../../stream-chain.ts';
import { proofMessage, socketProofMessage } from '../proof.ts';
import { HEADERS, type SignedVoucher, type TicketRequest } from '../wire.ts';

export const fill = (length: number, byte: number): Bytes => new Uint8Array(length).fill(byte);
export const GATEWAY_ID = fill(32, 0x6a);
export const PUBLISHER_KEY = fill(32, 0x21);
export const SUBSCRIBER_KEY = fill(32, 0x22);
export const GATEWAY_KEY = fill(32, 0x23);
export const STREAM_ID = fill(32, 0x5d);
export const PLAN_HASH = fill(32, 0x70);
export const EPOCH_SECONDS = 600;
const ROOT = fill(32, 0x33);

/** Typed-data form: v 27 or 28. */
export function signTyped(digest: Bytes, key: Bytes): Bytes {
  const signature = sign(digest, key);
  return concat(signature.subarray(0, 64), Uint8Array.of(27 + (signature[64] ?? 0)));
}

export class TestChain implements StreamChain {
  readonly chainId = 337n;
  readonly genesisHash = fill(32, 1);
  readonly contracts = { stream: fill(20, 0x11), channel: fill(20, 0x12), gateway: fill(20, 0x13) };
  readonly #listeners = new Set<() => void>();
  readonly channels = new Map<string, ChannelRecord>();
  streamRecord: StreamRecord;
  planRecord: StreamPlan;
  gatewayRecord: GatewayRecord = { gatewayId: GATEWAY_ID, owner: fill(20, 0x44), signer: addressOf(GATEWAY_KEY), endpoints: [], status: 'bonded', logId: 1n };
  #number = 1n;
  readonly #clock: Clock;

  constructor(clock: Clock, plan: Partial<StreamPlan> = {}) {
    this.#clock = clock;
    this.streamRecord = {
      streamId: STREAM_ID, owner: fill(20, 0x45), publisher: addressOf(PUBLISHER_KEY), status: 'registered', generation: 1, epochSeconds: seconds(EPOCH_SECONDS), ahead: 6, startSeconds: seconds(0),
      metaHash: fill(32, 0), metaUri: '', gateways: [GATEWAY_ID],
    };
    this.streamRecord = { ...this.streamRecord, startSeconds: seconds(Math.floor(toSeconds(clock.now()) / EPOCH_SECONDS) * EPOCH_SECONDS - 100 * EPOCH_SECONDS) };
    this.planRecord = { planId: 1, planHash: PLAN_HASH, kind: 'metered', unitPrice: 10n, window: 50, licenceHash: fill(32, 0), splitHash: fill(32, 0), active: true, ...plan };
  }

  head(): { readonly number: bigint; readonly timeMillis: Millis } {
    return { number: this.#number, timeMillis: this.#clock.now() };
  }

  onHead(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A block comes. */
  block(): void {
    this.#number++;
    for (const listener of [...this.#listeners]) listener();
  }

  get epoch(): number {
    return Math.floor((toSeconds(this.#clock.now()) - this.streamRecord.startSeconds) / EPOCH_SECONDS);
  }

  stream(streamId: Bytes): Promise<StreamRecord | null> {
    return Promise.resolve(toHex(streamId) === toHex(STREAM_ID) ? this.streamRecord : null);
  }

  plan(): Promise<StreamPlan> {
    return Promise.resolve(this.planRecord);
  }

  channel(channelId: Bytes): Promise<ChannelRecord | null> {
    return Promise.resolve(this.channels.get(toHex(channelId)) ?? null);
  }

  gateway(): Promise<GatewayRecord> {
    return Promise.resolve(this.gatewayRecord);
  }

  /** Opens a channel whose key is `key`. @returns its id */
  openChannel(key: Bytes = SUBSCRIBER_KEY, change: Partial<ChannelRecord> = {}): Bytes {
    const channelId = Uint8Array.from(sha256(concat(key, utf8('channel'))));
    this.changeChannel(channelId, {
      channelId, streamId: STREAM_ID, planHash: PLAN_HASH, payer: fill(20, 0x46), payerKey: addressOf(key), status: 'open', deposit: 1_000_000n, paid: 0n, expirySeconds: seconds(toSeconds(this.#clock.now()) + 86_400), ...change,
    });
    return channelId;
  }

  changeChannel(channelId: Bytes, change: Partial<ChannelRecord>): void {
    const known = this.channels.get(toHex(channelId));
    this.channels.set(toHex(channelId), { ...(known ?? {}), ...change } as ChannelRecord);
  }
}

/** Signs batches one behind the other. */
export class TestPublisher {
  readonly #chain: TestChain;
  readonly #clock: Clock;
  #next: { firstSeq: bigint; prevBatchHash: Bytes };

  constructor(chain: TestChain, clock: Clock) {
    this.#chain = chain;
    this.#clock = clock;
    this.#next = { firstSeq: 0n, prevBatchHash: NO_BATCH };
  }

  get place(): { readonly firstSeq: bigint; readonly prevBatchHash: Bytes } {
    return this.#next;
  }

  /** The next batch. */
  next(count = 1, change: Partial<BatchFields> = {}, options: { readonly bytes?: number; readonly key?: Bytes } = {}): Bytes {
    const { batch, fields } = this.signed(count, change, options);
    this.#next = { firstSeq: nextSeq(fields), prevBatchHash: batchHash(fields) };
    return batch;
  }

  /** As `next`, and the publisher forgets that it signed it. */
  signed(count = 1, change: Partial<BatchFields> = {}, options: { readonly bytes?: number; readonly key?: Bytes; readonly chainId?: bigint } = {}): { readonly batch: Bytes; readonly fields: BatchFields } {
    const epoch = change.epoch ?? this.#chain.epoch;
    const context = { streamId: STREAM_ID, generation: 1, epoch, runId: fill(16, 0x99) };
    const firstSeq = change.firstSeq ?? this.#next.firstSeq;
    const key = epochKey(ROOT, context);
    const sealing = frameKey(key, context);
    const timeMillis = this.#clock.now();
    const plain = encodeRecord({ contentType: 'octets', schemaVersion: 1, body: randomBytes(options.bytes ?? 16) });
    const frames = Array.from({ length: count }, (_, i) => sealFrame({ ...context, seq: firstSeq + BigInt(i), timeMillis }, sealing, plain));
    const fields: BatchFields = { ...context, ...this.#next, count, framesRoot: framesRoot(frames), epochCommit: epochCommit(key), timeMillis, ...change };
    const { chainId, genesisHash, contracts } = this.#chain;
    const digest = batchDigest(fields, { chainId: options.chainId ?? chainId, genesisHash, contract: contracts.stream });
    return { batch: encodeBatch(fields, signTyped(digest, options.key ?? PUBLISHER_KEY), frames), fields };
  }
}

export const CLIENT_KEY = fill(32, 0x31);

/** A signed request for a ticket. */
export function ticketRequest(chain: TestChain, clock: Clock, nonce: Bytes, parts: { readonly action: 'publish' | 'subscribe'; readonly channelId?: Bytes; readonly key?: Bytes; readonly change?: Partial<TicketRequest>; readonly signedChainId?: bigint }): TicketRequest {
  const { action, channelId = fill(32, 0) } = parts;
  const request = {
    chainId: chain.chainId, genesisHash: chain.genesisHash, gateway: GATEWAY_ID, nonce, streams: [STREAM_ID], action, entitlement: channelId, clientKey: addressOf(CLIENT_KEY),
    expSeconds: toSeconds(clock.now()) + 3600, ...parts.change,
  };
  const domain = { chainId: parts.signedChainId ?? request.chainId, genesisHash: request.genesisHash, contract: chain.contracts.gateway };
  const digest = ticketDigest(domain, { ...request, gatewayId: request.gateway, expirySeconds: seconds(request.expSeconds) });
  return { ...request, signature: signTyped(digest, parts.key ?? (action === 'publish' ? PUBLISHER_KEY : SUBSCRIBER_KEY)) };
}

/** Headers that prove a request. */
export function proofOf(ticket: string, method: string, target: string, body: Bytes, time: number, options: { readonly random?: Bytes; readonly key?: Bytes } = {}): Record<string, string> {
  const random = options.random ?? randomBytes(16);
  const digest = keccak256(proofMessage({ ticket, method, target, bodySha256: sha256(body), time, random }));
  return { [HEADERS.ticket]: ticket, [HEADERS.time]: String(time), [HEADERS.random]: Buffer.from(random).toString('hex'), [HEADERS.proof]: Buffer.from(signTyped(digest, options.key ?? CLIENT_KEY)).toString('hex') };
}

export function socketProof(ticket: string, challenge: Bytes): Bytes {
  return signTyped(keccak256(socketProofMessage(ticket, challenge)), CLIENT_KEY);
}

export function voucher(chain: TestChain, channelId: Bytes, units: bigint, change: Partial<SignedVoucher> = {}, options: { readonly key?: Bytes; readonly chainId?: bigint } = {}): SignedVoucher {
  const message = { channelId, cumulativeUnits: units, cumulativeAmount: units * chain.planRecord.unitPrice, epochTo: 0, plan: PLAN_HASH, ...change };
  const domain = { chainId: options.chainId ?? chain.chainId, genesisHash: chain.genesisHash, contract: chain.contracts.channel };
  return { ...message, signature: signTyped(voucherDigest(domain, { ...message, planHash: message.plan }), options.key ?? SUBSCRIBER_KEY) };
}

export const NOW = millis(1_800_000_000_000);
