/**
 * Keys that a reader was handed. Anybody can seal an envelope to a public key, so several may speak of one epoch; the commitment that the
 * publisher signed says which one is right.
 */
import { EMPTY_BYTES, equal, type Bytes } from '../../base/bytes.ts';
import type { BatchFields } from '../format/batch.ts';
import type { EnvelopeContent } from '../format/envelope.ts';
import { epochCommit, keyFromNodes } from '../format/ggm.ts';

/** Spans that are kept; the oldest go. */
const KEPT = 64;

export class EpochKeys {
  #contents: EnvelopeContent[] = [];
  /** The one that was right last: batches of one epoch follow each other. */
  #last: { readonly generation: number; readonly epoch: number; readonly commit: Bytes; readonly key: Bytes } | null = null;

  add(content: EnvelopeContent): void {
    if (this.#contents.some((other) => isSame(other, content))) return;
    this.#contents.push(content);
    if (this.#contents.length > KEPT) this.#contents.shift();
  }

  /** EK of a batch; `no_key` when none was handed over for its epoch, `wrong_key` when none of those is the one committed to. */
  keyOf({ streamId, generation, epoch, epochCommit: commit }: BatchFields): Bytes | 'no_key' | 'wrong_key' {
    const last = this.#last;
    if (last?.generation === generation && last.epoch === epoch && equal(last.commit, commit)) return last.key;
    let result: 'no_key' | 'wrong_key' = 'no_key';
    for (const content of this.#contents) {
      const key = content.generation === generation ? keyFromNodes(content.nodes, { streamId, generation, epoch }) : null;
      if (key === null) continue;
      if (equal(epochCommit(key), commit)) {
        this.#last = { generation, epoch, commit: Uint8Array.from(commit), key };
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
