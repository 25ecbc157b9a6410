/** What a network is: its ids, its consensus numbers, its committee and its first block (docs/protocol/02). */
import type { Bytes } from '../base/bytes.ts';
import type { Millis } from '../base/clock.ts';

export type NetworkName = 'mainnet' | 'testmainnet' | 'testnet' | 'dev' | 'testcase' | 'mini' | 'practice';

/** Contracts that the protocol itself calls (docs/protocol/02 §1.1). */
export type ContractName = 'rnode' | 'admission' | 'campaign' | 'rpt' | 'network';

export interface DporConfig {
  /** From block to block. */
  readonly periodMillis: Millis;
  /** Proposers of a term. */
  readonly termLen: number;
  /** Blocks that each proposer makes in a term. */
  readonly viewLen: number;
  /** Validators that may fail; there are 3 · faulty + 1. */
  readonly faulty: number;
  /** Until this block the default proposers are in force and times are not checked. */
  readonly maxInitBlockNumber: bigint;
  /** A block that is later than period + this is replaced by an impeach block. */
  readonly impeachTimeoutMillis: Millis;
}

export interface GenesisAccount {
  readonly address: Bytes;
  readonly balance: bigint;
  readonly nonce: bigint;
  readonly code: Bytes;
  readonly storage: ReadonlyMap<bigint, bigint>;
}

export interface GenesisSpec {
  readonly timeMillis: bigint;
  readonly extra: Bytes;
  readonly gasLimit: bigint;
  readonly alloc: readonly GenesisAccount[];
}

export interface NetworkConfig {
  readonly name: NetworkName;
  readonly chainId: bigint;
  /** Of the peer-to-peer handshake. */
  readonly networkId: number;
  readonly dpor: DporConfig;
  readonly contracts: Readonly<Partial<Record<ContractName, Bytes>>>;
  /** Default candidates of an election. */
  readonly candidates: readonly Bytes[];
  /** Default proposers, in the order of their turns. */
  readonly proposers: readonly Bytes[];
  /** Their order fixes the slot of each signature. */
  readonly validators: readonly Bytes[];
  readonly genesis: GenesisSpec;
}
