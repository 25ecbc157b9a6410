import { toHex } from '../../base/bytes.ts';
import { encodeTransaction, signedDigest, transactionHash, type Transaction } from '../../primitives/transaction.ts';

/** A transaction as recordings write its fields. @throws BAD_SIGNATURE, WRONG_CHAIN */
export function transactionView(tx: Transaction, chainId: bigint): object {
  const { type, nonce, gasPrice, gasLimit, to, value, payload, v, r, s } = tx;
  return {
    hash: toHex(transactionHash(tx)),
    rlp: toHex(encodeTransaction(tx)),
    sigHash: toHex(signedDigest(tx, chainId).digest),
    ...{ type: Number(type), nonce: Number(nonce), gasPrice: String(gasPrice), gas: Number(gasLimit), to: to === null ? null : toHex(to), value: String(value), input: toHex(payload) },
    ...{ v: String(v), r: `0x${r.toString(16)}`, s: `0x${s.toString(16)}` },
  };
}
