/** Blocks, headers and states by the names that requests use. */
import type { Bytes } from '../base/bytes.ts';
import type { Chain } from '../chain/chain.ts';
import type { Block } from '../primitives/block.ts';
import { headerHash, type Header } from '../primitives/header.ts';
import type { State } from '../state/state.ts';
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

/** The state after a block; for "pending" the head's. @throws STATE_MISSING when it is read and not stored */
export function stateOf(chain: Chain, tag: BlockTag): State | undefined {
  const header = headerOf(chain, tag);
  return header === undefined ? undefined : chain.stateAt(header.stateRoot);
}
