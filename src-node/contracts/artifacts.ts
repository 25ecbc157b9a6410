/** The compiled market contracts as the build wrote them; code is compared and deployed from here only. */
import escrow from '../../resources/contracts/PDEscrow.json' with { type: 'json' };
import fraud from '../../resources/contracts/PDFraud.json' with { type: 'json' };
import listings from '../../resources/contracts/PDListing.json' with { type: 'json' };
import type { CompiledContract } from './compiled.ts';

export type MarketContract = 'fraud' | 'listings' | 'escrow';

type Artifact = Pick<CompiledContract, 'bytecode' | 'deployedBytecode' | 'immutableReferences'>;

function artifact(json: Omit<Artifact, 'bytecode' | 'deployedBytecode'> & { readonly bytecode: string; readonly deployedBytecode: string }): Artifact {
  return json as Artifact; // the build wrote "0x" + hex; JSON modules only know strings
}

export const MARKET_ARTIFACTS: Readonly<Record<MarketContract, Artifact>> = {
  fraud: artifact(fraud),
  listings: artifact(listings),
  escrow: artifact(escrow),
};
