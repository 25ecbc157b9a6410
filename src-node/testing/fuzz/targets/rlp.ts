import { fromHex, hexOf } from '../../../base/bytes.ts';
import { decode, decodeFirst, encode, itemLengthAt } from '../../../primitives/rlp/index.ts';
import { readVectorLines } from '../../vectors.ts';
import { unlessRefused, type FuzzTarget } from '../fuzz-target.ts';

/** What decodes is the one encoding of what it decodes to. */
export function rlp(): FuzzTarget {
  return {
    seeds: readVectorLines<{ readonly input: string }>('rlp/decode-cases.jsonl').map(({ input }) => fromHex(input)),
    check(input) {
      const item = unlessRefused(() => decode(input), 'BAD_RLP');
      if (item !== undefined && hexOf(encode(item)) !== hexOf(input)) throw new TypeError('it decodes to what has another encoding');
      const first = unlessRefused(() => decodeFirst(input), 'BAD_RLP');
      const length = unlessRefused(() => itemLengthAt(input, 0), 'BAD_RLP');
      if (first === undefined) return;
      if (length === undefined || hexOf(encode(first)) !== hexOf(input.subarray(0, length ?? 0))) throw new TypeError('the length of its first item is another one');
    },
  };
}
