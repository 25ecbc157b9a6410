/**
 * Keys that a reader was handed. Anybody can seal an envelope to a public key, so several may speak of one epoch; the commitment that the
 * publisher signed says which one is right.
 */
import { EMPTY_BYTES, equal, type Bytes } from '../../base/bytes.ts';
import { preparedKey, type GcmKey } from '../../crypto/aes-gcm.ts';
import type { BatchFields } from '../format/batch.ts';
import type { EnvelopeContent } from '../format/envelope.ts';
import { frameKey } from '../format/frame.ts';
import { epochCommit, keyFromNodes } from '../format/ggm.ts';

/** Spans that are kept; the oldest go. */
const KEPT = 64;

export class EpochKeys {
  #contents: EnvelopeContent[] = [];
  /** The one that was right last: batches of one run and epoch follow each other. */
  #last: { readonly generation: number; readonly epoch: number; readonly runId: Bytes; readonly commit: Bytes; readonly key: GcmKey } | null = null;

  add(content: EnvelopeContent): void {
    if (this.#contents.some((other) => isSame(other, content))) return;
    this.#contents.push(content);
    if (this.#contents.length > KEPT) this.#contents.shift();
  }

  /** FK of a batch; `no_key` when no key was handed over for its epoch, `wrong_key` when none of those is the one committed to. */
  keyOf({ streamId, generation, epoch, runId, epochCommit: commit }: BatchFields): GcmKey | 'no_key' | 'wrong_key' {
    const last = this.#last;
    if (last?.generation === generation && last.epoch === epoch && equal(last.runId, runId) && equal(last.commit, commit)) return last.key;
    let result: 'no_key' | 'wrong_key' = 'no_key';
    for (const content of this.#contents) {
      const keyOfEpoch = content.generation === generation ? keyFromNodes(content.nodes, { streamId, generation, epoch }) : null;
      if (keyOfEpoch === null) continue;
      if (equal(epochCommit(keyOfEpoch), commit)) {
        const key = preparedKey(frameKey(keyOfEpoch, { streamId, generation, epoch, runId }));
        this.#last = { generation, epoch, runId: Uint8Array.from(runId), commit: Uint8Array.from(commit), key };
        return key;
      }
      result = 'wrong_key';
    }
    return result;
  }
}

function isSame(one: EnvelopeContent, other: EnvelopeContent): boolean {
  if (one.generation !== other.generation || one.from !== other.from || one.to !== other.to) return false;
  return one.nodes.every(({ key }, i) => equal(key, other.nodes[i]?.key ?? EMPTY_BYTES));
}
