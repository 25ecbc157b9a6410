import { fromHex, toHex } from '../../../base/bytes.ts';
import { deriveRoot } from '../../../primitives/derive-root.ts';
import { objectKind, same } from '../vector-kind.ts';

interface Recorded {
  /** Over the first `count` of the transactions beside. */
  readonly cases: readonly { readonly count: number; readonly root: string }[];
  readonly emptyRoot: string;
}

export const derivedRoots = objectKind<Recorded>('roots of transactions', ['cases', 'emptyRoot'], function* ({ cases, emptyRoot }, file) {
  const transactions = (file.beside('transactions.json').records as readonly { readonly rlp: string }[]).map(({ rlp }) => fromHex(rlp));
  yield same('of nothing', () => toHex(deriveRoot([])), emptyRoot);
  for (const { count, root } of cases) yield same(`of ${count}`, () => toHex(deriveRoot(transactions.slice(0, count))), root);
});
