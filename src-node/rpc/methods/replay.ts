import { hexOf, type Bytes } from '../../base/bytes.ts';
import type { Chain } from '../../chain/chain.ts';
import { BlockReplay } from '../../chain/execution/block-replay.ts';
import type { Block } from '../../primitives/block.ts';
import { rpcError } from '../protocol/errors.ts';

/** Executes a block of the chain, or one that could follow one of its blocks, once more. @throws CALL_FAILED when its parent is not known */
export function replayOf(chain: Chain, block: Block, checkpoint: () => void): BlockReplay {
  const parent = chain.headerByHash(block.header.parentHash);
  if (parent === undefined || parent.number + 1n !== block.header.number) throw rpcError('CALL_FAILED', `parent ${hexOf(block.header.parentHash)} not found`);
  const blockHash = (number: bigint): Bytes => chain.hashAt(number) ?? new Uint8Array(32);
  return new BlockReplay({ block, state: chain.stateAt(parent.stateRoot), chainId: chain.network.chainId, blockHash, checkpoint });
}
