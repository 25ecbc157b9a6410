/**
 * Seals the frames of one run. The run's id is drawn here and stored nowhere, so that whatever a crash, an old copy of the profile or a
 * cloned device repeats, it repeats under another key (docs/protocol/11 §4.11); within the run a number is used once.
 */
import type { Bytes } from '../../base/bytes.ts';
import type { Millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import { preparedKey, type GcmKey } from '../../crypto/aes-gcm.ts';
import { randomBytes } from '../../crypto/hash.ts';
import { RUN_ID_BYTES, frameKey, sealFrameInto } from './frame.ts';
import type { EpochContext } from './ggm.ts';

interface SealingKey {
  readonly context: EpochContext;
  /** FK of this run and epoch. */
  readonly key: GcmKey;
}

export class RunSealer {
  readonly runId: Bytes = randomBytes(RUN_ID_BYTES);
  #key: SealingKey | null = null;
  #next = 0n;

  /** What follows is sealed in this epoch. @param keyOfEpoch EK */
  enter(context: EpochContext, keyOfEpoch: Bytes): void {
    this.#key = { context, key: preparedKey(frameKey(keyOfEpoch, { ...context, runId: this.runId })) };
  }

  /** Writes the frame to `target` at `offset`, where `frameLength` bytes are free. @param seq above every one before @throws SEQ_USED, NO_EPOCH */
  seal(seq: bigint, timeMillis: Millis, record: Bytes, target: Bytes, offset: number): void {
    if (this.#key === null) throw new CodedError('NO_EPOCH', 'Nothing can be encrypted before the first epoch has a key.');
    if (seq < this.#next) throw new CodedError('SEQ_USED', `Number ${seq} of the stream was used in this run already.`, { help: 'This is a fault of the program. Stop publishing and report it.', meta: { seq: String(seq) } });
    this.#next = seq + 1n; // before the key meets it
    const { context, key } = this.#key;
    sealFrameInto(target, offset, { streamId: context.streamId, generation: context.generation, epoch: context.epoch, runId: this.runId, seq, timeMillis }, key, record);
  }
}
