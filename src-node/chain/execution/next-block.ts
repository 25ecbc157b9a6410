import type { Clock } from '../../base/clock.ts';
import type { BlockContext } from '../../evm/context.ts';
import type { NetworkConfig } from '../../networks/network-config.ts';
import type { Header } from '../../primitives/header.ts';
import { blockContextOf } from './block-context.ts';

export interface NextBlockModules {
  readonly network: NetworkConfig;
  readonly clock: Clock;
  readonly blockHash: BlockContext['blockHash'];
}

/** Who will seal the next block is not known; its fees go nowhere. */
const NOBODY = new Uint8Array(20);

/** Milliseconds: when the block after `head` would be made, if it were made now. */
export function nextBlockTime(head: Header, { network, clock }: Pick<NextBlockModules, 'network' | 'clock'>): bigint {
  const due = head.timeMillis + BigInt(network.dpor.periodMillis);
  const now = BigInt(clock.now());
  return due > now ? due : now;
}

/** What code would see in the block after `head`, if it were made now (docs/protocol/03 §8). */
export function nextBlockContext(head: Header, { network, clock, blockHash }: NextBlockModules): BlockContext {
  return blockContextOf({ ...head, number: head.number + 1n, timeMillis: nextBlockTime(head, { network, clock }) }, NOBODY, blockHash);
}
