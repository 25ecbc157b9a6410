/** The chain as this program sees it. */
import { z } from 'zod';
import { procedure, type, type Address, type Hash, type Time } from './base.ts';

export interface HeadView {
  readonly number: number;
  readonly hash: Hash;
  readonly at: Time;
}

export interface NodeView {
  readonly network: string;
  readonly chainId: number;
  readonly genesisHash: Hash;
  /** `sealing`: the practice committee runs here. `remote`: blocks are read from a trusted node. `stopped`: with the reason. */
  readonly mode: 'sealing' | 'remote' | 'stopped';
  /** `old-chain`: the practice chain of an older version, which is only looked at. */
  readonly reason: 'old-chain' | null;
  readonly head: HeadView | null;
  readonly periodMillis: number;
  readonly termLen: number;
  readonly viewLen: number;
  /** Block of this term the head is at, 0-based; of termLen * viewLen. */
  readonly blockOfTerm: number;
  readonly term: number;
  readonly proposers: readonly Address[];
  readonly validators: readonly Address[];
  readonly pendingTransactions: number;
  /** JSON-RPC address on loopback, or null where this program does not serve one. */
  readonly rpcUrl: string | null;
  /** File whose content authorises programs there for what is not open to all, or null. */
  readonly rpcTokenPath: string | null;
  readonly remoteUrl: string | null;
}

export interface BlockView extends HeadView {
  readonly proposer: Address | null;
  readonly transactions: number;
  readonly gasUsed: number;
  readonly gasLimit: number;
  readonly impeach: boolean;
  readonly signatures: number;
}

export const node = {
  state: procedure.output(type<NodeView>()),
  blocks: procedure.input(z.object({ limit: z.number().int().min(1).max(100) })).output(type<readonly BlockView[]>()),
};
