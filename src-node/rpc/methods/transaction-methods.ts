/** Transactions and receipts (docs/protocol/05 §3.3). */
import { toHex, type Bytes } from '../../base/bytes.ts';
import type { Chain } from '../../chain/chain.ts';
import { createAddress } from '../../evm/create-address.ts';
import { encodeTransaction, senderOf, type Transaction } from '../../primitives/transaction.ts';
import type { RpcBackend } from '../backend.ts';
import { blockOf, blockOfHash, hashed, type HashedBlock } from '../blocks.ts';
import type { BlockTag } from '../parameters/block-tag.ts';
import { BLOCK_TAG, DATA, HASH, INDEX } from '../parameters/index.ts';
import { rawTransaction } from '../parameters/raw-transaction.ts';
import type { PendingBlocks } from '../pending-blocks.ts';
import { method, type RpcMethod } from '../protocol/method.ts';
import { quantity } from '../views/quantity.ts';
import { receiptView } from '../views/receipt-view.ts';
import { transactionView } from '../views/transaction-view.ts';

export function transactionMethods({ chain, pool }: RpcBackend, pending: PendingBlocks): RpcMethod[] {
  const blockAt = (tag: BlockTag): HashedBlock | undefined => (tag === 'pending' ? hashed(pending.current().block) : blockOf(chain, tag));
  return [
    method('eth_getTransactionByHash', [HASH], ([hash]) => transactionByHash({ chain, pool }, hash)),
    method('eth_getTransactionByBlockNumberAndIndex', [BLOCK_TAG, INDEX], ([tag, index]) => viewAt(chain, blockAt(tag), index)),
    method('eth_getTransactionByBlockHashAndIndex', [HASH, INDEX], ([hash, index]) => viewAt(chain, blockOfHash(chain, hash), index)),
    method('eth_getRawTransactionByHash', [HASH], ([hash]) => raw(chain.transactionByHash(hash)?.transaction ?? pool.get(hash)?.transaction)),
    method('eth_getRawTransactionByBlockNumberAndIndex', [BLOCK_TAG, INDEX], ([tag, index]) => raw(blockAt(tag)?.block.transactions[index])),
    method('eth_getRawTransactionByBlockHashAndIndex', [HASH, INDEX], ([hash, index]) => raw(blockOfHash(chain, hash)?.block.transactions[index])),
    method('eth_getAllTransactionsByBlockNumberAndIndex', [BLOCK_TAG, INDEX, INDEX], ([tag, from, to]) => range(chain, blockOf(chain, tag), from, to)),
    method('eth_getTransactionReceipt', [HASH], ([hash]) => receiptByHash(chain, hash)),
    method('eth_sendRawTransaction', [DATA], async ([data]) => toHex(await pool.addLocal(rawTransaction(data)))),
  ];
}

function raw(tx: Transaction | undefined): string {
  return tx === undefined ? '0x' : toHex(encodeTransaction(tx));
}

function transactionByHash({ chain, pool }: Pick<RpcBackend, 'chain' | 'pool'>, hash: Bytes): object | null {
  const located = chain.transactionByHash(hash);
  if (located !== undefined) return transactionView(located.transaction, senderOf(located.transaction, chain.network.chainId), located);
  const pooled = pool.get(hash);
  return pooled === undefined ? null : transactionView(pooled.transaction, pooled.sender, null);
}

function viewAt(chain: Chain, found: HashedBlock | undefined, index: number): object | null {
  const tx = found?.block.transactions[index];
  if (found === undefined || tx === undefined) return null;
  return transactionView(tx, senderOf(tx, chain.network.chainId), { blockHash: found.hash, blockNumber: found.block.header.number, index });
}

function receiptByHash(chain: Chain, hash: Bytes): object | null {
  const located = chain.transactionByHash(hash);
  const receipt = chain.receiptByHash(hash);
  if (located === undefined || receipt === undefined) return null;
  return receiptView(receipt, located.transaction, senderOf(located.transaction, chain.network.chainId), located);
}

/** Transactions `from` … `to`−1 of a block with what they did and, for creations, what they made. */
function range(chain: Chain, found: HashedBlock | undefined, from: number, to: number): object[] | null {
  if (found === undefined) return null;
  const { block, hash } = found;
  if (block.transactions.length === 0) return [];
  const end = Math.min(to, block.transactions.length);
  if (from > end) return null;
  const receipts = chain.receiptsOf(hash) ?? [];
  const state = chain.stateAt(block.header.stateRoot);
  return block.transactions.slice(from, end).map((tx, offset) => {
    const index = from + offset;
    const sender = senderOf(tx, chain.network.chainId);
    const created = tx.to === null ? createAddress(sender, tx.nonce) : null;
    return {
      ...transactionView(tx, sender, { blockHash: hash, blockNumber: block.header.number, index }),
      creator: created === null ? null : toHex(sender),
      isContract: created !== null,
      code: created === null ? '0x' : toHex(state.codeOf(created)),
      contractAddress: created === null ? null : toHex(created),
      gasUsed: quantity(receipts[index]?.gasUsed ?? 0n),
      status: quantity(receipts[index]?.status ?? 0),
    };
  });
}
