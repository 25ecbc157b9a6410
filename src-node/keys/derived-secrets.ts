/** Order keys, packing keys, keys of streams, and the pad of a key delivery (docs/protocol/11 §4.5, §4.6, §4.11). */
import { concat, fromBigInt, toBigInt, u32be, u64be, utf8, type Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { hkdfSha256, randomBytes, sha256Parts } from '../crypto/hash.ts';
import { CURVE_N, multiply, publicKeyOf } from '../crypto/secp256k1.ts';

const NO_SALT = new Uint8Array(0);

/** What an order key belongs to: with it and the seed the key is derived again. */
export interface OrderKeyContext {
  readonly chainId: bigint;
  readonly genesisHash: Bytes;
  readonly escrow: Bytes;
  readonly buyer: Bytes;
  readonly listing: Bytes;
  readonly orderNonce: bigint;
}

/** b: 32 bytes in [1, n-1]. `seedBranch` = the order branch of the seed, or of the account where it has no seed. */
export function orderKey(seedBranch: Bytes, context: OrderKeyContext): Bytes {
  return scalarOf(seedBranch, concat(utf8('pd-order'), u64be(context.chainId), context.genesisHash, context.escrow, context.buyer, context.listing, u64be(context.orderNonce)));
}

/** Which delivery account of a seller: the next `counter` replaces one whose machine is not trusted any more. */
export interface DeliveryKeyContext {
  readonly chainId: bigint;
  readonly genesisHash: Bytes;
  readonly listings: Bytes;
  readonly seller: Bytes;
  /** 0 … 255 */
  readonly counter: number;
}

/** Private key of a delivery account (docs/protocol/11 §4.8), so that what is left on it returns from the 24 words. */
export function deliveryKey(packSecret: Bytes, context: DeliveryKeyContext): Bytes {
  return scalarOf(packSecret, concat(utf8('pd-delivery'), u64be(context.chainId), context.genesisHash, context.listings, context.seller, Uint8Array.of(context.counter)));
}

/** A chain, and one of the contracts of streams on it. */
export interface StreamScope {
  readonly chainId: bigint;
  readonly genesisHash: Bytes;
  /** PDStream, PDChannel or PDGateway: the one whose object the secret belongs to. */
  readonly contract: Bytes;
}

/** Who made an object of a contract, and the number that he gave it: with it and the seed the key returns. */
export interface StreamKeyContext extends StreamScope {
  readonly account: Bytes;
  readonly nonce: bigint;
}

const scopeInfo = (name: string, { chainId, genesisHash, contract }: StreamScope): Bytes => concat(utf8(name), u64be(chainId), genesisHash, contract);

/** Private key of the account under whose signature a stream is published (docs/protocol/11 §4.11); `nonce` of its registration. */
export function publisherKey(packSecret: Bytes, context: StreamKeyContext): Bytes {
  return scalarOf(packSecret, concat(scopeInfo('pd-publisher', context), context.account, u64be(context.nonce)));
}

/** Private key that signs a gateway's receipts; `nonce` of its registration. */
export function gatewayKey(packSecret: Bytes, context: StreamKeyContext): Bytes {
  return scalarOf(packSecret, concat(scopeInfo('pd-gateway', context), context.account, u64be(context.nonce)));
}

/** S of one channel: signs its vouchers and tickets, and opens the envelopes that are sealed to it. */
export function subscriptionKey(seedBranch: Bytes, context: StreamKeyContext & { readonly streamId: Bytes }): Bytes {
  return scalarOf(seedBranch, concat(scopeInfo('pd-sub', context), context.account, context.streamId, u64be(context.nonce)));
}

/** Root of the key tree of one generation of a stream, 32 bytes; `contract` is PDStream. */
export function streamRoot(packSecret: Bytes, { streamId, generation, ...scope }: StreamScope & { readonly streamId: Bytes; readonly generation: number }): Bytes {
  return hkdfSha256(packSecret, NO_SALT, concat(scopeInfo('pd-stream', scope), streamId, u32be(generation)), 32);
}

/** HKDF output modulo n; the last byte of the info counts up where it would be 0. */
function scalarOf(secret: Bytes, info: Bytes): Bytes {
  for (let counter = 0; ; counter++) {
    const scalar = toBigInt(hkdfSha256(secret, NO_SALT, concat(info, Uint8Array.of(counter)), 32)) % CURVE_N;
    if (scalar !== 0n) return fromBigInt(scalar, 32);
  }
}

/** seedBranch and packSecret of an account that came without a seed. */
export function accountBranches(accountKey: Bytes): { readonly orderBranch: Bytes; readonly packSecret: Bytes } {
  return {
    orderBranch: hkdfSha256(accountKey, NO_SALT, utf8('pd-branch-0'), 32),
    packSecret: hkdfSha256(accountKey, NO_SALT, utf8('pd-branch-1'), 32),
  };
}

/** K of one packing. */
export function packKey(packSecret: Bytes, versionSalt: Bytes, chainId: bigint, seller: Bytes): Bytes {
  return hkdfSha256(packSecret, versionSalt, concat(utf8('PDK0'), u64be(chainId), seller), 32);
}

/** keyCommit = SHA256("PDC0" ‖ seller ‖ versionSalt ‖ K) */
export function keyCommitOf(seller: Bytes, versionSalt: Bytes, key: Bytes): Bytes {
  return sha256Parts(utf8('PDC0'), seller, versionSalt, key);
}

function applyPad(value: Bytes, shared64: Bytes, orderId: Bytes): Bytes {
  const pad = sha256Parts(utf8('PDW1'), shared64, orderId);
  return value.map((byte, i) => byte ^ (pad[i] ?? 0));
}

export interface DeliveredKey {
  /** Ephemeral point E, x ‖ y. */
  readonly e: Bytes;
  /** W = K xor pad. */
  readonly w: Bytes;
}

/** Seals K to the buyer's point B, for one order. */
export function sealKey(key: Bytes, buyerPoint64: Bytes, orderId: Bytes, ephemeral: Bytes = freshScalar()): DeliveredKey {
  return { e: publicKeyOf(ephemeral), w: applyPad(key, multiply(buyerPoint64, ephemeral), orderId) };
}

/** K' and the shared point S out of a delivery. @throws BAD_DELIVERY when E is not a point */
export function openKey(b: Bytes, delivered: DeliveredKey, orderId: Bytes): { readonly key: Bytes; readonly shared: Bytes } {
  try {
    const shared = multiply(delivered.e, b);
    return { key: applyPad(delivered.w, shared, orderId), shared };
  } catch (error) {
    throw new CodedError('BAD_DELIVERY', 'The key that the seller handed over is not a point of the curve.', { meta: { reason: 'point' }, cause: error });
  }
}

function freshScalar(): Bytes {
  for (;;) {
    const value = toBigInt(randomBytes(32));
    if (value > 0n && value < CURVE_N) return fromBigInt(value, 32);
  }
}
