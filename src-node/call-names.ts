/** Names of the contracts and methods that the program knows. */
import { Interface, type Result } from 'ethers';
import { hexOf, toHex, type Bytes } from './base/bytes.ts';
import channel from '../resources/contracts/PDChannel.json' with { type: 'json' };
import escrow from '../resources/contracts/PDEscrow.json' with { type: 'json' };
import gateway from '../resources/contracts/PDGateway.json' with { type: 'json' };
import listing from '../resources/contracts/PDListing.json' with { type: 'json' };
import stream from '../resources/contracts/PDStream.json' with { type: 'json' };
import rnode from '../resources/contracts/Rnode.json' with { type: 'json' };
import type { CallNames } from './api/services.ts';
import type { MarketAddresses, StreamAddresses } from './contracts/deploy.ts';

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

export interface KnownAddresses {
  readonly rnode: Bytes | null;
  readonly market: () => MarketAddresses | null;
  readonly streams: () => StreamAddresses | null;
  readonly isDelivery: (address: Bytes) => boolean;
}

export function callNames(known: KnownAddresses): CallNames {
  const contracts = { PDListing: knownContract(listing), PDEscrow: knownContract(escrow), PDStream: knownContract(stream), PDChannel: knownContract(channel), PDGateway: knownContract(gateway), Rnode: knownContract(rnode) };
  const contractOf = (address: Bytes): keyof typeof contracts | null => {
    const hex = toHex(address);
    const [market, streams] = [known.market(), known.streams()];
    if (known.rnode !== null && toHex(known.rnode) === hex) return 'Rnode';
    if (hex === market?.listings) return 'PDListing';
    if (hex === market?.escrow) return 'PDEscrow';
    if (hex === streams?.stream) return 'PDStream';
    if (hex === streams?.channel) return 'PDChannel';
    return hex === streams?.gateway ? 'PDGateway' : null;
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
