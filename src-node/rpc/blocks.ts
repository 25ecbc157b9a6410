/** Blocks, headers and states by the names that requests use. */
import type { Bytes } from '../base/bytes.ts';
import { buildBlock } from '../chain/build/build-block.ts';
import type { Chain } from '../chain/chain.ts';
import { nextBlockTime } from '../chain/execution/next-block.ts';
import { ProgramCache } from '../evm/program.ts';
import type { Block } from '../primitives/block.ts';
import { headerHash, SIGNATURE_LENGTH, type Header } from '../primitives/header.ts';
import type { State } from '../state/state.ts';
import type { RpcBackend } from './backend.ts';
import type { BlockTag } from './parameters/block-tag.ts';

export interface HashedBlock {
  readonly block: Block;
  readonly hash: Bytes;
}

/** The header that a state query means: for "pending" the head's. Undefined when there is no such block. */
export function headerOf(chain: Chain, tag: BlockTag): Header | undefined {
  return typeof tag === 'bigint' ? chain.headerByNumber(tag) : chain.head.header;
}

/** Undefined when there is no such block, and for "pending": what is not sealed has no hash. */
export function blockOf(chain: Chain, tag: BlockTag): HashedBlock | undefined {
  if (tag === 'pending') return undefined;
  const hash = tag === 'latest' ? chain.head.hash : chain.hashAt(tag);
  return hash === undefined ? undefined : blockOfHash(chain, hash);
}

export function blockOfHash(chain: Chain, hash: Bytes): HashedBlock | undefined {
  const block = chain.blockByHash(hash);
  return block === undefined ? undefined : { block, hash };
}

export function hashed(block: Block): HashedBlock {
  return { block, hash: headerHash(block.header) };
}

/** What takes longer than this to make is left to blocks that come later. */
const BUILD_MILLIS = 250;
/** Who will seal it is not known; its fees go nowhere. */
const NOBODY = new Uint8Array(20);

/** The next block, if it were made now out of the pool, without proposers, seal and signatures; and the state after it. */
export function pendingBlock({ chain, pool, clock }: Pick<RpcBackend, 'chain' | 'pool' | 'clock'>): { readonly block: Block; readonly state: State } {
  const { head, network } = chain;
  const deadline = performance.now() + BUILD_MILLIS;
  const state = chain.stateAt(head.header.stateRoot);
  const { header, transactions } = buildBlock(
    { parent: head, coinbase: NOBODY, proposers: [], timeMillis: nextBlockTime(head.header, { network, clock }), pending: pool.pending(), hasTime: () => performance.now() < deadline },
    { state, blockHash: (number) => chain.hashAt(number) ?? new Uint8Array(32), programs: new ProgramCache() },
  );
  const sigs = network.validators.map(() => new Uint8Array(SIGNATURE_LENGTH));
  return { block: { header: { ...header, dpor: { ...header.dpor, sigs } }, transactions }, state };
}

/** The state after a block; for "pending" with all that waits done. @throws STATE_MISSING when it is read and not stored */
export function stateOf(backend: RpcBackend, tag: BlockTag): State | undefined {
  const { chain, pool } = backend;
  const header = headerOf(chain, tag);
  if (tag === 'pending' && pool.pending().some((list) => list.length > 0)) return pendingBlock(backend).state;
  return header === undefined ? undefined : chain.stateAt(header.stateRoot);
}
