/** What requests and sockets of a gateway work with: its streams, rights, tickets, quotas and counters. */
import { byteKey } from '../../base/byte-key.ts';
import { equal, hexOf, toHex, type Bytes } from '../../base/bytes.ts';
import type { Clock, Millis } from '../../base/clock.ts';
import type { FilePort } from '../../base/files.ts';
import type { Logger } from '../../base/logger.ts';
import { voucherDigest } from '../../contracts/typed-data.ts';
import { typedSigner } from '../../crypto/typed-signer.ts';
import type { DecodedBatch } from '../format/batch.ts';
import type { LogEngine } from '../log/engine.ts';
import type { StreamChain, StreamRecord } from '../stream-chain.ts';
import { ChainFacts } from './chain-facts.ts';
import { Cursors } from './cursor.ts';
import { examineBatch, readBatch } from './examine-batch.ts';
import { GatewayDomains } from './gateway-domains.ts';
import { HostedStream } from './hosted-stream.ts';
import { Metrics } from './metrics.ts';
import { networkOf } from './network.ts';
import { Nonces } from './nonces.ts';
import { Quotas, type Consumer, type QuotaOptions } from './quotas.ts';
import type { ReceiptSigner } from './receipt-signer.ts';
import { refusal } from './refusal.ts';
import { Rights } from './rights.ts';
import type { GatewayStore } from './store.ts';
import { Tickets, type Holder } from './tickets.ts';
import type { ChannelAnswer, SignedReceipt, SignedVoucher, TicketAnswer, TicketRequest } from './wire.ts';

export interface GatewayOptions {
  readonly retentionMillis: Millis;
  readonly evidenceFolder: string;
  /** Bytes of each stream that are kept in memory for readers that keep up. Default 8 MiB. */
  readonly ringBytes?: number;
  readonly quotas: QuotaOptions;
  /** 32 bytes that all instances of the gateway have, so that they take each other's cursors. Default: the store's, for those of one machine. */
  readonly cursorKey?: Bytes;
  /** Whether the paths of PDash of 2018 are answered. */
  readonly oldPaths: boolean;
}

export interface GatewayModules {
  readonly engine: LogEngine;
  readonly chain: StreamChain;
  readonly signer: ReceiptSigner;
  readonly store: GatewayStore;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Of one ticket, since it was first seen here. */
export interface Usage {
  requests: number;
  readBytes: number;
  readFrames: number;
  publishedBytes: number;
  publishedFrames: number;
}

const DEFAULT_RING_BYTES = 8 * 1024 * 1024;
const MAX_STREAMS = 1000;
const MAX_USAGES = 20_000;

export class GatewayCore {
  readonly options: GatewayOptions;
  readonly chain: StreamChain;
  readonly gatewayId: Bytes;
  readonly engine: LogEngine;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly rights: Rights;
  readonly nonces: Nonces;
  readonly tickets: Tickets;
  readonly quotas: Quotas;
  readonly metrics = new Metrics();
  /** Whether the paths of PDash of 2018 are answered; changes while it runs. */
  oldPaths: boolean;
  /** Connections that there were. */
  connected = 0;
  /** Aborts when the gateway stops. */
  readonly stopping = new AbortController();
  readonly #modules: GatewayModules;
  readonly #domains: GatewayDomains;
  readonly #facts: ChainFacts;
  readonly #cursors: Cursors;
  readonly #streams = new Map<string, Promise<HostedStream>>();
  readonly #opened = new Set<HostedStream>();
  readonly #usages = new Map<string, Usage>();

  constructor(options: GatewayOptions, modules: GatewayModules) {
    const { gatewayId } = modules.signer;
    this.options = options;
    this.oldPaths = options.oldPaths;
    this.chain = modules.chain;
    this.gatewayId = gatewayId;
    this.engine = modules.engine;
    this.clock = modules.clock;
    this.logger = modules.logger;
    this.quotas = new Quotas(options.quotas);
    this.#modules = modules;
    this.#domains = new GatewayDomains(modules.chain);
    this.#facts = new ChainFacts(modules.chain);
    this.#cursors = new Cursors(options.cursorKey ?? modules.store.secret);
    this.rights = new Rights({ gatewayId }, { facts: this.#facts, clock: modules.clock });
    this.nonces = new Nonces(modules);
    this.tickets = new Tickets({ gatewayId, domain: this.#domains.gateway }, { ...modules, nonces: this.nonces, rights: this.rights });
  }

  /** Streams that are open here. */
  get streams(): readonly HostedStream[] {
    return [...this.#opened];
  }

  /** A stream that names this gateway. @throws stream_unknown, stream_elsewhere, LOG_UNREACHABLE, LOG_RIGHTS, CHAIN_UNREACHABLE */
  async host(streamId: Bytes): Promise<HostedStream> {
    const record = await this.rights.stream(streamId);
    if (this.stopping.signal.aborted) throw refusal('stopping');
    const key = byteKey(streamId);
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      if (this.#streams.size >= MAX_STREAMS) throw refusal('quota_rate');
      stream = this.#open(record);
      this.#streams.set(key, stream);
    }
    try {
      return await stream;
    } catch (error) {
      this.#streams.delete(key); // it is tried again
      throw error;
    }
  }

  /** @param address of the network */
  consumer(address: string, holder?: Holder): Consumer {
    const network = networkOf(address);
    return holder === undefined ? { network } : { network, ...this.holderOnly(holder) };
  }

  /** Without the address that it comes from, which was counted before it showed its ticket. */
  holderOnly(holder: Holder): Consumer {
    return { ticket: hexOf(holder.id), account: hexOf(holder.address) };
  }

  usage({ id }: Holder): Usage {
    const key = hexOf(id);
    let usage = this.#usages.get(key);
    if (usage === undefined) {
      usage = { requests: 0, readBytes: 0, readFrames: 0, publishedBytes: 0, publishedFrames: 0 };
      this.#usages.set(key, usage);
      const oldest = this.#usages.size > MAX_USAGES ? this.#usages.keys().next().value : undefined;
      if (oldest !== undefined) this.#usages.delete(oldest);
    }
    return usage;
  }

  /** A batch was given to this reader. */
  countRead(holder: Holder, bytes: number, frames: number): void {
    this.metrics.add('read_batches');
    this.metrics.add('read_frames', frames);
    this.metrics.add('read_bytes', bytes);
    const usage = this.usage(holder);
    usage.readBytes += bytes;
    usage.readFrames += frames;
  }

  /** @throws what `Tickets.give` refuses */
  async giveTicket(request: TicketRequest): Promise<TicketAnswer> {
    const { answer, record, signer } = await this.tickets.give(request);
    const [streamId] = record.streams;
    if (record.action === 'subscribe' && streamId !== undefined) {
      const stream = await this.host(streamId);
      await stream.account(await this.rights.reading(streamId, record.entitlement, record.address)).setPublicKey(signer.publicKey);
      stream.changed();
    }
    this.metrics.add('tickets');
    return answer;
  }

  /**
   * Size and form first, then rights, quota and signature, then the log.
   * @throws batch_too_large, batch_invalid, batch_forged, publisher_only, quota_rate, quota_bytes, and what `HostedStream.publish` refuses
   */
  async publish(bytes: Bytes, holder: Holder, consumer: Consumer, options: { readonly gap: boolean }): Promise<{ readonly receipt: Promise<SignedReceipt> }> {
    const batch = readBatch(bytes);
    const { streamId, count } = batch.fields;
    if (holder.action !== 'publish' || !holder.streams.some((id) => equal(id, streamId))) throw refusal('publisher_only');
    const record = await this.rights.publishing(streamId, holder.address);
    this.quotas.use('publishRecordsPerSecond', count, consumer);
    this.quotas.use('publishBytesPerSecond', bytes.length, consumer);
    examineBatch(batch, record, { domain: this.#domains.stream, now: this.clock.now() });
    const stream = await this.host(streamId);
    return { receipt: this.#written(stream, batch, holder, options) };
  }

  /**
   * Takes a voucher of a channel; one that is not higher answers with the best.
   * @throws channel_unknown, channel_closed, voucher_forged, voucher_invalid, voucher_over_deposit, LOG_UNREACHABLE
   */
  async voucher(voucher: SignedVoucher): Promise<ChannelAnswer> {
    const channel = await this.#facts.channel(voucher.channelId);
    if (channel === null) throw refusal('channel_unknown');
    if (channel.status === 'closed') throw refusal('channel_closed');
    const [record, plan] = await Promise.all([this.rights.stream(channel.streamId), this.#facts.plan(channel.streamId, channel.planHash)]);
    if (plan === null) throw refusal('channel_unknown');
    if (!equal(voucher.plan, channel.planHash)) throw refusal('voucher_invalid', { why: 'plan' });
    const signer = typedSigner(voucherDigest(this.#domains.channel, { ...voucher, planHash: voucher.plan }), voucher.signature);
    if (signer === null || !equal(signer.address, channel.payerKey)) throw refusal('voucher_forged');
    const stream = await this.host(channel.streamId);
    const account = stream.account({ stream: record, channel, plan });
    if (await account.take(voucher, channel.deposit)) {
      this.metrics.add('vouchers');
      stream.changed();
    }
    return account.answer(channel);
  }

  async close(): Promise<void> {
    this.stopping.abort();
    for (const opening of this.#streams.values()) {
      const stream = await opening.catch(() => undefined);
      await stream?.close().catch((error: unknown) => this.logger.error('the log of a stream was not closed well', {}, error));
    }
  }

  async #written(stream: HostedStream, batch: DecodedBatch, holder: Holder, options: { readonly gap: boolean }): Promise<SignedReceipt> {
    const began = performance.now();
    const receipt = await stream.publish(batch, options);
    this.metrics.published((performance.now() - began) / 1000);
    const { count } = batch.fields;
    this.metrics.add('published_batches');
    this.metrics.add('published_frames', count);
    this.metrics.add('published_bytes', batch.bytes.length);
    const usage = this.usage(holder);
    usage.publishedFrames += count;
    usage.publishedBytes += batch.bytes.length;
    return receipt;
  }

  async #open({ streamId, publisher }: StreamRecord): Promise<HostedStream> {
    const { signer, logger } = this.#modules;
    const { retentionMillis, evidenceFolder, ringBytes = DEFAULT_RING_BYTES } = this.options;
    const stream = await HostedStream.open(
      { streamId, publisher, retentionMillis, evidenceFolder, ringBytes },
      {
        ...this.#modules,
        receiptDomain: this.#domains.gateway,
        cursors: this.#cursors,
        rights: this.rights,
        logId: async () => (await this.#facts.gateway(signer.gatewayId))?.logId ?? 0n,
        logger: logger.child('stream'),
      },
    );
    this.#opened.add(stream);
    this.#modules.store.hosts(streamId);
    logger.info('a stream was opened', { stream: toHex(streamId) });
    return stream;
  }
}
