/** Whether three addresses are a market of ours on this chain (docs/protocol/11 §4.3). */
import { toHex, type Bytes, type Hex } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { MARKET_ARTIFACTS, type MarketContract } from './artifacts.ts';
import * as escrowBinding from './bindings/pd-escrow.gen.ts';
import * as listingBinding from './bindings/pd-listing.gen.ts';
import type { MarketAddresses } from './deploy.ts';
import type { MarketParameters } from './market-parameters.ts';
import { creationArguments, type DeploymentReader } from './verify-creation.ts';

/**
 * NOT_A_MARKET: `meta.contract` is no contract of ours, or was not created by our code. OTHER_CHAIN_MARKET: made for another
 * chain. MIXED_MARKET: the three do not belong together.
 */
export type MarketVerificationCode = 'NOT_A_MARKET' | 'OTHER_CHAIN_MARKET' | 'MIXED_MARKET';

export interface MarketRecord {
  readonly addresses: MarketAddresses;
  /** Number of the block that created each contract. */
  readonly createdIn: Readonly<Record<MarketContract, bigint>>;
}

/** Parameters of the market, read from its creation. @throws CodedError<MarketVerificationCode>, and what the reader throws */
export async function verifyDeployment(reader: DeploymentReader, record: MarketRecord, periodMillis: number): Promise<MarketParameters> {
  await argumentsOf(reader, record, 'fraud');
  const listings = listingBinding.decodeConstructor(await argumentsOf(reader, record, 'listings'));
  const escrow = escrowBinding.decodeConstructor(await argumentsOf(reader, record, 'escrow'));
  const { addresses } = record;
  if (listings.escrow !== addresses.escrow || escrow.listings !== addresses.listings || escrow.fraud !== addresses.fraud) {
    throw refused('MIXED_MARKET', 'The three contracts do not belong to each other.', 'Take all three addresses from one deployment.');
  }
  const { p } = escrow;
  if (p.chainId !== reader.chainId || p.genesisHash !== toHex(reader.genesisHash) || p.periodMs !== periodMillis) {
    throw refused('OTHER_CHAIN_MARKET', 'The market was made for another chain.', 'Choose the network that it belongs to.');
  }
  return { listings: listings.p, escrow: p };
}

/** Checks code and creation of one contract. @returns the arguments of its constructor */
async function argumentsOf(reader: DeploymentReader, record: MarketRecord, contract: MarketContract): Promise<Bytes> {
  const address = record.addresses[contract];
  const args = await creationArguments(reader, MARKET_ARTIFACTS[contract], { address, createdIn: record.createdIn[contract] });
  if (args === null) throw notOurs(contract, address);
  return args;
}

function notOurs(contract: MarketContract, address: Hex): CodedError<MarketVerificationCode> {
  return new CodedError('NOT_A_MARKET', `${address} is not a ${contract} contract of this program.`, {
    help: 'Check the address and the block of its creation, or deploy a market of your own.',
    meta: { contract, address },
  });
}

function refused(code: MarketVerificationCode, message: string, help: string): CodedError<MarketVerificationCode> {
  return new CodedError(code, message, { help });
}
