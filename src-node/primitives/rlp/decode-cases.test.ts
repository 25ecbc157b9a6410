import { describe, expect, it } from 'vitest';
import { fromHex, toHex, type Bytes } from '../../base/bytes.ts';
import { isCoded } from '../../base/errors.ts';
import { readVectorLines } from '../../testing/vectors.ts';
import { decodeBlock, encodeBlock } from '../block.ts';
import { decodeHeader, encodeHeader, headerHash } from '../header.ts';
import { decodeReceipt, encodeReceipt } from '../receipt.ts';
import { decodeStoredReceipt, encodeStoredReceipt } from '../stored-receipt.ts';
import { decodeTransaction, encodeTransaction, transactionHash } from '../transaction.ts';

interface Case {
  readonly id: string;
  readonly kind: string;
  readonly via: 'bytes' | 'message';
  readonly input: string;
  readonly accepted: boolean;
  readonly reencoded?: string;
  readonly hash?: string;
}

interface Outcome {
  readonly encoded: Bytes;
  readonly hash?: Bytes;
}

const decoders: Readonly<Record<string, (input: Bytes) => Outcome>> = {
  transaction: (input) => {
    const tx = decodeTransaction(input);
    return { encoded: encodeTransaction(tx), hash: transactionHash(tx) };
  },
  header: (input) => {
    const header = decodeHeader(input);
    return { encoded: encodeHeader(header), hash: headerHash(header) };
  },
  block: (input) => {
    const block = decodeBlock(input);
    return { encoded: encodeBlock(block), hash: headerHash(block.header) };
  },
  receipt: (input) => ({ encoded: encodeReceipt(decodeReceipt(input)) }),
  'receipt-storage': (input) => ({ encoded: encodeStoredReceipt(decodeStoredReceipt(input)) }),
};

const cases = readVectorLines<Case>('rlp/decode-cases.jsonl').filter(({ via }) => via === 'bytes');

function verdict(one: Case): unknown {
  try {
    const outcome = decoders[one.kind]?.(fromHex(one.input));
    return { accepted: true, encoded: toHex(outcome?.encoded ?? new Uint8Array()), hash: outcome?.hash === undefined ? undefined : toHex(outcome.hash) };
  } catch (error) {
    if (!isCoded(error, 'BAD_RLP')) throw error;
    return { accepted: false };
  }
}

describe('byte strings offered to the decoders of the reference', () => {
  it.each(Object.keys(decoders))('%s: same verdict, same encoding, same hash', (kind) => {
    const chosen = cases.filter((one) => one.kind === kind);
    expect(chosen.length).toBeGreaterThan(40);
    for (const one of chosen) {
      const expected = one.accepted ? { accepted: true, encoded: one.reencoded === 'same' ? one.input : one.reencoded, hash: one.hash } : { accepted: false };
      expect({ id: one.id, verdict: verdict(one) }).toEqual({ id: one.id, verdict: expected });
    }
  });
});
