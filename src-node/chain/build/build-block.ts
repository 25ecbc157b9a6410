/** Builds the block after a parent out of pending transactions (docs/protocol/03 §8). Sealing and signing it is the committee's. */
import type { Bytes } from '../../base/bytes.ts';
import type { BlockContext } from '../../evm/context.ts';
import type { ProgramCache } from '../../evm/program.ts';
import type { Block } from '../../primitives/block.ts';
import { deriveRoot } from '../../primitives/derive-root.ts';
import type { Header } from '../../primitives/header.ts';
import { encodeTransaction, type Transaction } from '../../primitives/transaction.ts';
import type { State } from '../../state/state.ts';
import { completeBlock } from '../execution/block.ts';
import { blockContextOf } from '../execution/block-context.ts';
import { isExecutionError } from '../execution/errors.ts';
import { GasPool } from '../execution/gas-pool.ts';
import { applyTransaction, type TransactionOutcome } from '../execution/transaction.ts';
import type { HashedHeader } from '../header-verifier.ts';
import { childHeader } from './child-header.ts';
import { nextGasLimit } from './gas-limit.ts';
import { TransactionQueue, type PendingTransaction } from './transaction-queue.ts';

export interface BuildArgs {
  readonly parent: HashedHeader;
  /** 20 bytes: gets reward and fees. */
  readonly coinbase: Bytes;
  /** The proposers of the block's term. */
  readonly proposers: readonly Bytes[];
  readonly timeMillis: bigint;
  /** One list per account, by ascending nonce. */
  readonly pending: Iterable<readonly PendingTransaction[]>;
  /** Asked before each transaction; false ends the block with what it has. */
  readonly hasTime: () => boolean;
}

export interface BuildModules {
  /** The parent's state; it becomes the block's. */
  readonly state: State;
  readonly blockHash: BlockContext['blockHash'];
  readonly programs: ProgramCache;
}

const EXTRA_LENGTH = 32;
/** With less left no transaction fits. */
const SMALLEST_GAS = 21_000n;

/** A block without seal and signatures, but with the results of its execution. */
export function buildBlock(args: BuildArgs, modules: BuildModules): Block {
  const { parent, coinbase, proposers, timeMillis } = args;
  const draft: Header = { ...childHeader(parent, proposers, timeMillis, EXTRA_LENGTH), coinbase, gasLimit: nextGasLimit(parent.header) };
  const { transactions, outcomes } = applyPending(draft, args, modules);
  const { gasUsed, logsBloom, receiptsRoot, stateRoot } = completeBlock(draft, modules.state, outcomes);
  const transactionsRoot = deriveRoot(transactions.map(encodeTransaction));
  return { header: { ...draft, gasUsed, logsBloom, receiptsRoot, stateRoot, transactionsRoot }, transactions };
}

interface Applied {
  readonly transactions: readonly Transaction[];
  readonly outcomes: readonly TransactionOutcome[];
}

function applyPending(draft: Header, args: BuildArgs, modules: BuildModules): Applied {
  const { state, programs, blockHash } = modules;
  const evmBlock = blockContextOf(draft, args.coinbase, blockHash);
  const gasPool = new GasPool(draft.gasLimit);
  const queue = new TransactionQueue(args.pending);
  const transactions: Transaction[] = [];
  const outcomes: TransactionOutcome[] = [];
  for (let next = queue.next; next !== undefined; next = queue.next) {
    if (gasPool.left < SMALLEST_GAS || !args.hasTime()) break;
    const { transaction: tx, sender } = next;
    try {
      outcomes.push(applyTransaction({ tx, sender, state, evmBlock, gasPool, programs }));
      transactions.push(tx);
      queue.take();
    } catch (error) {
      if (!isExecutionError(error)) throw error;
      // nothing after it can follow when its nonce is ahead; what does not fit now may fit the next block
      if (error.code === 'NONCE_TOO_HIGH' || error.code === 'BLOCK_FULL') queue.drop();
      else queue.take();
    }
  }
  return { transactions, outcomes };
}
