/** Names of the contracts and methods that the program knows. */
import { Interface, type Result } from 'ethers';
import { fromHex, hexOf, toHex, type Bytes } from './base/bytes.ts';
import escrow from '../resources/contracts/PDEscrow.json' with { type: 'json' };
import listing from '../resources/contracts/PDListing.json' with { type: 'json' };
import rnode from '../resources/contracts/Rnode.json' with { type: 'json' };
import type { CallNames } from './api/services.ts';
import type { MarketAddresses } from './contracts/deploy.ts';

interface KnownContract {
  readonly abi: Interface;
  /** Names by selector, 8 hex digits. */
  readonly methods: ReadonlyMap<string, string>;
}

function knownContract({ abi: fragments }: { readonly abi: readonly unknown[] }): KnownContract {
  const abi = new Interface(fragments as ConstructorParameters<typeof Interface>[0]);
  const methods = new Map<string, string>();
  abi.forEachFunction(({ selector, name }) => methods.set(selector.slice(2), name));
  return { abi, methods };
}

/** A value as text: lists in brackets. */
function textOf(value: unknown): string {
  return Array.isArray(value) ? `[${(value as readonly unknown[]).map(textOf).join(', ')}]` : String(value);
}

/** Null for data that is not exactly a call of the contract: what decoders pass over would not be seen. */
function decoded(abi: Interface, payload: Bytes): readonly { readonly name: string; readonly value: string }[] | null {
  const method = abi.getFunction(toHex(payload.subarray(0, 4)));
  if (method === null) return null;
  try {
    const values: Result = abi.decodeFunctionData(method, payload);
    if (abi.encodeFunctionData(method, values) !== toHex(payload)) return null;
    return method.inputs.map(({ name }, i) => ({ name, value: textOf(values[i]) }));
  } catch {
    return null; // too short, or no values of these types
  }
}

export function callNames(known: { readonly rnode: Bytes | null; readonly market: () => MarketAddresses | null; readonly isDelivery: (address: Bytes) => boolean }): CallNames {
  const contracts = { PDListing: knownContract(listing), PDEscrow: knownContract(escrow), Rnode: knownContract(rnode) };
  const contractOf = (address: Bytes): keyof typeof contracts | null => {
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
      return contract === null ? null : (contracts[contract].methods.get(hexOf(selector)) ?? null);
    },
    argumentsOf: (address, payload) => {
      const contract = contractOf(address);
      return contract === null || payload.length < 4 ? null : decoded(contracts[contract].abi, payload);
    },
  };
}
