/**
 * What a reader believes of a stream (docs/protocol/11 §4.11). Batches go in as gateways hand them over, in any order and more than once;
 * out come records in the order of the stream. Every number leaves once, in a record or in a gap, and nothing that the publisher did not
 * sign, that is not encrypted under the key it committed to, or that contradicts what was signed before.
 */
import { equal, type Bytes } from '../../base/bytes.ts';
import type { Millis } from '../../base/clock.ts';
import { CodedError, isCoded } from '../../base/errors.ts';
import type { TypedDomain } from '../../contracts/typed-data.ts';
import type { GcmKey } from '../../crypto/aes-gcm.ts';
import { decodeBatch, nextSeq, verifyBatch, type DecodedBatch } from '../format/batch.ts';
import type { EnvelopeContent } from '../format/envelope.ts';
import { openFrame, type Frame } from '../format/frame.ts';
import { decodeRecord, type StreamRecordContent } from '../format/record.ts';
import { BatchHistory, headerOf } from './batch-history.ts';
import { EpochKeys } from './epoch-keys.ts';

export interface VerifierOptions {
  readonly streamId: Bytes;
  /** Of PDStream. */
  readonly domain: TypedDomain;
  /** Address of the account that signs, by the stream's record on the chain. */
  readonly publisher: Bytes;
  /** Where reading goes on; null begins with the first batch that comes. */
  readonly after: ReaderPosition | null;
  /** Of batches that wait for one before them or for a key; beyond it the oldest are given up as gaps. */
  readonly maxWaitingBytes: number;
}

export interface ReaderPosition {
  /** The next number that has neither been delivered nor been in a gap. */
  readonly nextSeq: bigint;
  /** Of the batch before, where it is known: the next one has to follow it. */
  readonly prevBatchHash: Bytes | null;
}

export interface DeliveredRecord extends StreamRecordContent {
  readonly seq: bigint;
  readonly timeMillis: Millis;
  readonly generation: number;
  readonly epoch: number;
}

/**
 * `missing`: batches that did not come. `no_key`: given up before their key came. `wrong_key`: the key that was handed over is not the
 * one that the publisher committed to, so the epoch is refused. `unreadable`: a frame that does not open, or holds no record.
 * None of them is paid for.
 */
export type GapReason = 'missing' | 'no_key' | 'wrong_key' | 'unreadable';

export interface StreamGap {
  /** First and last number. */
  readonly from: bigint;
  readonly to: bigint;
  readonly reason: GapReason;
}

/** Two signed histories of one stream; the publisher's signature under each is the evidence. */
export interface StreamFork {
  readonly firstSeq: bigint;
  /** Of the batch that was taken. */
  readonly takenHash: Bytes;
  /** Signed headers (`BATCH_HEADER_BYTES` each): of the one that was taken, null when that was before a restart; and of the one that was not. */
  readonly taken: Bytes | null;
  readonly other: Bytes;
}

export interface EpochName {
  readonly generation: number;
  readonly epoch: number;
}

export interface StreamNews {
  readonly records: readonly DeliveredRecord[];
  readonly gaps: readonly StreamGap[];
  /** Each shown once. */
  readonly forks: readonly StreamFork[];
  /** Epochs whose batches wait for a key now. */
  readonly needsKeys: readonly EpochName[];
  /** The first number that batches wait for; null when none is missing. */
  readonly missingFrom: bigint | null;
}

interface OpenNews {
  readonly records: DeliveredRecord[];
  readonly gaps: StreamGap[];
  readonly forks: StreamFork[];
}

/** Where batches are taken on. */
interface ChainEnd {
  /** null: at whatever comes first. */
  readonly nextSeq: bigint | null;
  /** null: behind whatever there was. */
  readonly prevBatchHash: Bytes | null;
}

export class StreamVerifier {
  readonly #options: VerifierOptions;
  readonly #history = new BatchHistory();
  readonly #keys = new EpochKeys();
  #chain: ChainEnd;
  /** Batches behind a missing one, in the order of their numbers; two that exclude each other both wait for the one that they follow. */
  #early: DecodedBatch[] = [];
  /** Batches in their place, of which the first waits for its key. */
  #keyless: DecodedBatch[] = [];
  #waitingBytes = 0;

  constructor(options: VerifierOptions) {
    this.#options = options;
    this.#chain = options.after ?? { nextSeq: null, prevBatchHash: null };
  }

  /** To go on from after a restart: behind what was delivered or told as a gap. Null before the first batch. */
  get position(): ReaderPosition | null {
    const [first] = this.#keyless;
    if (first !== undefined) return { nextSeq: this.#begin(first), prevBatchHash: first.fields.firstSeq < this.#begin(first) ? null : first.fields.prevBatchHash };
    return this.#chain.nextSeq === null ? null : { nextSeq: this.#chain.nextSeq, prevBatchHash: this.#chain.prevBatchHash };
  }

  /** @param bytes kept while the batch waits @throws BAD_BATCH when it is not of this stream and publisher; nothing changes then */
  feed(bytes: Bytes): StreamNews {
    const batch = decodeBatch(bytes);
    if (!equal(batch.fields.streamId, this.#options.streamId)) throw new CodedError('BAD_BATCH', 'This batch is of another stream.', { help: 'The gateway mixes streams up. Read from another one.', meta: { why: 'stream' } });
    verifyBatch(batch, this.#options.domain, this.#options.publisher);
    const news = emptyNews();
    if (!this.#early.some(({ hash }) => equal(hash, batch.hash)) && !this.#isPast(batch, news)) {
      const at = this.#early.findIndex(({ fields }) => fields.firstSeq > batch.fields.firstSeq);
      this.#early.splice(at === -1 ? this.#early.length : at, 0, batch);
      this.#waitingBytes += bytes.length;
    }
    return this.#settle(news);
  }

  /** Opens what waited for them. Which keys are right is told by the commitments in signed batches. @throws BAD_ENVELOPE when they are of another stream */
  addKeys(content: EnvelopeContent): StreamNews {
    if (!equal(content.streamId, this.#options.streamId)) throw new CodedError('BAD_ENVELOPE', 'These keys are of another stream.', { help: 'Ask the publisher for them again.', meta: { why: 'stream' } });
    this.#keys.add(content);
    return this.#settle(emptyNews());
  }

  /** Waits no longer for batches that are missing: they are a gap, and what stands behind it goes on. */
  skipMissing(): StreamNews {
    const news = emptyNews();
    this.#giveUpMissing(news);
    return this.#settle(news);
  }

  /** Waits no longer for keys: batches without one are a gap. */
  skipKeyless(): StreamNews {
    const news = emptyNews();
    while (this.#keyless.length > 0) {
      this.#giveUpKeyless(news);
      this.#open(news);
    }
    return this.#settle(news);
  }

  /** All that can go on does; what is then above the bound is given up, oldest first. */
  #settle(news: OpenNews): StreamNews {
    this.#link(news);
    this.#open(news);
    while (this.#waitingBytes > this.#options.maxWaitingBytes) {
      if (this.#keyless.length > 0) this.#giveUpKeyless(news);
      else this.#giveUpMissing(news);
      this.#open(news);
    }
    return { ...news, needsKeys: this.#needsKeys(), missingFrom: this.#early.length === 0 ? null : this.#chain.nextSeq };
  }

  /** Its numbers were taken, or told as a gap. What contradicts a batch that was taken is shown. */
  #isPast(batch: DecodedBatch, news: OpenNews): boolean {
    const taken = this.#history.overlapping(batch);
    if (taken === undefined) return this.#chain.nextSeq !== null && nextSeq(batch.fields) <= this.#chain.nextSeq;
    if (!equal(taken.hash, batch.hash)) this.#showFork(batch, news, taken);
    return true;
  }

  #showFork(other: DecodedBatch, news: OpenNews, taken: { readonly hash: Bytes; readonly header: Bytes | null }): void {
    if (this.#history.isNewFork(other)) news.forks.push({ firstSeq: other.fields.firstSeq, takenHash: taken.hash, taken: taken.header, other: headerOf(other) });
  }

  /** Gives the batches that follow what was taken their places, and shows those that cannot follow any more. */
  #link(news: OpenNews): void {
    for (;;) {
      const at = this.#early.findIndex((batch) => this.#follows(batch));
      const [batch] = at === -1 ? [] : this.#early.splice(at, 1);
      if (batch === undefined) break;
      this.#history.add(batch);
      this.#chain = { nextSeq: nextSeq(batch.fields), prevBatchHash: batch.hash };
      this.#keyless.push(batch);
    }
    this.#dropPast(news);
  }

  #follows({ fields }: DecodedBatch): boolean {
    const { nextSeq: expected, prevBatchHash } = this.#chain;
    if (expected === null) return true;
    if (prevBatchHash === null) return fields.firstSeq <= expected && nextSeq(fields) > expected;
    return fields.firstSeq === expected && equal(fields.prevBatchHash, prevBatchHash);
  }

  /** Of those that wait: whose place is taken, or that stand there and follow another batch than ours. */
  #dropPast(news: OpenNews): void {
    const { nextSeq: expected, prevBatchHash } = this.#chain;
    if (expected === null) return;
    this.#early = this.#early.filter((batch) => {
      if (batch.fields.firstSeq > expected || this.#follows(batch)) return true;
      this.#waitingBytes -= batch.bytes.length;
      if (!this.#isPast(batch, news) && prevBatchHash !== null) this.#showFork(batch, news, this.#history.last ?? { hash: prevBatchHash, header: null });
      return false;
    });
  }

  #giveUpMissing(news: OpenNews): void {
    const [first] = this.#early;
    const { nextSeq: expected } = this.#chain;
    if (first === undefined || expected === null) return;
    addGap(news, { from: expected, to: first.fields.firstSeq - 1n, reason: 'missing' });
    this.#chain = { nextSeq: first.fields.firstSeq, prevBatchHash: null };
    this.#link(news);
  }

  #giveUpKeyless(news: OpenNews): void {
    const batch = this.#takeKeyless();
    if (batch !== undefined) addGap(news, { from: this.#begin(batch), to: nextSeq(batch.fields) - 1n, reason: 'no_key' });
  }

  #takeKeyless(): DecodedBatch | undefined {
    const batch = this.#keyless.shift();
    this.#waitingBytes -= batch?.bytes.length ?? 0;
    return batch;
  }

  /** Delivers batches whose keys are there, up to the first without one. */
  #open(news: OpenNews): void {
    for (let [batch] = this.#keyless; batch !== undefined; [batch] = this.#keyless) {
      const key = this.#keys.keyOf(batch.fields);
      if (key === 'no_key') return;
      this.#takeKeyless();
      const from = this.#begin(batch);
      if (key === 'wrong_key') {
        addGap(news, { from, to: nextSeq(batch.fields) - 1n, reason: 'wrong_key' });
        continue;
      }
      for (const frame of batch.frames) if (frame.seq >= from) deliver(news, frame, key);
    }
  }

  /** First number of a batch that was not read before: reading may go on within a batch. */
  #begin({ fields }: DecodedBatch): bigint {
    const from = this.#options.after?.nextSeq ?? 0n;
    return fields.firstSeq > from ? fields.firstSeq : from;
  }

  #needsKeys(): readonly EpochName[] {
    const epochs: EpochName[] = [];
    for (const { fields } of this.#keyless) {
      const { generation, epoch } = fields;
      if (epochs.some((other) => other.generation === generation && other.epoch === epoch)) continue;
      if (this.#keys.keyOf(fields) === 'no_key') epochs.push({ generation, epoch });
    }
    return epochs;
  }
}

function emptyNews(): OpenNews {
  return { records: [], gaps: [], forks: [] };
}

function deliver(news: OpenNews, frame: Frame, key: GcmKey): void {
  const { seq, timeMillis, generation, epoch } = frame;
  try {
    const { contentType, schemaVersion, body } = decodeRecord(openFrame(frame, key));
    news.records.push({ contentType, schemaVersion, body, seq, timeMillis, generation, epoch });
  } catch (error) {
    if (!isCoded(error)) throw error;
    addGap(news, { from: seq, to: seq, reason: 'unreadable' });
  }
}

/** Adjoining gaps of one reason are one. */
function addGap({ gaps }: OpenNews, gap: StreamGap): void {
  const last = gaps.at(-1);
  if (last?.reason === gap.reason && last.to + 1n === gap.from) gaps[gaps.length - 1] = { ...last, to: gap.to };
  else gaps.push(gap);
}
