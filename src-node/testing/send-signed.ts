/** A transaction of an account that no wallet of the program holds. */
import type { Bytes } from '../base/bytes.ts';
import type { ChainReader } from '../chain/reader.ts';
import { addressOf, sign } from '../crypto/secp256k1.ts';
import { encodeTransaction, signTransaction } from '../primitives/transaction.ts';

export interface Sending {
  readonly to: Bytes;
  readonly value: bigint;
  readonly payload: Bytes;
  readonly gasLimit: bigint;
  /** That of the account's state when left out: one transaction at a time. */
  readonly nonce?: bigint;
}

/** @returns its hash */
export async function sendSigned(reader: ChainReader, key: Bytes, sending: Sending): Promise<Bytes> {
  const nonce = sending.nonce ?? (await reader.nonceOf(addressOf(key)));
  const unsigned = { ...sending, type: 0n, nonce, gasPrice: await reader.gasPrice() };
  return reader.send(encodeTransaction(signTransaction(unsigned, reader.chainId, (digest) => sign(digest, key))));
}
