/** debug: what a developer asks of a chain, as far as it is kept (docs/protocol/05 §5). */
import { hexOf, toHex } from '../../base/bytes.ts';
import { encodeBlock } from '../../primitives/block.ts';
import type { RpcBackend } from '../backend.ts';
import { blockOf } from '../blocks.ts';
import { NUMBER } from '../parameters/index.ts';
import { rpcError } from '../protocol/errors.ts';
import { method, type RpcMethod } from '../protocol/method.ts';
import { printedBlock } from '../views/printed-block.ts';
import { viewOf } from './block-methods.ts';

export function debugMethods({ chain }: Pick<RpcBackend, 'chain'>): RpcMethod[] {
  return [
    /** Committee members that are connected; null for none. */
    method('debug_dporPeers', [], () => null), // nobody connects, and net_peerCount says so
    /** Hex without "0x". */
    method('debug_getBlockRlp', [NUMBER], ([number]) => {
      const block = chain.blockByNumber(BigInt(number));
      if (block === undefined) throw rpcError('CALL_FAILED', `block #${number} not found`);
      return hexOf(encodeBlock(block));
    }),
    /** For people to read. */
    method('debug_printBlock', [NUMBER], ([number]) => {
      const found = blockOf(chain, BigInt(number));
      if (found === undefined) throw rpcError('CALL_FAILED', `block #${number} not found`);
      return printedBlock(found.block, found.hash);
    }),
    /** Blocks that were refused since the program began, the latest first. */
    method('debug_getBadBlocks', [], () => chain.refused.map(({ block, hash, encoded }) => ({ hash: toHex(hash), block: viewOf(chain, { block, hash }, true), rlp: toHex(encoded) }))),
  ];
}
