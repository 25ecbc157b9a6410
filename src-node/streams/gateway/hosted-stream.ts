/** One stream at this gateway: its log, its end, what is published to it, its channels and its keys. */
import { fromHex, hexOf, type Bytes } from '../../base/bytes.ts';
import { millis, type Clock, type Millis } from '../../base/clock.ts';
import type { FilePort } from '../../base/files.ts';
import type { Logger } from '../../base/logger.ts';
import type { TypedDomain } from '../../contracts/typed-data.ts';
import type { DecodedBatch } from '../format/batch.ts';
import type { LogEngine, StreamLog } from '../log/engine.ts';
import { ChannelAccount } from './channel-account.ts';
import type { Cursors, Place } from './cursor.ts';
import { ForkEvidence } from './fork-evidence.ts';
import { KeyTable } from './key-table.ts';
import type { ReceiptSigner } from './receipt-signer.ts';
import { refusal } from './refusal.ts';
import type { Rights, ReadingRight } from './rights.ts';
import type { GatewayStore } from './store.ts';
import { epochAt } from './stream-epochs.ts';
import { StreamReader } from './stream-reader.ts';
import { StreamTail } from './stream-tail.ts';
import { StreamWriter } from './stream-writer.ts';
import { Throughput } from './throughput.ts';
import type { Envelope, KeysRequest, PeekKeyRequest, SignedReceipt, Subscriber } from './wire.ts';

export interface HostedStreamOptions {
  readonly streamId: Bytes;
  readonly publisher: Bytes;
  readonly retentionMillis: Millis;
  readonly ringBytes: number;
  /** Folder of batches that prove a publisher's fork. */
  readonly evidenceFolder: string;
}

export interface HostedStreamModules {
  readonly engine: LogEngine;
  readonly signer: ReceiptSigner;
  readonly receiptDomain: TypedDomain;
  readonly cursors: Cursors;
  readonly store: GatewayStore;
  readonly rights: Rights;
  /** Number of the gateway's log by the chain. */
  readonly logId: () => Promise<bigint>;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Of one stream; each is in memory, and one has less than 1 KiB as a rule. */
const MAX_ENVELOPES_BYTES = 128 * 1024 * 1024;

export class HostedStream {
  readonly #options: HostedStreamOptions;
  readonly #modules: HostedStreamModules;
  readonly #log: StreamLog;
  readonly #table: KeyTable;
  readonly #accounts = new Map<string, ChannelAccount>();
  readonly #watchers = new Set<() => void>();
  readonly tail: StreamTail;
  /** Of batches that were written to the log, and that were given to readers. */
  readonly inbound: Throughput;
  readonly outbound: Throughput;
  readonly #writer: StreamWriter;

  private constructor(options: HostedStreamOptions, modules: HostedStreamModules, parts: { readonly log: StreamLog; readonly table: KeyTable; readonly tail: StreamTail; readonly evidence: ForkEvidence; readonly logId: bigint }) {
    this.#options = options;
    this.#modules = modules;
    this.#log = parts.log;
    this.#table = parts.table;
    this.tail = parts.tail;
    this.inbound = new Throughput(modules.clock);
    this.outbound = new Throughput(modules.clock);
    this.#writer = new StreamWriter({ ...options, logId: parts.logId }, { ...modules, ...parts, logId: modules.logId, inbound: this.inbound, keepFork: (batch) => parts.evidence.keep(batch) });
  }

  /** @throws LOG_UNREACHABLE, LOG_RIGHTS, CHAIN_UNREACHABLE */
  static async open(options: HostedStreamOptions, modules: HostedStreamModules): Promise<HostedStream> {
    const logId = await modules.logId();
    const log = await modules.engine.open(options.streamId, { retentionMillis: options.retentionMillis });
    try {
      const table = new KeyTable(await log.table('keys'));
      const opened: { stream?: HostedStream; tail?: StreamTail } = {};
      const evidence = new ForkEvidence({ streamId: options.streamId, folder: options.evidenceFolder }, { ...modules, log, known: (firstSeq) => opened.tail?.known(firstSeq) });
      const forks: DecodedBatch[] = [];
      const tail = await StreamTail.open(options, {
        log,
        cursors: modules.cursors,
        logId: () => opened.stream?.logId ?? logId,
        logger: modules.logger,
        onFork: (batch) => (opened.tail === undefined ? forks.push(batch) : evidence.keep(batch)),
      });
      opened.tail = tail;
      const stream = new HostedStream(options, modules, { log, table, tail, evidence, logId });
      opened.stream = stream;
      for (const fork of forks) evidence.keep(fork);
      return stream;
    } catch (error) {
      await log.close();
      throw error;
    }
  }

  get streamId(): Bytes {
    return this.#options.streamId;
  }

  get publisher(): Bytes {
    return this.#options.publisher;
  }

  get logId(): bigint {
    return this.#writer.logId;
  }

  get retentionMillis(): Millis {
    return this.#options.retentionMillis;
  }

  bounds(): ReturnType<StreamLog['bounds']> {
    return this.#log.bounds();
  }

  /**
   * Writes one batch, whose signature is checked, behind the last. The same batch again gives the same receipt.
   * @param options.gap whether frames between the last batch and this one are given up
   * @throws batch_out_of_order, batch_conflict, batch_invalid, log_restored, log_full, log_unavailable, quota_rate
   */
  publish(batch: DecodedBatch, options: { readonly gap: boolean }): Promise<SignedReceipt> {
    return this.#writer.publish(batch, options);
  }

  reader(place: Pick<Place, 'offset' | 'nextSeq'>): StreamReader {
    return new StreamReader(place, { tail: this.tail, log: this.#log });
  }

  /** @param from a cursor's text, `live` or `earliest` @throws cursor_invalid, cursor_too_old */
  async placeOf(from: string): Promise<Place> {
    const { first } = await this.#log.bounds();
    if (from === 'live') return { logId: this.logId, offset: this.tail.position, nextSeq: this.tail.nextSeq };
    const oldest: Place = { logId: this.logId, offset: first, nextSeq: first === 0n ? 0n : null };
    if (from === 'earliest') return oldest;
    const place = this.#modules.cursors.read(this.streamId, from);
    if (place.logId !== this.logId || place.offset < first || place.offset > this.tail.position) throw refusal('cursor_too_old', { oldest: this.cursor(oldest) });
    return place;
  }

  /** Of the first batch at or after a time. */
  async placeAt(time: Millis): Promise<Place> {
    const offset = await this.#log.offsetAt(time);
    return { logId: this.logId, offset, nextSeq: await this.tail.nextSeqAt(offset) };
  }

  cursor(place: Pick<Place, 'offset' | 'nextSeq'>): string {
    return this.#modules.cursors.text(this.streamId, { ...place, logId: this.logId });
  }

  account({ channel, plan, stream }: ReadingRight): ChannelAccount {
    const key = hexOf(channel.channelId);
    let account = this.#accounts.get(key);
    if (account === undefined) {
      const { instance } = this.#modules.store;
      account = new ChannelAccount({ channelId: channel.channelId, instance, plan, epochSeconds: stream.epochSeconds }, this.#table);
      this.#accounts.set(key, account);
    }
    return account;
  }

  /** Those that may read now. @throws CHAIN_UNREACHABLE */
  async subscribers(): Promise<readonly Subscriber[]> {
    return (await this.#openAccounts()).flatMap((account) => account.subscriber() ?? []);
  }

  /** Delivered and not signed for, of all that may read now; base units. @throws CHAIN_UNREACHABLE */
  async unsigned(): Promise<bigint> {
    return (await this.#openAccounts()).reduce((sum, account) => sum + account.unsigned, 0n);
  }

  /** Envelopes for a channel that touch these epochs. */
  envelopes(channelId: Bytes, from: number, to: number): readonly Envelope[] {
    return [...this.#table.envelopes(channelId)].filter((envelope) => envelope.from <= to && from <= envelope.to);
  }

  /** On disk when it returns. */
  async putEnvelope({ channelId, generation, from, to, envelope }: KeysRequest): Promise<void> {
    await this.#table.putEnvelope(channelId, { generation, from, to, envelope });
    this.changed();
  }

  get peekKey(): PeekKeyRequest | null {
    return this.#table.peek;
  }

  putPeekKey(key: PeekKeyRequest): Promise<void> {
    return this.#table.putPeek(key);
  }

  /** Told when keys, vouchers or rights of this stream may have changed. @returns the function that stops it */
  onChanged(listener: () => void): () => void {
    this.#watchers.add(listener);
    return () => this.#watchers.delete(listener);
  }

  changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** Writes down what was delivered, and takes up what other instances wrote. */
  async flush(): Promise<void> {
    if (this.#table.refresh()) this.changed();
    for (const account of this.#accounts.values()) await account.flush();
  }

  /** Forgets what serves nobody any more: channels that were paid out, envelopes of epochs before all that is kept or may come from a publisher that was away. @throws CHAIN_UNREACHABLE, LOG_UNREACHABLE */
  async tidy(): Promise<void> {
    const { rights, clock } = this.#modules;
    for (const id of new Set([...this.#table.channels(), ...[...this.#accounts.keys()].map((key) => `0x${key}`)])) {
      const channelId = fromHex(id);
      if (!(await rights.isClosed(channelId))) continue;
      this.#accounts.delete(hexOf(channelId));
      await this.#table.dropChannel(channelId);
    }
    const record = await rights.record(this.streamId);
    if (record === null) return;
    const longAgo = epochAt(record, millis(clock.now() - this.retentionMillis));
    const oldest = await this.#oldestEpoch();
    await this.#table.dropEnvelopes(oldest === null ? longAgo : Math.min(longAgo, oldest), MAX_ENVELOPES_BYTES);
  }

  async close(): Promise<void> {
    this.tail.close();
    await this.flush();
    await this.#log.close();
  }

  /** Of what is kept; null when nothing is. */
  async #oldestEpoch(): Promise<number | null> {
    const { first, next } = await this.#log.bounds();
    if (first >= next) return null;
    const [record] = (await this.#log.read(first, { maxRecords: 1, maxBytes: 1 })).records;
    return record === undefined ? null : (this.tail.entryOf(record)?.epoch ?? null);
  }

  async #openAccounts(): Promise<readonly ChannelAccount[]> {
    const found: ChannelAccount[] = [];
    for (const id of this.#table.channels()) {
      const right = await this.#modules.rights.open(this.streamId, fromHex(id));
      if (right !== null) found.push(this.account(right));
    }
    return found;
  }
}
