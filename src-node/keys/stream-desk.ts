/**
 * What the keys process signs and opens for streams (docs/protocol/11 §4.11-§4.13), also while the wallet is locked, so that a
 * publisher does not fall silent and a reader does not stop when nobody is at the desk: batches of own streams, vouchers up to what
 * a channel holds, tickets, receipts of own gateways. Held in memory only: after a restart the wallet has to be unlocked once.
 */
import { concat, toHex, u64be, utf8, type Bytes, type Hex } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import {
  batchStructHash, digest, domainSeparator, receiptStructHash, ticketStructHash, voucherStructHash,
  type BatchMessage, type ReceiptMessage, type TicketMessage, type VoucherMessage,
} from '../contracts/typed-data.ts';
import { eciesOpen } from '../crypto/ecies.ts';
import { sign } from '../crypto/secp256k1.ts';
import type { HeldStreams, StreamContractsAt } from './calls.ts';
import { gatewayKey, publisherKey, streamRoot, subscriptionKey } from './derived-secrets.ts';

/** What a ticket is asked with; the rest of it follows from what is held. */
export type LetIn = Pick<TicketMessage, 'gatewayId' | 'nonce' | 'clientKey' | 'expirySeconds'>;

interface Held {
  readonly key: Bytes;
  readonly at: StreamContractsAt;
  /** Of PDStream, PDChannel or PDGateway, as what is held belongs to. */
  readonly separator: Bytes;
}

interface HeldStream extends Held {
  readonly packSecret: Bytes;
}

interface HeldChannel extends Held {
  readonly streamId: Bytes;
  readonly maxAmount: bigint;
}

const ENVELOPE = utf8('pd-envelope');
const SIGNED_V = 27;
/** Entitlement of a ticket to publish. */
const NONE = new Uint8Array(32);

export class StreamDesk {
  #streams: ReadonlyMap<Hex, HeldStream> = new Map();
  #channels: ReadonlyMap<Hex, HeldChannel> = new Map();
  #gateways: ReadonlyMap<Hex, Held> = new Map();

  get held(): readonly Hex[] {
    return [...this.#streams.keys(), ...this.#channels.keys(), ...this.#gateways.keys()];
  }

  /** Replaces what is held. @throws WALLET_LOCKED and what `secretsOf` throws; what was held stays then */
  hold({ published, subscriptions, gateways }: HeldStreams, secretsOf: (account: Bytes) => { readonly packSecret: Bytes; readonly orderBranch: Bytes }): void {
    const of = ({ at }: { readonly at: StreamContractsAt }, contract: Bytes, key: Bytes): Held => ({ key, at, separator: domainSeparator({ chainId: at.chainId, genesisHash: at.genesisHash, contract }) });
    const streams = new Map(published.map((one): [Hex, HeldStream] => {
      const { packSecret } = secretsOf(one.account);
      return [toHex(one.streamId), { ...of(one, one.at.stream, publisherKey(packSecret, { ...one.at, contract: one.at.stream, account: one.account, nonce: one.nonce })), packSecret: Uint8Array.from(packSecret) }]; // a copy, for the wallet wipes its own when it is locked
    }));
    const channels = new Map(subscriptions.map((one): [Hex, HeldChannel] => {
      const key = subscriptionKey(secretsOf(one.account).orderBranch, { ...one.at, contract: one.at.channel, account: one.account, nonce: one.nonce, streamId: one.streamId });
      return [toHex(one.channelId), { ...of(one, one.at.channel, key), streamId: one.streamId, maxAmount: one.maxAmount }];
    }));
    const own = new Map(gateways.map((one): [Hex, Held] => [toHex(one.gatewayId), of(one, one.at.gateway, gatewayKey(secretsOf(one.account).packSecret, { ...one.at, contract: one.at.gateway, account: one.account, nonce: one.nonce }))]));
    this.forget();
    this.#streams = streams;
    this.#channels = channels;
    this.#gateways = own;
  }

  forget(): void {
    for (const { packSecret } of this.#streams.values()) packSecret.fill(0);
    for (const { key } of [...this.#streams.values(), ...this.#channels.values(), ...this.#gateways.values()]) key.fill(0);
    this.#streams = new Map();
    this.#channels = new Map();
    this.#gateways = new Map();
  }

  /** @throws STREAM_NOT_HELD */
  rootOf(streamId: Bytes, generation: number): Bytes {
    const { packSecret, at } = found(this.#streams, streamId);
    return streamRoot(packSecret, { ...at, contract: at.stream, streamId, generation });
  }

  /** @throws STREAM_NOT_HELD */
  signBatch(batch: BatchMessage): Bytes {
    return signed(found(this.#streams, batch.streamId), batchStructHash(batch));
  }

  /** @throws STREAM_NOT_HELD */
  signPublishTicket(streamId: Bytes, ticket: LetIn): Bytes {
    return this.#signTicket(found(this.#streams, streamId), { ...ticket, streams: [streamId], action: 'publish', entitlement: NONE });
  }

  /** @throws STREAM_NOT_HELD */
  signReadTicket(channelId: Bytes, ticket: LetIn): Bytes {
    const channel = found(this.#channels, channelId);
    return this.#signTicket(channel, { ...ticket, streams: [channel.streamId], action: 'subscribe', entitlement: channelId });
  }

  /** @throws STREAM_NOT_HELD, STREAM_REFUSED for more than the deposit */
  signVoucher(voucher: VoucherMessage): Bytes {
    const channel = found(this.#channels, voucher.channelId);
    if (voucher.cumulativeAmount > channel.maxAmount) {
      throw new CodedError('STREAM_REFUSED', 'The deposit of this subscription is used up; nothing more was signed.', { help: 'Top it up, or let it end.', meta: { deposit: channel.maxAmount.toString() } });
    }
    return signed(channel, voucherStructHash(voucher));
  }

  /** Nothing but what was sealed for this stream (docs/protocol/11 §4.11). @throws STREAM_NOT_HELD, BAD_SEALED */
  openEnvelope(channelId: Bytes, envelope: Bytes): Bytes {
    const { key, at, streamId } = found(this.#channels, channelId);
    return eciesOpen(envelope, key, concat(ENVELOPE, u64be(at.chainId), streamId));
  }

  /** @throws STREAM_NOT_HELD */
  signReceipt(receipt: ReceiptMessage): Bytes {
    return signed(found(this.#gateways, receipt.gatewayId), receiptStructHash(receipt));
  }

  /** Tickets are PDGateway's, whoever signs them. */
  #signTicket({ key, at }: Held, ticket: TicketMessage): Bytes {
    return signed({ key, separator: domainSeparator({ chainId: at.chainId, genesisHash: at.genesisHash, contract: at.gateway }) }, ticketStructHash(ticket));
  }
}

function found<T>(held: ReadonlyMap<Hex, T>, id: Bytes): T {
  const one = held.get(toHex(id));
  if (one === undefined) throw new CodedError('STREAM_NOT_HELD', 'This stream is not held now, so nothing is signed for it.', { help: 'Unlock the wallet.' });
  return one;
}

function signed({ key, separator }: Pick<Held, 'key' | 'separator'>, structHash: Bytes): Bytes {
  const signature = sign(digest(separator, structHash), key);
  return concat(signature.subarray(0, 64), Uint8Array.of(SIGNED_V + (signature[64] ?? 0)));
}
