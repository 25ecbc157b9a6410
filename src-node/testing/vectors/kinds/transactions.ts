import { fromHex, toHex } from '../../../base/bytes.ts';
import { isCoded } from '../../../base/errors.ts';
import { sign } from '../../../crypto/secp256k1.ts';
import { BASIC_TYPE, decodeTransaction, intrinsicGas, senderOf, signTransaction, type Transaction } from '../../../primitives/transaction.ts';
import { transactionView } from '../transaction-view.ts';
import { recordsKind, same } from '../vector-kind.ts';

interface Recorded {
  /** `wrong-chain` has but `rlp` and the chain for which it is refused. */
  readonly kind: 'cep1' | 'unprotected' | 'wrong-chain';
  readonly chainId: number | string;
  readonly rlp: string;
  readonly sender: string;
  readonly intrinsicGas: number;
  readonly supportedType: boolean;
  readonly privateKey: string;
}

/** Signed transactions with the keys that signed them. */
export const transactions = recordsKind<Recorded>('transactions', ['kind', 'chainId', 'rlp', 'sender'], function* (recorded, index) {
  const tx = decodeTransaction(fromHex(recorded.rlp));
  const chainId = BigInt(recorded.chainId);
  if (recorded.kind === 'wrong-chain') {
    yield same(`${index}: refused`, () => refusalOf(tx, chainId), 'WRONG_CHAIN');
    return;
  }
  yield same(`${index}: fields`, () => ({ ...recorded, ...transactionView(tx, chainId) }), recorded);
  yield same(`${index}: sender`, () => toHex(senderOf(tx, chainId)), recorded.sender);
  yield same(`${index}: gas before any code`, () => intrinsicGas(tx), BigInt(recorded.intrinsicGas));
  yield same(`${index}: type that is taken`, () => tx.type === BASIC_TYPE, recorded.supportedType);
  if (recorded.kind === 'unprotected') return;
  yield same(`${index}: signature`, () => signTransaction(tx, chainId, (digest) => sign(digest, fromHex(recorded.privateKey))), tx);
});

function refusalOf(tx: Transaction, chainId: bigint): string {
  try {
    senderOf(tx, chainId);
    return 'accepted';
  } catch (error) {
    if (isCoded(error)) return error.code;
    throw error;
  }
}
