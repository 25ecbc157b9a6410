/** Deployed contracts of streams with accounts, a gateway, a stream and typed calls, for contract tests. */
import { concat, fromHex, toHex, utf8, type Bytes, type Hex } from '../../base/bytes.ts';
import { millis } from '../../base/clock.ts';
import { invariant } from '../../base/errors.ts';
import { keccak256 } from '../../crypto/keccak.ts';
import { sign } from '../../crypto/secp256k1.ts';
import * as channels from '../bindings/pd-channel.gen.ts';
import * as gateways from '../bindings/pd-gateway.gen.ts';
import * as streams from '../bindings/pd-stream.gen.ts';
import { streamDeployment, type StreamAddresses } from '../deploy.ts';
import type { MarketKind } from '../market-parameters.ts';
import { streamParameters, type StreamParameters } from '../stream-parameters.ts';
import { channelId, gatewayId, splitHash, streamId, streamPlanHash } from '../terms.ts';
import { receiptDigest, voucherDigest, type TypedDomain } from '../typed-data.ts';
import { Harness, type Outcome } from './harness.ts';
import { account, CPC, DAY, must, SPLIT, START_BALANCE, SELLER, PARTNER, STRANGER } from './market.ts';

/** Owns the stream, and has 70 % of what it earns. */
export const OWNER = SELLER;
export const PAYER = account('payer');
export const PUBLISHER = account('publisher');
export const OPERATOR = account('gateway operator');
const DEPLOYER = account('stream deployer');
export const PEOPLE: readonly Hex[] = [OWNER, PAYER, PARTNER, STRANGER, PUBLISHER, OPERATOR, DEPLOYER];

/** Key of the account with this name. */
export function keyOf(name: string): Bytes {
  return keccak256(utf8(name));
}

export const UNIT_PRICE = CPC / 1_000n + 1n;
export const BATCH_HASH = toHex(keccak256(utf8('batch')));

/** r ‖ s ‖ v of a digest, v 27 or 28. */
export function signature(digest: Bytes, key: Bytes): Hex {
  const signed = sign(digest, key);
  return toHex(concat(signed.subarray(0, 64), Uint8Array.of(27 + (signed[64] ?? 0))));
}

export class TestStreams {
  readonly harness = new Harness();
  readonly addresses: StreamAddresses;
  readonly parameters: StreamParameters;
  readonly gateway: Hex;
  readonly stream: Hex;
  readonly plan: streams.NewStreamPlan = { planId: 1, kind: 'Metered', unitPrice: UNIT_PRICE, window: 50, licenceHash: toHex(keccak256(utf8('licence'))), active: true, ...SPLIT };

  constructor(kind: MarketKind = 'standard', chain = { chainId: 337n, genesisHash: toHex(keccak256(utf8('genesis'))), periodMillis: 10_000 }) {
    this.parameters = streamParameters(kind, chain);
    for (const person of PEOPLE) this.harness.fund(person, START_BALANCE);
    const steps = streamDeployment({ deployer: DEPLOYER, nonce: 0n, parameters: this.parameters });
    for (const step of steps) {
      const outcome = this.harness.create(DEPLOYER, step.data, { gas: 10_000_000n });
      invariant(outcome.error === undefined && outcome.address === step.address, `The deployment of ${step.contract} failed.`);
    }
    const [gateway, stream, channel] = steps;
    this.addresses = { gateway: gateway.address, stream: stream.address, channel: channel.address };
    this.gateway = this.register();
    must(this.streams(OWNER, streams.encodeRegister(this.newStream(0n), this.plan)));
    this.stream = streamId({ contract: this.addresses.stream, chainId: chain.chainId, creator: OWNER, nonce: 0n });
  }

  streams(from: Hex, data: Bytes): Outcome {
    return this.harness.call(from, this.addresses.stream, data);
  }

  channels(from: Hex, data: Bytes, value = 0n): Outcome {
    return this.harness.call(from, this.addresses.channel, data, { value });
  }

  gateways(from: Hex, data: Bytes, value = 0n): Outcome {
    return this.harness.call(from, this.addresses.gateway, data, { value });
  }

  /** A gateway of the operator's with the least bond, signing with the key `gateway`. @returns its id */
  register(bond = this.parameters.gateway.minBond): Hex {
    const nonce = gateways.decodeNoncesResult(this.read('gateway', gateways.encodeNonces(OPERATOR)));
    must(this.gateways(OPERATOR, gateways.encodeRegister(nonce, account('gateway'), ['https://gateway.example']), bond));
    return gatewayId({ contract: this.addresses.gateway, chainId: this.parameters.gateway.chainId, creator: OPERATOR, nonce });
  }

  newStream(nonce: bigint, changes: Partial<streams.NewStream> = {}): streams.NewStream {
    return { nonce, publisher: PUBLISHER, epochSeconds: 600, ahead: 6, metaHash: toHex(keccak256(utf8('metadata'))), metaUri: 'ipfs://bafyexample', gateways: [this.gateway], ...changes };
  }

  planHash(plan = this.plan): Hex {
    return streamPlanHash({ ...plan, splitHash: splitHash(plan) });
  }

  newChannel(nonce: bigint, changes: Partial<channels.NewChannel> = {}): channels.NewChannel {
    return {
      streamId: this.stream,
      planHash: this.planHash(),
      splitHash: splitHash(this.plan),
      nonce,
      expiry: Number(this.harness.timeSeconds) + 30 * DAY,
      payerKey: account('reading key'),
      ...changes,
    };
  }

  /** A channel of the payer's. @returns its id */
  open(deposit: bigint, payer: Hex = PAYER, changes: Partial<channels.NewChannel> = {}): Hex {
    const nonce = channels.decodeNoncesResult(this.read('channel', channels.encodeNonces(payer)));
    must(this.channels(payer, channels.encodeOpen(this.newChannel(nonce, changes)), deposit));
    return channelId({ contract: this.addresses.channel, chainId: this.parameters.channel.chainId, creator: payer, nonce, stream: changes.streamId ?? this.stream });
  }

  voucher(channel: Hex, amount: bigint, changes: Partial<channels.Voucher> = {}): channels.Voucher {
    return { channelId: channel, cumulativeUnits: amount / UNIT_PRICE, cumulativeAmount: amount, epochTo: 0, plan: this.planHash(), ...changes };
  }

  /** As the reader signs it. */
  signVoucher(voucher: channels.Voucher, key = keyOf('reading key'), domain: Partial<TypedDomain> = {}): Hex {
    const { channelId: id, cumulativeUnits, cumulativeAmount, epochTo, plan } = voucher;
    return signature(voucherDigest({ ...this.domain('channel'), ...domain }, { channelId: fromHex(id), cumulativeUnits, cumulativeAmount, epochTo, planHash: fromHex(plan) }), key);
  }

  redeem(voucher: channels.Voucher, signed = this.signVoucher(voucher), from: Hex = STRANGER): Outcome {
    return this.channels(from, channels.encodeRedeem(voucher, signed, this.plan.payees, this.plan.shares));
  }

  receipt(changes: Partial<gateways.Receipt> = {}): gateways.Receipt {
    return { gatewayId: this.gateway, streamId: this.stream, logId: 1n, offset: 7n, firstSeq: 100n, batchHash: BATCH_HASH, ts: 1_800_000_000_000n, ...changes };
  }

  /** As the gateway signs it. */
  signReceipt(receipt: gateways.Receipt, key = keyOf('gateway'), domain: Partial<TypedDomain> = {}): Hex {
    const { gatewayId: id, streamId: stream, logId, offset, firstSeq, batchHash, ts } = receipt;
    const message = { gatewayId: fromHex(id), streamId: fromHex(stream), logId, offset, firstSeq, batchHash: fromHex(batchHash), timeMillis: millis(Number(ts)) };
    return signature(receiptDigest({ ...this.domain('gateway'), ...domain }, message), key);
  }

  domain(contract: keyof StreamAddresses): TypedDomain {
    const { chainId, genesisHash } = this.parameters.gateway;
    return { chainId, genesisHash: fromHex(genesisHash), contract: fromHex(this.addresses[contract]) };
  }

  channel(id: Hex): channels.Channel {
    return channels.decodeChannelOfResult(this.read('channel', channels.encodeChannelOf(id)));
  }

  gatewayRecord(id: Hex = this.gateway): gateways.Gateway {
    return gateways.decodeGatewayOfResult(this.read('gateway', gateways.encodeGatewayOf(id)));
  }

  streamRecord(): streams.Stream {
    return streams.decodeStreamOfResult(this.read('stream', streams.encodeStreamOf(this.stream)));
  }

  /** What may be withdrawn at PDChannel. */
  credit(of: Hex): bigint {
    return channels.decodeBalancesResult(this.read('channel', channels.encodeBalances(of)));
  }

  /** What may be withdrawn at PDGateway. */
  bondCredit(of: Hex): bigint {
    return gateways.decodeBalancesResult(this.read('gateway', gateways.encodeBalances(of)));
  }

  burnt(contract: 'channel' | 'gateway'): bigint {
    return channels.decodeBurntResult(this.read(contract, channels.encodeBurnt())); // both inherit it from one source
  }

  /** Blocks that a span of seconds takes. */
  blocks(seconds: number): number {
    return Math.ceil((seconds * 1000) / this.parameters.channel.periodMs);
  }

  read(contract: keyof StreamAddresses, data: Bytes): Bytes {
    return this.harness.read(this.addresses[contract], data);
  }
}
