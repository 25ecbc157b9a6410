/** How a network is written down: addresses as hex, so that a table reads like the page it comes from. */
import type { Hex } from '../../base/bytes.ts';
import type { ContractName, NetworkName } from '../network-config.ts';

/** One CPC and a thousandth of it in base units (docs/protocol/01 §1). */
export const CPC = 10n ** 18n;
export const FINNEY = 10n ** 15n;

export interface ContractAccountData {
  readonly address: Hex;
  readonly code: Hex;
  /** Slot to value, 32 bytes each. */
  readonly storage: Readonly<Record<Hex, Hex>>;
}

export interface NetworkData {
  readonly name: NetworkName;
  readonly chainId: bigint;
  readonly networkId: number;
  readonly dpor: {
    readonly periodMillis: number;
    readonly termLen: number;
    readonly viewLen: number;
    readonly faulty: number;
    readonly maxInitBlockNumber: bigint;
    readonly impeachTimeoutMillis: number;
  };
  readonly contracts: Readonly<Partial<Record<ContractName, Hex>>>;
  readonly candidates: readonly Hex[];
  readonly proposers: readonly Hex[];
  readonly validators: readonly Hex[];
  readonly genesis: {
    readonly timeMillis: bigint;
    /** Address and balance; accounts of balance 0 stand in the genesis state too. */
    readonly alloc: readonly (readonly [address: Hex, balance: bigint])[];
    readonly contracts?: readonly ContractAccountData[];
  };
}
