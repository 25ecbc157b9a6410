import { isZero, type Bytes } from '../../base/bytes.ts';
import type { BlockContext } from '../../evm/context.ts';
import type { ProgramCache } from '../../evm/program.ts';
import type { Block } from '../../primitives/block.ts';
import { mergeBlooms } from '../../primitives/bloom.ts';
import { deriveRoot } from '../../primitives/derive-root.ts';
import type { Header } from '../../primitives/header.ts';
import { encodeReceipt } from '../../primitives/receipt.ts';
import type { State } from '../../state/state.ts';
import { blockContextOf } from './block-context.ts';
import { GasPool } from './gas-pool.ts';
import { blockReward } from './reward.ts';
import { applyTransaction, type TransactionOutcome } from './transaction.ts';

export interface BlockArgs {
  readonly block: Block;
  /** The parent's state; it becomes the block's. */
  readonly state: State;
  /** Sender of each transaction, 20 bytes. */
  readonly senders: readonly Bytes[];
  /** Who sealed the block (`authorOf`). */
  readonly author: Bytes;
  /** Hash of an ancestor of the block. */
  readonly blockHash: BlockContext['blockHash'];
  readonly programs?: ProgramCache;
}

/** What the header must say. */
export interface BlockOutcome {
  readonly outcomes: readonly TransactionOutcome[];
  readonly gasUsed: bigint;
  readonly logsBloom: Bytes;
  readonly receiptsRoot: Bytes;
  readonly stateRoot: Bytes;
}

/**
 * Executes all transactions and pays the reward (docs/protocol/03 §2). Comparing the outcome with the header is the caller's.
 * @throws CodedError<ExecutionErrorCode> when a transaction cannot be in the block
 */
export function executeBlock(args: BlockArgs): BlockOutcome {
  const { block, state, senders, author, blockHash, programs } = args;
  const { header, transactions } = block;
  const evmBlock = blockContextOf(header, author, blockHash);
  const gasPool = new GasPool(header.gasLimit);
  const modules = { state, evmBlock, gasPool, ...(programs === undefined ? {} : { programs }) };
  const outcomes = transactions.map((tx, index) => applyTransaction({ ...modules, tx, sender: senders[index] as Bytes }));
  return completeBlock(header, state, outcomes);
}

/** Pays the reward and sums up, when all transactions of the block are applied: also the last step of building one. */
export function completeBlock(header: Pick<Header, 'coinbase' | 'number'>, state: State, outcomes: readonly TransactionOutcome[]): BlockOutcome {
  if (!isZero(header.coinbase)) {
    state.addBalance(header.coinbase, blockReward(header.number));
    state.finalise();
  }
  return {
    outcomes,
    gasUsed: outcomes.at(-1)?.receipt.cumulativeGasUsed ?? 0n,
    logsBloom: mergeBlooms(outcomes.map(({ receipt }) => receipt.bloom)),
    receiptsRoot: deriveRoot(outcomes.map(({ receipt }) => encodeReceipt(receipt))),
    stateRoot: state.root(),
  };
}
