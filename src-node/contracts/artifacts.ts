/** The compiled contracts of market and streams as the build wrote them; code is compared and deployed from here only. */
import channel from '../../resources/contracts/PDChannel.json' with { type: 'json' };
import escrow from '../../resources/contracts/PDEscrow.json' with { type: 'json' };
import fraud from '../../resources/contracts/PDFraud.json' with { type: 'json' };
import gateway from '../../resources/contracts/PDGateway.json' with { type: 'json' };
import listings from '../../resources/contracts/PDListing.json' with { type: 'json' };
import stream from '../../resources/contracts/PDStream.json' with { type: 'json' };
import type { CompiledContract } from './compiled.ts';

export type MarketContract = 'fraud' | 'listings' | 'escrow';
export type StreamContract = 'gateway' | 'stream' | 'channel';

export type Artifact = Pick<CompiledContract, 'bytecode' | 'deployedBytecode' | 'immutableReferences'>;

function artifact(json: Omit<Artifact, 'bytecode' | 'deployedBytecode'> & { readonly bytecode: string; readonly deployedBytecode: string }): Artifact {
  return json as Artifact; // the build wrote "0x" + hex; JSON modules only know strings
}

export const MARKET_ARTIFACTS: Readonly<Record<MarketContract, Artifact>> = {
  fraud: artifact(fraud),
  listings: artifact(listings),
  escrow: artifact(escrow),
};

export const STREAM_ARTIFACTS: Readonly<Record<StreamContract, Artifact>> = {
  gateway: artifact(gateway),
  stream: artifact(stream),
  channel: artifact(channel),
};
