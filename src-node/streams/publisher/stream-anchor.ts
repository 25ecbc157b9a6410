import type { BatchFields } from '../format/batch.ts';
import type { SignedReceipt } from '../gateway/wire.ts';

/** The newest batch that a gateway has, with the receipt by which it can be held to that. */
export interface StreamAnchor {
  readonly batch: Pick<BatchFields, 'generation' | 'epoch' | 'firstSeq' | 'count'>;
  readonly receipt: SignedReceipt;
}
