/** The buyer's own work on an order: where his copy stands. */
import type { Hex } from '../../base/bytes.ts';
import type { ErrorJson } from '../../base/errors.ts';
import type { OpenedFile } from '../pdp/opener.ts';

export type CopyState = 'none' | 'fetching' | 'checked' | 'opening' | 'verified' | 'bad' | 'failed';

/** What the chain can be shown (docs/protocol/11 §4.7). */
export interface PurchaseFault {
  readonly kind: 'wrong-key' | 'bad-key-leaf' | 'bad-unit';
  readonly chunk: number | null;
  readonly unit: number | null;
}

export interface PurchaseRecord {
  readonly order: Hex;
  readonly copy: CopyState;
  readonly files: readonly OpenedFile[];
  readonly fault: PurchaseFault | null;
  readonly problem: ErrorJson | null;
}

/** What goes away by itself in a moment: asked again every second, and nobody has to do anything. */
export function isPassing({ code, meta }: Pick<ErrorJson, 'code' | 'meta'>): boolean {
  return code === 'KEYS_STOPPED' || code === 'CHAIN_UNREACHABLE' || (code === 'DATA_UNAVAILABLE' && meta?.['reason'] === 'no-text');
}

export function newPurchase(order: Hex): PurchaseRecord {
  return { order, copy: 'none', files: [], fault: null, problem: null };
}
