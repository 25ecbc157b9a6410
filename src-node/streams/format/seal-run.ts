/** One run of a publisher: records become frames, frames become signed batches that follow each other (docs/protocol/11 §4.11). */
import type { Bytes } from '../../base/bytes.ts';
import { millis, toMillis, type Clock, type Millis, type Seconds } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import { MAX_BATCH_BYTES, MAX_BATCH_FRAMES, batchHash, framesRoot, nextSeq, type BatchFields } from './batch.ts';
import { FRAME_HEADER_BYTES, frameLength } from './frame.ts';
import { epochAt, epochCommit, keyFromNodes, type EpochContext, type GgmNode } from './ggm.ts';
import { OpenBatch } from './open-batch.ts';
import { encodeRecordInto, recordLength, type StreamRecordContent } from './record.ts';
import { RunSealer } from './run-sealer.ts';

/** A batch is signed at the latest when its first frame is so old. */
export const MAX_BATCH_AGE: Millis = millis(1000);

/** Where the root of the stream's keys and the publisher's key are; neither comes here. */
export interface RunKeys {
  /** Those that cover the epochs `from` … `to`. */
  nodes(generation: number, from: number, to: number): Promise<readonly GgmNode[]>;
  /** r ‖ s ‖ v, 65 bytes. */
  signBatch(fields: BatchFields): Promise<Bytes>;
}

/** What the next batch of a stream follows. */
export interface StreamPosition {
  readonly nextSeq: bigint;
  /** `NO_BATCH` at the beginning. */
  readonly prevBatchHash: Bytes;
}

export interface PublishingRunOptions {
  readonly streamId: Bytes;
  readonly generation: number;
  /** When epoch 0 began, and how long one lasts, by the stream's record on the chain. */
  readonly startSeconds: Seconds;
  readonly epochSeconds: Seconds;
  /** Behind everything that the journal, the gateways and the last checkpoint know. */
  readonly after: StreamPosition;
}

export interface SignedBatch {
  readonly fields: BatchFields;
  readonly hash: Bytes;
  /** As it is sent and stored. */
  readonly bytes: Bytes;
}

interface ClosedBatch {
  readonly fields: BatchFields;
  readonly hash: Bytes;
  readonly batch: OpenBatch;
}

interface Epoch extends EpochContext {
  readonly commit: Bytes;
}

export class PublishingRun {
  readonly #options: PublishingRunOptions;
  readonly #keys: RunKeys;
  readonly #clock: Clock;
  readonly #sealer = new RunSealer();
  /** Calls are carried out one after the other, in the order in which they came. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Calls that are not done. */
  #inTurns = 0;
  #epoch: Epoch | null = null;
  #open: OpenBatch | null = null;
  /** Of the last batch that was closed: the next is likely to have as many. */
  #closedBytes = 0;
  /** Waiting for their signatures. */
  #closed: ClosedBatch[] = [];
  #nextSeq: bigint;
  #position: StreamPosition;

  constructor(options: PublishingRunOptions, modules: { readonly keys: RunKeys; readonly clock: Clock }) {
    this.#options = options;
    this.#keys = modules.keys;
    this.#clock = modules.clock;
    this.#nextSeq = options.after.nextSeq;
    this.#position = options.after;
  }

  /** Drawn for this run; whoever starts again has another. */
  get runId(): Bytes {
    return this.#sealer.runId;
  }

  /** Behind the last batch that was closed. */
  get position(): StreamPosition {
    return this.#position;
  }

  /** When the open batch has to be taken; null while nothing is in it. */
  get dueMillis(): Millis | null {
    return this.#open === null ? null : millis(this.#open.openedMillis + MAX_BATCH_AGE);
  }

  /** Seals a record under the time and epoch that it is now. When this fails the record is not in the stream. @returns its number @throws BAD_RECORD, BAD_EPOCHS, and what `keys` throws */
  async add(content: StreamRecordContent): Promise<bigint> {
    const now = this.#clock.now();
    // nobody is before it and the key is there: nothing to wait for
    if (this.#inTurns === 0 && this.#epoch?.epoch === this.#epochAt(now)) return this.#seal(content, now);
    return this.#inTurn(async () => {
      const now = this.#clock.now();
      const epoch = this.#epochAt(now);
      if (this.#epoch?.epoch !== epoch) await this.#enterEpoch(epoch, now);
      return this.#seal(content, now);
    });
  }

  /**
   * Signs the batches that are complete, in their order: full ones, those of a past epoch, and the open one when it is due or with `all`.
   * When signing fails they stay and come with the next call. @throws what `keys` throws
   */
  take({ all }: { readonly all: boolean }): Promise<readonly SignedBatch[]> {
    return this.#inTurn(async () => {
      const now = this.#clock.now();
      if (all || this.#isDue(now)) this.#close(now);
      const signatures = await Promise.all(this.#closed.map(({ fields }) => this.#keys.signBatch(fields)));
      const signed = this.#closed.map(({ fields, hash, batch }, i) => {
        const signature = signatures[i];
        if (signature?.length !== 65) throw new CodedError('BAD_SIGNATURE', 'The key of the publisher did not sign.', { help: 'Unlock the wallet and try again.' });
        return { fields, hash, bytes: batch.signed(fields, signature) };
      });
      this.#closed = [];
      return signed;
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#inTurns += 1;
    const mine = this.#turn.then(work).finally(() => (this.#inTurns -= 1));
    this.#turn = mine.catch(() => undefined); // told to whoever called
    return mine;
  }

  /** In the epoch that was entered. */
  #seal(content: StreamRecordContent, now: Millis): bigint {
    const length = frameLength(recordLength(content));
    if (this.#isDue(now) || (this.#open?.bytes ?? 0) + length > MAX_BATCH_BYTES) this.#close(now);
    const seq = this.#nextSeq;
    const open = this.#open ?? new OpenBatch(now, this.#closedBytes);
    open.add(length, (target, offset) => this.#sealer.seal(seq, now, encodeRecordInto(target, offset + FRAME_HEADER_BYTES, content), target, offset));
    this.#open = open;
    this.#nextSeq += 1n;
    if (open.count === MAX_BATCH_FRAMES) this.#close(now);
    return seq;
  }

  #epochAt(now: Millis): number {
    return epochAt(now, toMillis(this.#options.startSeconds), toMillis(this.#options.epochSeconds));
  }

  /** Puts its key into the sealer, and closes the batch of the epoch before. */
  async #enterEpoch(epoch: number, now: Millis): Promise<void> {
    const { streamId, generation } = this.#options;
    this.#close(now);
    const context = { streamId, generation, epoch };
    const key = keyFromNodes(await this.#keys.nodes(generation, epoch, epoch), context);
    if (key === null) throw new CodedError('EPOCH_KEY_MISSING', 'The key of this epoch is not to be had.', { help: 'Unlock the wallet that publishes this stream.', meta: { generation, epoch } });
    this.#epoch = { ...context, commit: epochCommit(key) };
    this.#sealer.enter(context, key);
  }

  #isDue(now: Millis): boolean {
    return this.#open !== null && now >= this.#open.openedMillis + MAX_BATCH_AGE;
  }

  /** The open batch, if there is one, waits for its signature now. */
  #close(now: Millis): void {
    if (this.#open === null || this.#epoch === null) return;
    const batch = this.#open;
    const { streamId, generation, epoch, commit } = this.#epoch;
    const fields: BatchFields = {
      streamId, generation, epoch, runId: this.runId,
      firstSeq: this.#position.nextSeq, count: batch.count, prevBatchHash: this.#position.prevBatchHash,
      framesRoot: framesRoot(batch.frames), epochCommit: commit, timeMillis: now,
    };
    const hash = batchHash(fields);
    this.#closed.push({ fields, hash, batch });
    this.#position = { nextSeq: nextSeq(fields), prevBatchHash: hash };
    this.#closedBytes = batch.bytes;
    this.#open = null;
  }
}
