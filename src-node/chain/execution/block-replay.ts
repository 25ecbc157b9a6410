import type { Bytes } from '../../base/bytes.ts';
import type { BlockContext } from '../../evm/context.ts';
import type { Tracer } from '../../evm/trace.ts';
import type { Block } from '../../primitives/block.ts';
import { senderOf, type Transaction } from '../../primitives/transaction.ts';
import type { State } from '../../state/state.ts';
import { authorOf } from './author.ts';
import { blockContextOf } from './block-context.ts';
import { GasPool } from './gas-pool.ts';
import { applyTransaction, type TransactionOutcome } from './transaction.ts';

export interface ReplayArgs {
  readonly block: Block;
  /** Of the block's parent; it becomes the one after each transaction. */
  readonly state: State;
  readonly chainId: bigint;
  readonly blockHash: BlockContext['blockHash'];
  /** It may throw to abandon the execution. */
  readonly checkpoint: () => void;
}

export interface SentTransaction {
  readonly tx: Transaction;
  /** 20 bytes. */
  readonly sender: Bytes;
}

/** The transactions of a block, executed once more one after the other. */
export class BlockReplay {
  readonly #args: ReplayArgs;
  readonly #evmBlock: BlockContext;
  readonly #gasPool: GasPool;

  constructor(args: ReplayArgs) {
    const { header } = args.block;
    this.#args = args;
    this.#evmBlock = blockContextOf(header, authorOf(header), args.blockHash);
    this.#gasPool = new GasPool(header.gasLimit);
  }

  /** As the transactions executed so far left it. */
  get state(): State {
    return this.#args.state;
  }

  /** The first transactions, up to that with the index, without it. @throws as `execute` */
  skipTo(index: number): void {
    for (let i = 0; i < index; i++) this.execute(i);
  }

  /** @returns with who sent it, 20 bytes */
  transactionAt(index: number): SentTransaction {
    const { block, chainId } = this.#args;
    const tx = block.transactions[index];
    if (tx === undefined) throw new RangeError(`the block has no transaction ${index}`);
    return { tx, sender: senderOf(tx, chainId) };
  }

  /** One transaction, on what those before it left. @throws what the tracer or the checkpoint throws; CodedError<ExecutionErrorCode> when it cannot be in the block */
  execute(index: number, tracer?: Tracer): TransactionOutcome {
    const { state, checkpoint } = this.#args;
    const modules = { state, evmBlock: this.#evmBlock, gasPool: this.#gasPool, checkpoint, ...(tracer === undefined ? {} : { tracer }) };
    return applyTransaction({ ...modules, ...this.transactionAt(index) });
  }
}
