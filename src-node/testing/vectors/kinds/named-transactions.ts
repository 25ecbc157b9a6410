import { fromHex, toHex } from '../../../base/bytes.ts';
import { decodeTransaction, encodeTransaction, intrinsicGas, senderOf, signingHash, transactionHash } from '../../../primitives/transaction.ts';
import { recordsKind, same } from '../vector-kind.ts';

interface Recorded {
  readonly name: string;
  /** `homestead`, or `cep1:` and the chain. */
  readonly signer: string;
  readonly rlp: string;
  readonly hash: string;
  readonly sigHash: string;
  readonly recoveredSender: string;
  readonly intrinsicGas: string;
}

export const namedTransactions = recordsKind<Recorded>('named transactions', ['name', 'signer', 'rlp', 'recoveredSender'], function* (recorded) {
  const { name } = recorded;
  const tx = decodeTransaction(fromHex(recorded.rlp));
  const chainId = BigInt(recorded.signer.split(':')[1] ?? 337);
  yield same(`${name}: encoding`, () => toHex(encodeTransaction(tx)), recorded.rlp);
  yield same(`${name}: hash`, () => toHex(transactionHash(tx)), recorded.hash);
  yield same(`${name}: gas before any code`, () => intrinsicGas(tx), BigInt(recorded.intrinsicGas));
  yield same(`${name}: sender`, () => toHex(senderOf(tx, chainId)), recorded.recoveredSender);
  if (recorded.signer !== 'homestead') yield same(`${name}: digest to sign`, () => toHex(signingHash(tx, chainId)), recorded.sigHash);
});
