import type { Bytes } from '../../base/bytes.ts';
import type { BlockContext } from '../../evm/context.ts';
import type { Header } from '../../primitives/header.ts';

const MILLIS_PER_SECOND = 1000n;

/** What code sees of a block by `author` (docs/protocol/03 §1, §6.4). `blockHash` finds hashes of the block's ancestors. */
export function blockContextOf(header: Header, author: Bytes, blockHash: BlockContext['blockHash']): BlockContext {
  return {
    coinbase: author,
    number: header.number,
    timeSeconds: header.timeMillis / MILLIS_PER_SECOND,
    gasLimit: header.gasLimit,
    blockHash,
  };
}
