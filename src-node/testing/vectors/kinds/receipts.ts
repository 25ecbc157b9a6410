import { fromHex, toHex } from '../../../base/bytes.ts';
import { addToBloom, bloomOf, emptyBloom, mergeBlooms } from '../../../primitives/bloom.ts';
import { deriveRoot } from '../../../primitives/derive-root.ts';
import { decodeReceipt, encodeReceipt } from '../../../primitives/receipt.ts';
import { decodeStoredReceipt, encodeStoredReceipt } from '../../../primitives/stored-receipt.ts';
import { objectKind, same } from '../vector-kind.ts';

interface Recorded {
  readonly receipts: readonly { readonly consensusRlp: string; readonly storageRlp: string; readonly bloom: string }[];
  readonly receiptsRoot: string;
  readonly root130CopiesOfReceipt0: string;
  readonly blockBloom: string;
  readonly bloom9: readonly { readonly input: string; readonly bloom: string }[];
}

export const receipts = objectKind<Recorded>('receipts', ['receipts', 'receiptsRoot', 'root130CopiesOfReceipt0', 'bloom9'], function* (recorded) {
  const encoded = recorded.receipts.map(({ consensusRlp }) => fromHex(consensusRlp));
  for (const [i, { consensusRlp, storageRlp, bloom }] of recorded.receipts.entries()) {
    const receipt = decodeReceipt(fromHex(consensusRlp));
    const stored = decodeStoredReceipt(fromHex(storageRlp));
    yield same(`${i}: encoding`, () => toHex(encodeReceipt(receipt)), consensusRlp);
    yield same(`${i}: bloom`, () => toHex(bloomOf(receipt.logs)), bloom);
    yield same(`${i}: as it is stored`, () => toHex(encodeStoredReceipt(stored)), storageRlp);
    yield same(`${i}: from its stored form`, () => toHex(encodeReceipt(stored)), consensusRlp);
  }
  yield same('root', () => toHex(deriveRoot(encoded)), recorded.receiptsRoot);
  yield same('root of 130', () => toHex(deriveRoot(new Array<Uint8Array>(130).fill(encoded[0] ?? new Uint8Array()))), recorded.root130CopiesOfReceipt0);
  yield same('bloom of the block', () => toHex(mergeBlooms(recorded.receipts.map(({ bloom }) => fromHex(bloom)))), recorded.blockBloom);
  for (const { input, bloom } of recorded.bloom9) {
    yield same(`bits of ${input}`, () => {
      const own = emptyBloom();
      addToBloom(own, fromHex(input));
      return toHex(own);
    }, bloom);
  }
});
