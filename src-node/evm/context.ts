import { toBigInt, type Bytes } from '../base/bytes.ts';
import type { State } from '../state/state.ts';

/** What code may learn about its block (docs/protocol/03 §6.4). DIFFICULTY is always 0. */
export interface BlockContext {
  /** 20 bytes: the author, recovered from the seal. */
  readonly coinbase: Bytes;
  readonly number: bigint;
  /** floor(header time / 1000). */
  readonly timeSeconds: bigint;
  readonly gasLimit: bigint;
  /** Hash of an ancestor; asked for number−256 … number−1 only. */
  blockHash(number: bigint): Bytes;
}

export interface TxContext {
  /** 20 bytes. */
  readonly origin: Bytes;
  readonly gasPrice: bigint;
}

/** Jumps between two checkpoints: straight code is short, loops are not. */
const JUMPS_PER_CHECKPOINT = 4096;

/** The surroundings that all frames of one transaction share, with addresses as words ready to be pushed. */
export class Environment {
  readonly state: State;
  readonly block: BlockContext;
  readonly gasPrice: bigint;
  readonly #tx: TxContext;
  #origin: bigint | undefined;
  #coinbase: bigint | undefined;
  readonly #checkpoint: (() => void) | undefined;
  #jumps = 0;

  /** @param checkpoint called at every frame and every few thousand jumps; it may throw to abandon the execution */
  constructor(state: State, block: BlockContext, tx: TxContext, checkpoint?: () => void) {
    this.state = state;
    this.block = block;
    this.gasPrice = tx.gasPrice;
    this.#tx = tx;
    this.#checkpoint = checkpoint;
  }

  get origin(): bigint {
    return (this.#origin ??= toBigInt(this.#tx.origin));
  }

  get coinbase(): bigint {
    return (this.#coinbase ??= toBigInt(this.block.coinbase));
  }

  /** To be called at every start of a frame. */
  atFrame(): void {
    this.#checkpoint?.();
  }

  /** To be called at every jump. */
  atJump(): void {
    if (++this.#jumps % JUMPS_PER_CHECKPOINT === 0) this.#checkpoint?.();
  }

  /** Hash of block `number` as a word, 0 outside of the last 256 blocks. */
  blockHash(number: bigint): bigint {
    const current = this.block.number;
    return number < current && number > current - 257n ? toBigInt(this.block.blockHash(number)) : 0n;
  }
}
