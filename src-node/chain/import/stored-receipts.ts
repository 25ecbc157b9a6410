/** The receipts of a block with their place in the chain (docs/protocol/01 §5.3). */
import type { Bytes } from '../../base/bytes.ts';
import type { Block } from '../../primitives/block.ts';
import type { StoredReceipt } from '../../primitives/stored-receipt.ts';
import type { BlockOutcome } from '../execution/block.ts';

const NO_CONTRACT = new Uint8Array(20);

export function storedReceipts(block: Block, blockHash: Bytes, transactionHashes: readonly Bytes[], outcome: BlockOutcome): StoredReceipt[] {
  const blockNumber = block.header.number;
  let logIndex = 0;
  return outcome.outcomes.map(({ receipt, gasUsed, contractAddress }, transactionIndex) => {
    const transactionHash = transactionHashes[transactionIndex] ?? new Uint8Array(32);
    return {
      ...receipt,
      logs: receipt.logs.map((log) => ({ ...log, blockNumber, transactionHash, transactionIndex, blockHash, logIndex: logIndex++ })),
      transactionHash,
      contractAddress: contractAddress ?? NO_CONTRACT,
      gasUsed,
    };
  });
}
