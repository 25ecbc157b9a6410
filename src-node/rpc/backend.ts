import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import type { Chain } from '../chain/chain.ts';
import type { TransactionPool } from '../chain/pool/transaction-pool.ts';
import type { DatabaseUpkeep } from '../db/store.ts';
import type { WalletPort } from './wallet-port.ts';

export interface SyncProgress {
  /** Head when syncing began, head now, highest head known from peers. */
  readonly startingBlock: bigint;
  readonly currentBlock: bigint;
  readonly highestBlock: bigint;
}

/** The part of the node that is not the chain. */
export interface NodeStatus {
  /** Name, version, platform. */
  readonly clientVersion: string;
  peerCount(): number;
  /** Whether the node accepts connections of others. */
  isListening(): boolean;
  /** Whether it seals blocks of this chain. */
  isSealing(): boolean;
  /** Null when the chain is up to date. */
  syncProgress(): SyncProgress | null;
}

/** What the methods work on. */
export interface RpcBackend {
  readonly chain: Chain;
  readonly pool: TransactionPool;
  readonly node: NodeStatus;
  /** Undefined for a node without a wallet. */
  readonly wallet?: WalletPort | undefined;
  /** Price for a new transaction, base units per gas. */
  gasPrice(): bigint;
  /** Of the chain; undefined when it is kept in memory. */
  readonly database?: DatabaseUpkeep;
  /** Where the program keeps its files. */
  readonly dataDir?: string;
  readonly clock: Clock;
  readonly logger: Logger;
}
