import { describe, expect, it } from 'vitest';
import { fromHex } from '../../base/bytes.ts';
import { rawTransaction } from './raw-transaction.ts';

describe('a raw transaction that is none', () => {
  it.each([
    ['0xdeadbeef', 'rlp: value size exceeds available input length'],
    ['0xc4010203', 'rlp: value size exceeds available input length'],
    ['0xc2820102', 'rlp: element is larger than containing list'],
    ['0xc000', 'rlp: input contains more than one value'],
    ['0xc28101', 'rlp: non-canonical size information'],
    ['0xf80101', 'rlp: non-canonical size information'],
  ])('%s is refused in the words of other nodes', (hex, words) => {
    expect(() => rawTransaction(fromHex(hex))).toThrow(expect.objectContaining({ code: 'CALL_FAILED', message: words }));
  });

  it('is refused in words of ours where there is no such wording', () => {
    expect(() => rawTransaction(fromHex('0xc101'))).toThrow('The data is not valid RLP: a list of 10 items was expected, not 1.');
  });
});
