/**
 * Whether three addresses are a market of ours on this chain. Equal code alone is not enough: whoever writes his own
 * creation code can give our code to the chain with balances of his own already in its storage. So the creating
 * transaction itself must carry our creation code.
 */
import { equal, fromHex, toHex, type Bytes, type Hex } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { createAddress } from '../evm/create-address.ts';
import { MARKET_ARTIFACTS, type MarketContract } from './artifacts.ts';
import * as escrowBinding from './bindings/pd-escrow.gen.ts';
import * as listingBinding from './bindings/pd-listing.gen.ts';
import type { MarketAddresses } from './deploy.ts';
import type { MarketParameters } from './market-parameters.ts';

/**
 * NOT_A_MARKET: `meta.contract` is no contract of ours, or was not created by our code. OTHER_CHAIN_MARKET: made for another
 * chain. MIXED_MARKET: the three do not belong together.
 */
export type MarketVerificationCode = 'NOT_A_MARKET' | 'OTHER_CHAIN_MARKET' | 'MIXED_MARKET';

/** What the check reads of a chain; `chain`'s reader fits. */
export interface DeploymentReader {
  readonly chainId: bigint;
  readonly genesisHash: Bytes;
  codeOf(address: Bytes): Promise<Bytes>;
  block(number: bigint): Promise<{
    readonly transactions: readonly { readonly from: Bytes; readonly to: Bytes | null; readonly nonce: bigint; readonly input: Bytes }[];
  } | null>;
}

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
  const { bytecode } = MARKET_ARTIFACTS[contract];
  if (!isOurCode(contract, await reader.codeOf(fromHex(address)))) throw notOurs(contract, address);
  const block = await reader.block(record.createdIn[contract]);
  const creation = block?.transactions.find((tx) => tx.to === null && toHex(createAddress(tx.from, tx.nonce)) === address);
  const code = fromHex(bytecode);
  if (creation === undefined || !equal(creation.input.subarray(0, code.length), code)) throw notOurs(contract, address);
  return creation.input.subarray(code.length);
}

/** Equal to the compiled code where no immutable stands. */
function isOurCode(contract: MarketContract, code: Bytes): boolean {
  const { deployedBytecode, immutableReferences } = MARKET_ARTIFACTS[contract];
  const masked = Uint8Array.from(code);
  for (const { start, length } of Object.values(immutableReferences).flat()) masked.fill(0, start, start + length);
  return equal(masked, fromHex(deployedBytecode));
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
