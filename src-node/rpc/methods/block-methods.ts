/** Blocks (docs/protocol/05 §3.2). There are no uncles on this chain; the methods about them exist for older programs. */
import { toHex } from '../../base/bytes.ts';
import type { Chain } from '../../chain/chain.ts';
import type { Block } from '../../primitives/block.ts';
import { senderOf, transactionHash } from '../../primitives/transaction.ts';
import type { RpcBackend } from '../backend.ts';
import { blockOf, blockOfHash, hashed, type HashedBlock } from '../blocks.ts';
import { BLOCK_TAG, BOOLEAN, HASH, INDEX } from '../parameters/index.ts';
import type { PendingBlock, PendingBlocks } from '../pending-blocks.ts';
import { method, type RpcMethod } from '../protocol/method.ts';
import { blockView, pendingBlockView } from '../views/block-view.ts';
import { quantity } from '../views/quantity.ts';
import { transactionView } from '../views/transaction-view.ts';

export function blockMethods({ chain }: RpcBackend, pending: PendingBlocks): RpcMethod[] {
  return [
    method('eth_getBlockByNumber', [BLOCK_TAG, BOOLEAN], ([tag, full]) => (tag === 'pending' ? pendingViewOf(chain, pending.current(), full) : viewOf(chain, blockOf(chain, tag), full))),
    method('eth_getBlockByHash', [HASH, BOOLEAN], ([hash, full]) => viewOf(chain, blockOfHash(chain, hash), full)),
    method('eth_getBlockTransactionCountByNumber', [BLOCK_TAG], ([tag]) => (tag === 'pending' ? quantity(pending.current().block.transactions.length) : countOf(blockOf(chain, tag)))),
    method('eth_getBlockTransactionCountByHash', [HASH], ([hash]) => countOf(blockOfHash(chain, hash))),
    method('eth_getUncleCountByBlockNumber', [BLOCK_TAG], ([tag]) => (tag !== 'pending' && blockOf(chain, tag) === undefined ? null : quantity(0))),
    method('eth_getUncleCountByBlockHash', [HASH], ([hash]) => (chain.headerByHash(hash) === undefined ? null : quantity(0))),
    method('eth_getUncleByBlockNumberAndIndex', [BLOCK_TAG, INDEX], () => ({})),
    method('eth_getUncleByBlockHashAndIndex', [HASH, INDEX], () => ({})),
  ];
}

/** Null for an unknown block. @param full whether transactions are objects or hashes */
export function viewOf(chain: Chain, found: HashedBlock | undefined, full: boolean): object | null {
  if (found === undefined) return null;
  const { block, hash } = found;
  return blockView(block, hash, full ? transactionViews(chain, found) : hashesOf(block));
}

function pendingViewOf(chain: Chain, { block }: PendingBlock, full: boolean): object {
  return pendingBlockView(block, full ? transactionViews(chain, hashed(block)) : hashesOf(block));
}

function transactionViews({ network }: Chain, { block, hash }: HashedBlock): readonly object[] {
  return block.transactions.map((tx, index) => transactionView(tx, senderOf(tx, network.chainId), { blockHash: hash, blockNumber: block.header.number, index }));
}

function hashesOf({ transactions }: Block): readonly string[] {
  return transactions.map((tx) => toHex(transactionHash(tx)));
}

function countOf(found: HashedBlock | undefined): string | null {
  return found === undefined ? null : quantity(found.block.transactions.length);
}
