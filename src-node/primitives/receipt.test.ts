import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../base/bytes.ts';
import { readVectorJson } from '../testing/vectors.ts';
import { addToBloom, bloomOf, emptyBloom, mayContain, mergeBlooms } from './bloom.ts';
import { deriveRoot } from './derive-root.ts';
import { decodeReceipt, encodeReceipt } from './receipt.ts';
import { decodeStoredReceipt, encodeStoredReceipt } from './stored-receipt.ts';

interface ReceiptVectors {
  readonly receipts: readonly { readonly consensusRlp: string; readonly storageRlp: string; readonly bloom: string }[];
  readonly receiptsRoot: string;
  readonly root130CopiesOfReceipt0: string;
  readonly blockBloom: string;
  readonly bloom9: readonly { readonly input: string; readonly bloom: string }[];
}

const vectors = readVectorJson<ReceiptVectors>('receipts/receipt-vectors.json');

describe('receipts', () => {
  it.each(vectors.receipts.map((vector, i) => [i, vector] as const))('number %i', (_, vector) => {
    const receipt = decodeReceipt(fromHex(vector.consensusRlp));
    expect(toHex(encodeReceipt(receipt))).toBe(vector.consensusRlp);
    expect(toHex(bloomOf(receipt.logs))).toBe(vector.bloom);
    const stored = decodeStoredReceipt(fromHex(vector.storageRlp));
    expect(toHex(encodeStoredReceipt(stored))).toBe(vector.storageRlp);
    expect(toHex(encodeReceipt(stored))).toBe(vector.consensusRlp);
  });

  it('have the recorded roots, also beyond 128 of them', () => {
    const encoded = vectors.receipts.map(({ consensusRlp }) => fromHex(consensusRlp));
    expect(toHex(deriveRoot(encoded))).toBe(vectors.receiptsRoot);
    expect(toHex(deriveRoot(new Array<Uint8Array>(130).fill(encoded[0] ?? new Uint8Array())))).toBe(vectors.root130CopiesOfReceipt0);
  });
});

describe('bloom', () => {
  it('of a block is the union of its receipts', () => {
    expect(toHex(mergeBlooms(vectors.receipts.map(({ bloom }) => fromHex(bloom))))).toBe(vectors.blockBloom);
  });

  it('holds what was added and nothing else that is recorded', () => {
    const logs = decodeReceipt(fromHex(vectors.receipts[2]?.consensusRlp ?? '')).logs;
    const bloom = bloomOf(logs);
    expect(logs.length).toBeGreaterThan(0);
    for (const log of logs) for (const entry of [log.address, ...log.topics]) expect(mayContain(bloom, entry)).toBe(true);
    expect(mayContain(emptyBloom(), new Uint8Array(20))).toBe(false);
  });

  it('sets the bits of the recorded entries', () => {
    for (const { input, bloom } of vectors.bloom9) {
      const own = emptyBloom();
      addToBloom(own, fromHex(input));
      expect(toHex(own)).toBe(bloom);
    }
  });
});
