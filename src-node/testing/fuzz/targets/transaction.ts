import { isDeepStrictEqual } from 'node:util';
import { fromHex } from '../../../base/bytes.ts';
import { decodeTransaction, encodeTransaction, intrinsicGas, senderOf, transactionHash } from '../../../primitives/transaction.ts';
import { readVectorJson, readVectorLines } from '../../vectors.ts';
import { unlessRefused, type FuzzTarget } from '../fuzz-target.ts';

/** What decodes comes back from its encoding, and has a sender or says why not. */
export function transaction(): FuzzTarget {
  const signed = readVectorJson<readonly { readonly rlp: string }[]>('transactions/transactions.json').map(({ rlp }) => fromHex(rlp));
  const damaged = readVectorLines<{ readonly kind: string; readonly input: string }>('rlp/decode-cases.jsonl').flatMap(({ kind, input }) => (kind === 'transaction' ? [fromHex(input)] : []));
  return {
    seeds: [...signed, ...damaged],
    check(input) {
      const decoded = unlessRefused(() => decodeTransaction(input), 'BAD_RLP');
      if (decoded === undefined) return;
      if (!isDeepStrictEqual(decodeTransaction(encodeTransaction(decoded)), decoded)) throw new TypeError('its encoding decodes to another transaction');
      if (transactionHash(decoded).length !== 32 || intrinsicGas(decoded) < 21_000n) throw new TypeError('its hash or its gas is none');
      const sender = unlessRefused(() => senderOf(decoded, 337n), 'BAD_SIGNATURE', 'WRONG_CHAIN');
      if (sender !== undefined && sender.length !== 20) throw new TypeError('its sender is no address');
    },
  };
}
