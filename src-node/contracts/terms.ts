/** Hashes and ids that program and contracts compute alike (docs/protocol/11 §4.3, §4.4). */
import { AbiCoder } from 'ethers';
import { fromHex, toHex, type Bytes, type Hex } from '../base/bytes.ts';
import { keccak256 } from '../crypto/keccak.ts';
import type { Point } from './bindings/pd-escrow.gen.ts';
import { STREAM_PLAN_KIND_VALUES, type StreamPlanKind } from './bindings/pd-stream.gen.ts';

/** Everything a buyer agrees to; times in seconds, the price in base units, `bondBps` in 1/10,000 of the price. */
export interface Terms {
  readonly listing: Hex;
  readonly version: number;
  readonly dataRoot: Hex;
  readonly keyCommit: Hex;
  readonly versionSalt: Hex;
  readonly chunkCount: number;
  readonly suite: number;
  readonly metaHash: Hex;
  readonly planId: number;
  readonly price: bigint;
  readonly splitHash: Hex;
  readonly licenceHash: Hex;
  readonly bondBps: number;
  readonly keyTime: number;
  readonly disputeTime: number;
}

const TERMS: readonly (readonly [keyof Terms, string])[] = [
  ['listing', 'bytes32'], ['version', 'uint32'], ['dataRoot', 'bytes32'], ['keyCommit', 'bytes32'], ['versionSalt', 'bytes32'],
  ['chunkCount', 'uint32'], ['suite', 'uint8'], ['metaHash', 'bytes32'], ['planId', 'uint32'], ['price', 'uint128'], ['splitHash', 'bytes32'],
  ['licenceHash', 'bytes32'], ['bondBps', 'uint16'], ['keyTime', 'uint32'], ['disputeTime', 'uint32'],
];

/** What `place` and `ready` name. */
export function termsHash(terms: Terms): Hex {
  return hashOf(TERMS.map(([, type]) => type), TERMS.map(([name]) => terms[name]));
}

/** Shares are in 1/10,000 and sum up to 10,000. */
export interface Split {
  readonly payees: readonly Hex[];
  readonly shares: readonly number[];
}

export function splitHash(split: Split): Hex {
  return hashOf(['address[]', 'uint16[]'], [split.payees, split.shares]);
}

/** Where an id is made: the contract, its chain, who made it, and the number of his call. */
export interface IdParts {
  readonly contract: Hex;
  readonly chainId: bigint;
  readonly creator: Hex;
  readonly nonce: bigint;
}

/** Id of the order that `creator` places at the escrow `contract` with this nonce. */
export function orderId(parts: IdParts): Hex {
  return idOf(parts);
}

/** Id of the listing that `creator` makes at the listing contract with this nonce. */
export function listingId(parts: IdParts): Hex {
  return idOf(parts);
}

/** Id of the stream that `creator` registers at PDStream with this nonce. */
export function streamId(parts: IdParts): Hex {
  return idOf(parts);
}

/** Id of the gateway that `creator` registers at PDGateway with this nonce. */
export function gatewayId(parts: IdParts): Hex {
  return idOf(parts);
}

/** Id of the channel that `creator` opens at PDChannel with this nonce. */
export function channelId({ contract, chainId, creator, nonce, stream }: IdParts & { readonly stream: Hex }): Hex {
  return hashOf(['address', 'uint256', 'address', 'bytes32', 'uint256'], [contract, chainId, creator, stream, nonce]);
}

/** What a voucher and a channel name of a plan; `unitPrice` in base units. Whether it is offered now is no part of it. */
export interface StreamPlanTerms {
  readonly planId: number;
  readonly kind: StreamPlanKind;
  readonly unitPrice: bigint;
  readonly window: number;
  readonly licenceHash: Hex;
  readonly splitHash: Hex;
}

export function streamPlanHash(plan: StreamPlanTerms): Hex {
  return hashOf(
    ['uint32', 'uint8', 'uint128', 'uint32', 'bytes32', 'bytes32'],
    [plan.planId, STREAM_PLAN_KIND_VALUES.indexOf(plan.kind), plan.unitPrice, plan.window, plan.licenceHash, plan.splitHash],
  );
}

function idOf({ contract, chainId, creator, nonce }: IdParts): Hex {
  return hashOf(['address', 'uint256', 'address', 'uint256'], [contract, chainId, creator, nonce]);
}

/** keccak256(x ‖ y): what an order keeps of the buyer's key, and what `postKey` names. */
export function buyerKeyHash(buyerKey: Point): Hex {
  return hashOf(['uint256', 'uint256'], [buyerKey.x, buyerKey.y]);
}

function hashOf(types: readonly string[], values: readonly unknown[]): Hex {
  const encoded: Bytes = fromHex(AbiCoder.defaultAbiCoder().encode(types, values));
  return toHex(keccak256(encoded));
}
