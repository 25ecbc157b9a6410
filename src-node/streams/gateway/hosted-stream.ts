/** One stream at this gateway: its log, its end, what is published to it, its channels and its keys. */
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { asBuffer, equal, fromHex, hexOf, isZero, toHex, type Bytes } from '../../base/bytes.ts';
import { millis, type Clock, type Millis } from '../../base/clock.ts';
import type { FilePort } from '../../base/files.ts';
import type { Logger } from '../../base/logger.ts';
import { isCoded, type CodedError } from '../../base/errors.ts';
import { receiptDigest, type ReceiptMessage, type TypedDomain } from '../../contracts/typed-data.ts';
import { BATCH_HEADER_BYTES, nextSeq, type DecodedBatch } from '../format/batch.ts';
import type { LogEngine, StreamLog } from '../log/engine.ts';
import { MAX_CALL_BYTES } from '../log/log-errors.ts';
import type { StreamRecord } from '../stream-chain.ts';
import { ChannelAccount } from './channel-account.ts';
import type { Cursors, Place } from './cursor.ts';
import type { GatewayErrorCode } from './error-codes.ts';
import { KeyTable } from './key-table.ts';
import { refusal, toRefusal } from './refusal.ts';
import type { Rights, ReadingRight } from './rights.ts';
import type { GatewayStore } from './store.ts';
import { StreamReader } from './stream-reader.ts';
import { StreamTail, type KnownBatch } from './stream-tail.ts';
import { Throughput } from './throughput.ts';
import type { Envelope, KeysRequest, PeekKeyRequest, SignedReceipt, Subscriber } from './wire.ts';

/** Signs what the gateway vouches for; 65 bytes, v 27 or 28. */
export interface ReceiptSigner {
  readonly gatewayId: Bytes;
  /** @param receipt what the digest is of: who keeps the key in another process makes the digest there again */
  sign(digest: Bytes, receipt: ReceiptMessage): Promise<Bytes>;
}

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

interface Waiting {
  readonly batch: DecodedBatch;
  readonly gap: boolean;
  readonly resolve: (receipt: SignedReceipt) => void;
  readonly reject: (error: CodedError<GatewayErrorCode>) => void;
}

/** Batches that go to the log in one call, below what it takes at once. */
const MAX_GROUP = 64;
const MAX_GROUP_BYTES = MAX_CALL_BYTES - 64 * 1024;
const MAX_WAITING = 512;
/** After so long another instance may have written: the end of the log is read before writing. */
const QUIET_MILLIS = 1000;
const MAX_EVIDENCE = 200;

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
  #waiting: Waiting[] = [];
  #isWriting = false;
  #wroteAt = 0;
  #evidence: number | undefined;
  #logId: bigint;

  private constructor(options: HostedStreamOptions, modules: HostedStreamModules, parts: { readonly log: StreamLog; readonly table: KeyTable; readonly tail: StreamTail; readonly logId: bigint }) {
    this.#options = options;
    this.#modules = modules;
    this.#log = parts.log;
    this.#table = parts.table;
    this.tail = parts.tail;
    this.#logId = parts.logId;
    this.inbound = new Throughput(modules.clock);
    this.outbound = new Throughput(modules.clock);
  }

  /** @throws LOG_UNREACHABLE, LOG_RIGHTS, CHAIN_UNREACHABLE */
  static async open(options: HostedStreamOptions, modules: HostedStreamModules): Promise<HostedStream> {
    const logId = await modules.logId();
    const log = await modules.engine.open(options.streamId, { retentionMillis: options.retentionMillis });
    try {
      const table = new KeyTable(await log.table('keys'));
      const forks: DecodedBatch[] = [];
      const hosted: { stream?: HostedStream } = {};
      const tail = await StreamTail.open(options, {
        log,
        cursors: modules.cursors,
        logId: () => hosted.stream?.logId ?? logId,
        logger: modules.logger,
        onFork: (batch) => (hosted.stream === undefined ? forks.push(batch) : hosted.stream.#keepFork(batch)),
      });
      const stream = new HostedStream(options, modules, { log, table, tail, logId });
      hosted.stream = stream;
      for (const fork of forks) stream.#keepFork(fork);
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
    return this.#logId;
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
    if (this.#waiting.length >= MAX_WAITING) return Promise.reject(refusal('quota_rate'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, gap: options.gap, resolve, reject });
      if (!this.#isWriting) void this.#write();
    });
  }

  reader(place: Pick<Place, 'offset' | 'nextSeq'>): StreamReader {
    return new StreamReader(place, { tail: this.tail, log: this.#log });
  }

  /** @param from a cursor's text, `live` or `earliest` @throws cursor_invalid, cursor_too_old */
  async placeOf(from: string): Promise<Place> {
    const { first } = await this.#log.bounds();
    if (from === 'live') return { logId: this.#logId, offset: this.tail.position, nextSeq: this.tail.nextSeq };
    const oldest: Place = { logId: this.#logId, offset: first, nextSeq: first === 0n ? 0n : null };
    if (from === 'earliest') return oldest;
    const place = this.#modules.cursors.read(this.streamId, from);
    if (place.logId !== this.#logId || place.offset < first || place.offset > this.tail.position) throw refusal('cursor_too_old', { oldest: this.cursor(oldest) });
    return place;
  }

  /** Of the first batch at or after a time. */
  async placeAt(time: Millis): Promise<Place> {
    const offset = await this.#log.offsetAt(time);
    return { logId: this.#logId, offset, nextSeq: await this.tail.nextSeqAt(offset) };
  }

  cursor(place: Pick<Place, 'offset' | 'nextSeq'>): string {
    return this.#modules.cursors.text(this.streamId, { ...place, logId: this.#logId });
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

  async close(): Promise<void> {
    this.tail.close();
    await this.flush();
    await this.#log.close();
  }

  async #openAccounts(): Promise<readonly ChannelAccount[]> {
    const found: ChannelAccount[] = [];
    for (const id of this.#table.channels()) {
      const right = await this.#modules.rights.open(this.streamId, fromHex(id));
      if (right !== null) found.push(this.account(right));
    }
    return found;
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    try {
      while (this.#waiting.length > 0) await this.#writeGroup();
    } finally {
      this.#isWriting = false;
    }
  }

  async #writeGroup(): Promise<void> {
    const group: Waiting[] = [];
    try {
      await this.#prepare();
      let expected = this.tail.nextSeq;
      let lastHash = this.tail.last?.hash;
      let bytes = 0;
      while (group.length < MAX_GROUP) {
        const next = this.#waiting[0];
        if (next === undefined || bytes + next.batch.bytes.length > MAX_GROUP_BYTES) break;
        // one that is behind the group is judged when the group is in the log
        if (group.length > 0 && expected !== null && next.batch.fields.firstSeq < expected) break;
        this.#waiting.shift();
        const verdict = this.#judge(next, expected, lastHash);
        if (verdict === 'write') {
          group.push(next);
          bytes += next.batch.bytes.length;
          expected = nextSeq(next.batch.fields);
          lastHash = next.batch.hash;
        } else if (verdict instanceof Error) next.reject(verdict);
        else this.#answer(next, verdict);
      }
      if (group.length > 0) await this.#append(group);
    } catch (error) {
      this.#wroteAt = 0; // what came of it is read from the log
      const refused = toRefusal(error);
      for (const { reject } of [...group, ...this.#waiting.splice(0)]) reject(refused);
    }
  }

  /** @throws log_restored, LOG_UNREACHABLE, CHAIN_UNREACHABLE */
  async #prepare(): Promise<void> {
    if (this.#modules.clock.now() - this.#wroteAt >= QUIET_MILLIS) await this.tail.catchUp();
    this.#logId = await this.#modules.logId();
    const water = this.#modules.store.water(this.streamId);
    if (water !== undefined && water.logId >= this.#logId && water.next > this.tail.position) throw refusal('log_restored', { logId: this.#logId.toString() });
  }

  #judge({ batch, gap }: Waiting, expected: bigint | null, lastHash: Bytes | undefined): 'write' | KnownBatch | CodedError<GatewayErrorCode> {
    const { firstSeq, prevBatchHash } = batch.fields;
    if (expected !== null && firstSeq < expected) {
      const known = this.tail.known(firstSeq);
      if (known === undefined) return refusal('batch_out_of_order', { expected: expected.toString(), firstSeq: firstSeq.toString() });
      if (!equal(known.hash, batch.hash)) this.#keepFork(batch);
      return known;
    }
    if (expected !== null && firstSeq > expected && !gap) return refusal('batch_out_of_order', { expected: expected.toString(), firstSeq: firstSeq.toString() });
    if (firstSeq === expected && lastHash !== undefined && !isZero(prevBatchHash) && !equal(prevBatchHash, lastHash)) return refusal('batch_invalid', { why: 'prevBatchHash', firstSeq: firstSeq.toString() });
    return 'write';
  }

  async #append(group: readonly Waiting[]): Promise<void> {
    const timeMillis = this.#modules.clock.now();
    const records = group.map(({ batch }) => ({ key: this.#options.publisher, timeMillis, value: batch.bytes }));
    const offsets = await this.#log.append(records);
    this.#wroteAt = this.#modules.clock.now();
    const stored = records.map((record, i) => ({ ...record, offset: offsets[i] ?? 0n }));
    await this.tail.wrote(stored, group.map(({ batch }) => batch));
    this.#modules.store.raiseWater(this.streamId, { logId: this.#logId, next: this.tail.position });
    for (const waiting of group) {
      this.inbound.add(waiting.batch.bytes.length);
      const { firstSeq } = waiting.batch.fields;
      const known = this.tail.holding(firstSeq);
      if (known !== undefined) this.#answer(waiting, known);
      else waiting.reject(refusal('batch_out_of_order', { expected: (this.tail.nextSeq ?? 0n).toString(), firstSeq: firstSeq.toString() })); // another instance gave these numbers up
    }
  }

  /** @param known what the log has under the numbers of the batch: it is that one, or a conflict */
  #answer({ batch, resolve, reject }: Waiting, known: KnownBatch): void {
    const answer = equal(known.hash, batch.hash) ? this.#receipt(batch, known) : this.#conflict(batch, known);
    answer.then(resolve, (error: unknown) => reject(toRefusal(error)));
  }

  /** With what the publisher signed of the batch that stays: it need not take the gateway's word. */
  async #conflict({ fields }: DecodedBatch, known: KnownBatch): Promise<never> {
    const kept = await this.#stored(known);
    throw refusal('batch_conflict', { firstSeq: fields.firstSeq.toString(), known: toHex(known.hash), header: kept === undefined ? null : asBuffer(kept.subarray(0, BATCH_HEADER_BYTES)).toString('base64') });
  }

  /** All of a batch that is in the log; undefined when it is no longer kept. */
  async #stored({ offset }: KnownBatch): Promise<Bytes | undefined> {
    try {
      return (await this.#log.read(offset, { maxRecords: 1, maxBytes: 1 })).records[0]?.value;
    } catch (error) {
      if (isCoded(error, 'LOG_TOO_OLD')) return undefined;
      throw error;
    }
  }

  /** Made from what the log says, so it is the same every time. */
  async #receipt({ fields, hash }: DecodedBatch, { offset, timeMillis }: KnownBatch): Promise<SignedReceipt> {
    const { signer, receiptDomain } = this.#modules;
    const receipt = { gatewayId: signer.gatewayId, streamId: this.streamId, logId: this.#logId, offset, firstSeq: fields.firstSeq, batchHash: hash };
    const message = { ...receipt, timeMillis };
    return { ...receipt, ts: timeMillis, signature: await signer.sign(receiptDigest(receiptDomain, message), message) };
  }

  /** What is against the publisher: the batch itself; that it was signed is written in it, as in the one that is in the log. */
  #keepFork(batch: DecodedBatch): void {
    const { firstSeq } = batch.fields;
    this.#modules.logger.warn('a publisher signed two batches for the same frames', { stream: toHex(this.streamId), firstSeq, batch: toHex(batch.hash) });
    this.#keepEvidence(batch).catch((error: unknown) => this.#modules.logger.error('evidence of a fork could not be kept', { stream: toHex(this.streamId) }, error));
  }

  async #keepEvidence(batch: DecodedBatch): Promise<void> {
    const folder = join(this.#options.evidenceFolder, hexOf(this.streamId));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    this.#evidence ??= (await readdir(folder)).length;
    if (this.#evidence >= MAX_EVIDENCE) return;
    this.#evidence += 2;
    const { firstSeq } = batch.fields;
    const write = (hash: Bytes, bytes: Bytes): Promise<void> => this.#modules.files.writeAtomic(join(folder, `${firstSeq}-${hexOf(hash)}.pdb`), bytes);
    await write(batch.hash, batch.bytes);
    const known = this.tail.known(firstSeq);
    const kept = known === undefined ? undefined : await this.#stored(known);
    if (known !== undefined && kept !== undefined) await write(known.hash, kept);
  }
}

/** Epoch of a time, by the stream's record. */
export function epochAt({ startSeconds, epochSeconds }: StreamRecord, time: Millis): number {
  return Math.max(0, Math.floor((time / 1000 - startSeconds) / epochSeconds));
}

/** When an epoch begins. */
export function startOfEpoch({ startSeconds, epochSeconds }: StreamRecord, epoch: number): Millis {
  return millis((startSeconds + epoch * epochSeconds) * 1000);
}
