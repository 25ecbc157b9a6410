import { describe, expect, it } from 'vitest';
import { hexOf } from '../base/bytes.ts';
import { blocksIn } from '../testing/chains.ts';
import { readVector } from '../testing/vectors.ts';
import { bodyToRlp, decodeBlock, partsOfBlock, transactionsOfBlock } from './block.ts';
import { encodeHeader } from './header.ts';
import { encode } from './rlp/index.ts';
import { encodeTransaction } from './transaction.ts';

describe('the parts of an encoded block', () => {
  it('are what encoding the decoded parts gives', () => {
    let transactions = 0;
    for (const encoded of blocksIn(readVector('blocks/dev-chain.rlp'))) {
      const block = decodeBlock(encoded);
      const { header, body } = partsOfBlock(encoded);
      expect(hexOf(header)).toBe(hexOf(encodeHeader(block.header)));
      expect(hexOf(body)).toBe(hexOf(encode(bodyToRlp(block.transactions))));
      expect(transactionsOfBlock(encoded).map(hexOf)).toEqual(block.transactions.map(encodeTransaction).map(hexOf));
      transactions += block.transactions.length;
    }
    expect(transactions).toBeGreaterThan(10);
  });
});
