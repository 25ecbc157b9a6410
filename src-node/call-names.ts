/** Names of the contracts and methods that the program knows. */
import { Interface } from 'ethers';
import { fromHex, hexOf, type Bytes } from './base/bytes.ts';
import escrow from '../resources/contracts/PDEscrow.json' with { type: 'json' };
import listing from '../resources/contracts/PDListing.json' with { type: 'json' };
import rnode from '../resources/contracts/Rnode.json' with { type: 'json' };
import type { CallNames } from './api/services.ts';
import type { MarketAddresses } from './contracts/deploy.ts';

/** Selector (8 hex digits) to method name. */
function methodsOf(abi: readonly unknown[]): ReadonlyMap<string, string> {
  const methods = new Map<string, string>();
  new Interface(abi as ConstructorParameters<typeof Interface>[0]).forEachFunction((fragment) => methods.set(fragment.selector.slice(2), fragment.name));
  return methods;
}

export function callNames(known: { readonly rnode: Bytes | null; readonly market: () => MarketAddresses | null; readonly isDelivery: (address: Bytes) => boolean }): CallNames {
  const methods = { PDListing: methodsOf(listing.abi), PDEscrow: methodsOf(escrow.abi), Rnode: methodsOf(rnode.abi) };
  const contractOf = (address: Bytes): keyof typeof methods | null => {
    const hex = hexOf(address);
    const market = known.market();
    if (known.rnode !== null && hexOf(known.rnode) === hex) return 'Rnode';
    if (market !== null && hexOf(fromHex(market.listings)) === hex) return 'PDListing';
    return market !== null && hexOf(fromHex(market.escrow)) === hex ? 'PDEscrow' : null;
  };
  return {
    contractOf,
    isDelivery: known.isDelivery,
    methodOf: (address, selector) => {
      const contract = contractOf(address);
      return contract === null ? null : (methods[contract].get(hexOf(selector)) ?? null);
    },
  };
}
