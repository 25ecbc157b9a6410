/** What the wallet needs of the keys process; `keys/` implements it and the composition root passes it in. */
import type { Bytes } from '../base/bytes.ts';
import type { ErrorJson } from '../base/errors.ts';
import type { SigningAuthority } from './action.ts';

export interface TransactionToSign {
  readonly account: Bytes;
  readonly chainId: bigint;
  readonly nonce: bigint;
  readonly gasPrice: bigint;
  readonly gasLimit: bigint;
  readonly to: Bytes | null;
  readonly value: bigint;
  readonly payload: Bytes;
}

export interface TransactionSigner {
  /** RLP of the signed transaction. @throws WALLET_LOCKED, MANDATE_REFUSED, UNKNOWN_ACCOUNT, KEYS_STOPPED */
  signTransaction(request: TransactionToSign, authority: SigningAuthority): Promise<Bytes>;
}

export interface MessageSigner {
  /** r, s and V of a text that was shown in the window (docs/protocol/01 §1). @throws WALLET_LOCKED, UNKNOWN_ACCOUNT, KEYS_STOPPED */
  signMessage(account: Bytes, message: Bytes, request: string): Promise<Bytes>;
}

/** Turns what a contract reverted with into a coded error, or null when the contract is not known. */
export type RevertExplainer = (revert: Bytes) => ErrorJson | null;
