/**
 * What is published to one stream, one behind the other: batches that come together go to the log in one call, and each gets the receipt that
 * the log makes true.
 */
import { asBuffer, equal, isZero, toHex, type Bytes } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import type { CodedError } from '../../base/errors.ts';
import { receiptDigest, type TypedDomain } from '../../contracts/typed-data.ts';
import { BATCH_HEADER_BYTES, nextSeq, type DecodedBatch } from '../format/batch.ts';
import type { StreamLog } from '../log/engine.ts';
import { MAX_CALL_BYTES } from '../log/log-errors.ts';
import type { GatewayErrorCode } from './error-codes.ts';
import type { ReceiptSigner } from './receipt-signer.ts';
import { refusal, toRefusal } from './refusal.ts';
import type { GatewayStore } from './store.ts';
import { storedBatch } from './stored-batch.ts';
import type { KnownBatch } from './known-batches.ts';
import type { StreamTail } from './stream-tail.ts';
import type { Throughput } from './throughput.ts';
import type { SignedReceipt } from './wire.ts';

export interface StreamWriterOptions {
  readonly streamId: Bytes;
  readonly publisher: Bytes;
  /** Number of the gateway's log by the chain, as of now. */
  readonly logId: bigint;
}

export interface StreamWriterModules {
  readonly log: StreamLog;
  readonly tail: StreamTail;
  readonly signer: ReceiptSigner;
  readonly receiptDomain: TypedDomain;
  readonly store: Pick<GatewayStore, 'water' | 'raiseWater'>;
  readonly logId: () => Promise<bigint>;
  readonly inbound: Throughput;
  readonly keepFork: (batch: DecodedBatch) => void;
  readonly clock: Clock;
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

export class StreamWriter {
  readonly #options: StreamWriterOptions;
  readonly #modules: StreamWriterModules;
  readonly #tail: StreamTail;
  #waiting: Waiting[] = [];
  #isWriting = false;
  #wroteAt = 0;
  #logId: bigint;

  constructor(options: StreamWriterOptions, modules: StreamWriterModules) {
    this.#options = options;
    this.#modules = modules;
    this.#tail = modules.tail;
    this.#logId = options.logId;
  }

  /** Number of the log by the chain, when it was written to last. */
  get logId(): bigint {
    return this.#logId;
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
      let expected = this.#tail.nextSeq;
      let lastHash = this.#tail.last?.hash;
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
    if (this.#modules.clock.now() - this.#wroteAt >= QUIET_MILLIS) await this.#tail.catchUp();
    this.#logId = await this.#modules.logId();
    const water = this.#modules.store.water(this.#options.streamId);
    if (water === undefined || water.logId < this.#logId) return;
    // below the number of before (a block was replaced, or the node is behind) receipts are out for offsets that may hold something else now
    if (water.logId > this.#logId || water.next > this.#tail.position) throw refusal('log_restored', { logId: this.#logId.toString() });
  }

  #judge({ batch, gap }: Waiting, expected: bigint | null, lastHash: Bytes | undefined): 'write' | KnownBatch | CodedError<GatewayErrorCode> {
    const { firstSeq, prevBatchHash } = batch.fields;
    if (expected !== null && firstSeq < expected) {
      const known = this.#tail.known(firstSeq);
      if (known === undefined) return refusal('batch_out_of_order', { expected: expected.toString(), firstSeq: firstSeq.toString() });
      if (!equal(known.hash, batch.hash)) this.#modules.keepFork(batch);
      return known;
    }
    if (expected !== null && firstSeq > expected && !gap) return refusal('batch_out_of_order', { expected: expected.toString(), firstSeq: firstSeq.toString() });
    if (firstSeq === expected && lastHash !== undefined && !isZero(prevBatchHash) && !equal(prevBatchHash, lastHash)) return refusal('batch_invalid', { why: 'prevBatchHash', firstSeq: firstSeq.toString() });
    return 'write';
  }

  async #append(group: readonly Waiting[]): Promise<void> {
    const timeMillis = this.#modules.clock.now();
    const records = group.map(({ batch }) => ({ key: this.#options.publisher, timeMillis, value: batch.bytes }));
    const offsets = await this.#modules.log.append(records);
    this.#wroteAt = this.#modules.clock.now();
    const stored = records.map((record, i) => ({ ...record, offset: offsets[i] ?? 0n }));
    await this.#tail.wrote(stored, group.map(({ batch }) => batch));
    this.#modules.store.raiseWater(this.#options.streamId, { logId: this.#logId, next: this.#tail.position });
    for (const waiting of group) {
      this.#modules.inbound.add(waiting.batch.bytes.length);
      const { firstSeq } = waiting.batch.fields;
      const known = this.#tail.holding(firstSeq);
      if (known !== undefined) this.#answer(waiting, known);
      else waiting.reject(refusal('batch_out_of_order', { expected: (this.#tail.nextSeq ?? 0n).toString(), firstSeq: firstSeq.toString() })); // another instance gave these numbers up
    }
  }

  /** @param known what the log has under the numbers of the batch: it is that one, or a conflict */
  #answer({ batch, resolve, reject }: Waiting, known: KnownBatch): void {
    const answer = equal(known.hash, batch.hash) ? this.#receipt(batch, known) : this.#conflict(batch, known);
    answer.then(resolve, (error: unknown) => reject(toRefusal(error)));
  }

  /** With what the publisher signed of the batch that stays: it need not take the gateway's word. */
  async #conflict({ fields }: DecodedBatch, known: KnownBatch): Promise<never> {
    const kept = await storedBatch(this.#modules.log, known);
    throw refusal('batch_conflict', { firstSeq: fields.firstSeq.toString(), known: toHex(known.hash), header: kept === undefined ? null : asBuffer(kept.subarray(0, BATCH_HEADER_BYTES)).toString('base64') });
  }

  /** Made from what the log says, so it is the same every time. */
  async #receipt({ fields, hash }: DecodedBatch, { offset, timeMillis }: KnownBatch): Promise<SignedReceipt> {
    const { signer, receiptDomain } = this.#modules;
    const receipt = { gatewayId: signer.gatewayId, streamId: this.#options.streamId, logId: this.#logId, offset, firstSeq: fields.firstSeq, batchHash: hash };
    const message = { ...receipt, timeMillis };
    return { ...receipt, ts: timeMillis, signature: await signer.sign(receiptDigest(receiptDomain, message), message) };
  }
}
