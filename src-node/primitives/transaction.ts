/** A transaction: its wire form of ten items, the type first, its signature and its sender (docs/protocol/01 §3). */
import { concat, EMPTY_BYTES, fromBigInt, toBigInt, type Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { CURVE_N, recoverAddress } from '../crypto/secp256k1.ts';
import { bytesIn, decode, encode, encodeBriefly, encodeUint, listIn, uint64In, uintIn, type RlpItem } from './rlp/index.ts';

export interface UnsignedTransaction {
  /** 0 basic; 1 private, decodable and refused everywhere (docs/protocol/01 §3.4). */
  readonly type: bigint;
  readonly nonce: bigint;
  /** Base units per gas. */
  readonly gasPrice: bigint;
  readonly gasLimit: bigint;
  /** 20 bytes; null creates a contract. */
  readonly to: Bytes | null;
  /** Base units. */
  readonly value: bigint;
  readonly payload: Bytes;
}

export interface Transaction extends UnsignedTransaction {
  readonly v: bigint;
  readonly r: bigint;
  readonly s: bigint;
}

/** The one type that pool and chain accept. */
export const BASIC_TYPE = 0n;

/** What the signature of a transaction signs and holds, ready for recovery. */
export interface SignedDigest {
  /** 32 bytes. */
  readonly digest: Bytes;
  /** R ‖ S ‖ recovery id, 65 bytes. */
  readonly signature: Bytes;
}

export type SenderErrorCode = 'BAD_SIGNATURE' | 'WRONG_CHAIN';

/** v = V_BASE + 2 · chainId + recovery id. */
const V_BASE = 35n;
/** v of a signature without replay protection: 27 + recovery id, over a hash without type and chain id. */
const V_UNPROTECTED = 27n;

/** Gas before any code runs (docs/protocol/01 §3.5). */
const GAS = { call: 21_000n, creation: 53_000n, zeroByte: 4n, nonZeroByte: 68n } as const;

export function transactionToRlp(tx: Transaction): RlpItem {
  return [...unsignedItems(tx), encodeUint(tx.v), encodeUint(tx.r), encodeUint(tx.s)];
}

/** The seven items before the signature. */
function unsignedItems(tx: UnsignedTransaction): RlpItem[] {
  return [encodeUint(tx.type), encodeUint(tx.nonce), encodeUint(tx.gasPrice), encodeUint(tx.gasLimit), tx.to ?? EMPTY_BYTES, encodeUint(tx.value), tx.payload];
}

/** @throws BAD_RLP */
export function transactionFromRlp(item: RlpItem): Transaction {
  const [type, nonce, gasPrice, gasLimit, to, value, payload, v, r, s] = listIn(item, 10);
  return {
    type: uint64In(type),
    nonce: uint64In(nonce),
    gasPrice: uintIn(gasPrice),
    gasLimit: uint64In(gasLimit),
    to: recipientIn(to),
    value: uintIn(value),
    payload: bytesIn(payload),
    v: uintIn(v),
    r: uintIn(r),
    s: uintIn(s),
  };
}

/** An empty list stands for "no recipient" as an empty string does; it is written back as the string. */
function recipientIn(item: RlpItem | undefined): Bytes | null {
  return item?.length === 0 ? null : bytesIn(item, 20);
}

export function encodeTransaction(tx: Transaction): Bytes {
  return encode(transactionToRlp(tx));
}

/** @throws BAD_RLP */
export function decodeTransaction(bytes: Bytes): Transaction {
  return transactionFromRlp(decode(bytes));
}

export function transactionHash(tx: Transaction): Bytes {
  return keccak256(encodeTransaction(tx));
}

/** The digest to sign for a chain. */
export function signingHash(tx: UnsignedTransaction, chainId: bigint): Bytes {
  return keccak256(encodeBriefly([...unsignedItems(tx), encodeUint(chainId), EMPTY_BYTES, EMPTY_BYTES]));
}

/** `sign` turns a digest into R ‖ S ‖ recovery id (65 bytes). */
export function signTransaction(tx: UnsignedTransaction, chainId: bigint, sign: (digest: Bytes) => Bytes): Transaction {
  const signature = sign(signingHash(tx, chainId));
  return {
    ...tx,
    v: V_BASE + 2n * chainId + BigInt(signature[64] ?? 0),
    r: toBigInt(signature.subarray(0, 32)),
    s: toBigInt(signature.subarray(32, 64)),
  };
}

/** Checks all of the signature that needs no curve arithmetic. @throws BAD_SIGNATURE, WRONG_CHAIN */
export function signedDigest(tx: Transaction, chainId: bigint): SignedDigest {
  const isUnprotected = tx.v === V_UNPROTECTED || tx.v === V_UNPROTECTED + 1n;
  const recoveryId = tx.v - (isUnprotected ? V_UNPROTECTED : V_BASE + 2n * chainId);
  if (recoveryId !== 0n && recoveryId !== 1n) {
    throw new CodedError<SenderErrorCode>('WRONG_CHAIN', 'The transaction is signed for another chain.', { help: `Sign it for chain ${chainId.toString()}.` });
  }
  if (tx.r < 1n || tx.r >= CURVE_N || tx.s < 1n || tx.s > CURVE_N / 2n) throw badSignature();
  return {
    digest: isUnprotected ? unprotectedHash(tx) : signingHash(tx, chainId),
    signature: concat(fromBigInt(tx.r, 32), fromBigInt(tx.s, 32), Uint8Array.of(Number(recoveryId))),
  };
}

/** Address of the signer. @throws BAD_SIGNATURE, WRONG_CHAIN */
export function senderOf(tx: Transaction, chainId: bigint): Bytes {
  const { digest, signature } = signedDigest(tx, chainId);
  const sender = recoverAddress(digest, signature);
  if (sender === null) throw badSignature();
  return sender;
}

function badSignature(): CodedError<SenderErrorCode> {
  return new CodedError('BAD_SIGNATURE', 'The signature of the transaction is not valid.', { help: 'Sign the transaction again.' });
}

function unprotectedHash(tx: UnsignedTransaction): Bytes {
  return keccak256(encodeBriefly(unsignedItems(tx).slice(1)));
}

/** Gas that a transaction costs before any code runs (docs/protocol/01 §3.5). */
export function intrinsicGas(tx: Pick<UnsignedTransaction, 'to' | 'payload'>): bigint {
  let nonZero = 0;
  for (const byte of tx.payload) if (byte !== 0) nonZero++;
  const base = tx.to === null ? GAS.creation : GAS.call;
  return base + GAS.nonZeroByte * BigInt(nonZero) + GAS.zeroByte * BigInt(tx.payload.length - nonZero);
}
