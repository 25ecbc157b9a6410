import type { Bytes } from '../../base/bytes.ts';
import type { BlockContext } from '../../evm/context.ts';
import type { Tracer } from '../../evm/trace.ts';
import type { Block } from '../../primitives/block.ts';
import { senderOf } from '../../primitives/transaction.ts';
import type { State } from '../../state/state.ts';
import { authorOf } from './author.ts';
import { blockContextOf } from './block-context.ts';
import { GasPool } from './gas-pool.ts';
import { applyTransaction, type TransactionOutcome } from './transaction.ts';

export interface TraceArgs {
  readonly block: Block;
  /** The state of the block's parent; of no use afterwards. */
  readonly state: State;
  readonly chainId: bigint;
  readonly blockHash: BlockContext['blockHash'];
  readonly checkpoint: () => void;
}

/** Executes the transactions of a block again up to one of them, which the tracer looks on. @throws what the tracer or the checkpoint throws */
export function traceTransaction({ block, state, chainId, blockHash, checkpoint }: TraceArgs, index: number, tracer: Tracer): TransactionOutcome | undefined {
  const { header, transactions } = block;
  const modules = { state, evmBlock: blockContextOf(header, authorOf(header), blockHash), gasPool: new GasPool(header.gasLimit), checkpoint };
  let outcome: TransactionOutcome | undefined;
  for (const [i, tx] of transactions.slice(0, index + 1).entries()) {
    const sender: Bytes = senderOf(tx, chainId);
    outcome = applyTransaction({ ...modules, tx, sender, ...(i === index ? { tracer } : {}) });
  }
  return outcome;
}
