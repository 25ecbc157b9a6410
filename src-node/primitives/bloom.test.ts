import { expect, it } from 'vitest';
import { fromHex } from '../base/bytes.ts';
import { readVectorJson } from '../testing/vectors.ts';
import { bloomOf, emptyBloom, mayContain } from './bloom.ts';
import { decodeReceipt } from './receipt.ts';

it('holds what was added and nothing else that is recorded', () => {
  const { receipts } = readVectorJson<{ readonly receipts: readonly { readonly consensusRlp: string }[] }>('receipts/receipt-vectors.json');
  const { logs } = decodeReceipt(fromHex(receipts[2]?.consensusRlp ?? ''));
  const bloom = bloomOf(logs);
  expect(logs.length).toBeGreaterThan(0);
  for (const log of logs) for (const entry of [log.address, ...log.topics]) expect(mayContain(bloom, entry)).toBe(true);
  expect(mayContain(emptyBloom(), new Uint8Array(20))).toBe(false);
});
