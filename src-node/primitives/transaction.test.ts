import { expect, it } from 'vitest';
import { fromHex } from '../base/bytes.ts';
import { readVectorJson } from '../testing/vectors.ts';
import { decodeTransaction, senderOf } from './transaction.ts';

it('refuses a high s and an r of zero', () => {
  const [recorded] = readVectorJson<readonly { readonly rlp: string }[]>('transactions/transactions.json');
  const tx = decodeTransaction(fromHex(recorded?.rlp ?? ''));
  const highS = { ...tx, s: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n - tx.s };
  for (const bad of [highS, { ...tx, r: 0n }, { ...tx, s: 0n }]) {
    expect(() => senderOf(bad, 41n)).toThrow(expect.objectContaining({ code: 'BAD_SIGNATURE' }));
  }
});
