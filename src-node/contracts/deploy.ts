/**
 * Deployment of a market or of what streams need: three creations by one account at consecutive nonces, because the contracts
 * hold each other's address (docs/protocol/11 §4.3).
 */
import { concat, fromHex, toHex, type Bytes, type Hex } from '../base/bytes.ts';
import { createAddress } from '../evm/create-address.ts';
import { MARKET_ARTIFACTS, STREAM_ARTIFACTS, type Artifact, type MarketContract, type StreamContract } from './artifacts.ts';
import * as channelBinding from './bindings/pd-channel.gen.ts';
import * as escrowBinding from './bindings/pd-escrow.gen.ts';
import * as gatewayBinding from './bindings/pd-gateway.gen.ts';
import * as listingBinding from './bindings/pd-listing.gen.ts';
import * as streamBinding from './bindings/pd-stream.gen.ts';
import type { MarketParameters } from './market-parameters.ts';
import type { StreamParameters } from './stream-parameters.ts';

/** Gas limit of each creation; the dearest, PDEscrow, takes about 4 million. */
export const DEPLOYMENT_GAS = 5_000_000n;

export type MarketAddresses = Readonly<Record<MarketContract, Hex>>;
export type StreamAddresses = Readonly<Record<StreamContract, Hex>>;

/** One creation; transactions without receiver, with `data` as payload, sent in this order. */
export interface Deployment<Contract extends string = MarketContract> {
  readonly contract: Contract;
  readonly nonce: bigint;
  readonly address: Hex;
  readonly data: Bytes;
}

export interface DeploymentRequest<Parameters = MarketParameters> {
  readonly deployer: Hex;
  /** Nonce of the first of the three transactions. */
  readonly nonce: bigint;
  readonly parameters: Parameters;
}

/** Where the contracts of a deployment will stand. */
export function marketAddresses({ deployer, nonce }: Pick<DeploymentRequest, 'deployer' | 'nonce'>): MarketAddresses {
  return { fraud: created(deployer, nonce), listings: created(deployer, nonce + 1n), escrow: created(deployer, nonce + 2n) };
}

/** Where the contracts of streams will stand. */
export function streamAddresses({ deployer, nonce }: Pick<DeploymentRequest, 'deployer' | 'nonce'>): StreamAddresses {
  return { gateway: created(deployer, nonce), stream: created(deployer, nonce + 1n), channel: created(deployer, nonce + 2n) };
}

/** @throws BAD_ARGUMENT when a parameter does not fit its type */
export function marketDeployment(request: DeploymentRequest): readonly [Deployment, Deployment, Deployment] {
  const { nonce, parameters } = request;
  const addresses = marketAddresses(request);
  const creation = creations(addresses, MARKET_ARTIFACTS);
  return [
    creation('fraud', nonce, new Uint8Array(0)),
    creation('listings', nonce + 1n, listingBinding.encodeConstructor(addresses.escrow, parameters.listings)),
    creation('escrow', nonce + 2n, escrowBinding.encodeConstructor(addresses.listings, addresses.fraud, parameters.escrow)),
  ];
}

type StreamDeployment = Deployment<StreamContract>;

/** @throws BAD_ARGUMENT when a parameter does not fit its type */
export function streamDeployment(request: DeploymentRequest<StreamParameters>): readonly [StreamDeployment, StreamDeployment, StreamDeployment] {
  const { nonce, parameters } = request;
  const addresses = streamAddresses(request);
  const creation = creations(addresses, STREAM_ARTIFACTS);
  return [
    creation('gateway', nonce, gatewayBinding.encodeConstructor(parameters.gateway)),
    creation('stream', nonce + 1n, streamBinding.encodeConstructor(addresses.gateway, parameters.stream)),
    creation('channel', nonce + 2n, channelBinding.encodeConstructor(addresses.stream, parameters.channel)),
  ];
}

function creations<C extends string>(addresses: Readonly<Record<C, Hex>>, artifacts: Readonly<Record<C, Artifact>>): (contract: C, nonce: bigint, args: Bytes) => Deployment<C> {
  return (contract, nonce, args) => ({ contract, nonce, address: addresses[contract], data: concat(fromHex(artifacts[contract].bytecode), args) });
}

function created(deployer: Hex, nonce: bigint): Hex {
  return toHex(createAddress(fromHex(deployer), nonce));
}
