/**
 * Deployment of a market: three creations by one account at consecutive nonces, because listing and escrow contract hold
 * each other's address (docs/protocol/11 §4.3).
 */
import { concat, fromHex, toHex, type Bytes, type Hex } from '../base/bytes.ts';
import { createAddress } from '../evm/create-address.ts';
import { MARKET_ARTIFACTS, type MarketContract } from './artifacts.ts';
import * as escrowBinding from './bindings/pd-escrow.gen.ts';
import * as listingBinding from './bindings/pd-listing.gen.ts';
import type { MarketParameters } from './market-parameters.ts';

/** Gas limit of each creation; the dearest, PDEscrow, takes about 4 million. */
export const DEPLOYMENT_GAS = 5_000_000n;

export type MarketAddresses = Readonly<Record<MarketContract, Hex>>;

/** One creation; transactions without receiver, with `data` as payload, sent in this order. */
export interface Deployment {
  readonly contract: MarketContract;
  readonly nonce: bigint;
  readonly address: Hex;
  readonly data: Bytes;
}

export interface DeploymentRequest {
  readonly deployer: Hex;
  /** Nonce of the first of the three transactions. */
  readonly nonce: bigint;
  readonly parameters: MarketParameters;
}

/** Where the contracts of a deployment will stand. */
export function marketAddresses({ deployer, nonce }: Pick<DeploymentRequest, 'deployer' | 'nonce'>): MarketAddresses {
  const at = (offset: bigint): Hex => toHex(createAddress(fromHex(deployer), nonce + offset));
  return { fraud: at(0n), listings: at(1n), escrow: at(2n) };
}

/** @throws BAD_ARGUMENT when a parameter does not fit its type */
export function marketDeployment(request: DeploymentRequest): readonly [Deployment, Deployment, Deployment] {
  const { nonce, parameters } = request;
  const addresses = marketAddresses(request);
  const creation = (contract: MarketContract, offset: bigint, args: Bytes): Deployment => ({
    contract,
    nonce: nonce + offset,
    address: addresses[contract],
    data: concat(fromHex(MARKET_ARTIFACTS[contract].bytecode), args),
  });
  return [
    creation('fraud', 0n, new Uint8Array(0)),
    creation('listings', 1n, listingBinding.encodeConstructor(addresses.escrow, parameters.listings)),
    creation('escrow', 2n, escrowBinding.encodeConstructor(addresses.listings, addresses.fraud, parameters.escrow)),
  ];
}
