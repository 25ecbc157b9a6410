import { equal, type Bytes } from '../base/bytes.ts';
import { buildBlock } from '../chain/build/build-block.ts';
import { nextBlockTime } from '../chain/execution/next-block.ts';
import type { TransactionPool } from '../chain/pool/transaction-pool.ts';
import { ProgramCache } from '../evm/program.ts';
import type { Block } from '../primitives/block.ts';
import { SIGNATURE_LENGTH } from '../primitives/header.ts';
import type { State } from '../state/state.ts';
import type { RpcBackend } from './backend.ts';

/** A block without proposers, seal and signatures, and the state after it: to read, and to try calls on that are taken back. */
export interface PendingBlock {
  readonly block: Block;
  readonly state: State;
}

export interface PendingBlocksModules extends Pick<RpcBackend, 'chain' | 'clock'> {
  readonly pool: Pick<TransactionPool, 'pending'>;
}

/** What takes longer than this to make is left to blocks that come later. */
const BUILD_MILLIS = 250;
/** Making it anew takes at most one part in as many of the time, so that those who send and price in turn do not pay for each other. */
const PARTS = 5;
/** Who will seal it is not known; its fees go nowhere. */
const NOBODY = new Uint8Array(20);

/** The next block, as it would be made now out of the pool. */
export class PendingBlocks {
  readonly #modules: PendingBlocksModules;
  #last: { readonly parent: Bytes; readonly pending: PendingBlock; readonly until: number } | undefined;

  constructor(modules: PendingBlocksModules) {
    this.#modules = modules;
  }

  /** After a new head a new one; while it is costly to make, one that is a little older than the pool. @throws STATE_MISSING */
  current(): PendingBlock {
    const start = performance.now();
    const { head } = this.#modules.chain;
    if (this.#last !== undefined && equal(this.#last.parent, head.hash) && start < this.#last.until) return this.#last.pending;
    const pending = this.#build(start + BUILD_MILLIS);
    const end = performance.now();
    this.#last = { parent: head.hash, pending, until: end + (end - start) * (PARTS - 1) };
    return pending;
  }

  #build(deadline: number): PendingBlock {
    const { chain, pool, clock } = this.#modules;
    const { head, network } = chain;
    const state = chain.stateAt(head.header.stateRoot);
    const { header, transactions } = buildBlock(
      { parent: head, coinbase: NOBODY, proposers: [], timeMillis: nextBlockTime(head.header, { network, clock }), pending: pool.pending(), hasTime: () => performance.now() < deadline },
      { state, blockHash: (number) => chain.hashAt(number) ?? new Uint8Array(32), programs: new ProgramCache() },
    );
    const sigs = network.validators.map(() => new Uint8Array(SIGNATURE_LENGTH));
    return { block: { header: { ...header, dpor: { ...header.dpor, sigs } }, transactions }, state };
  }
}
