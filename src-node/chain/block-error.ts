/** Why a block cannot join the chain. Every such error names its block in `meta.block`. */
import { CodedError, isCoded, type ErrorMeta } from '../base/errors.ts';

/**
 * - BAD_BLOCK_DATA: not the encoding of a block
 * - NOT_CONNECTED: its parent is not the head of the chain
 * - BLOCK_CONFLICT: another block stands at its number; blocks are final (docs/protocol/03 §5)
 * - BAD_HEADER: a header rule is broken (docs/protocol/03 §4)
 * - BAD_PROPOSERS: its committee is not the one of its term
 * - BAD_SEAL: not sealed by the proposer whose turn it is
 * - BAD_SIGNATURES: too few valid signatures of distinct validators in their slots
 * - BAD_TRANSACTION: a transaction that cannot be in it
 * - BAD_TRANSACTIONS_ROOT, BAD_GAS_USED, BAD_BLOOM, BAD_RECEIPTS_ROOT, BAD_STATE_ROOT: execution gives another result than the header says
 */
export type BlockErrorCode =
  | 'BAD_BLOCK_DATA'
  | 'NOT_CONNECTED'
  | 'BLOCK_CONFLICT'
  | 'BAD_HEADER'
  | 'BAD_PROPOSERS'
  | 'BAD_SEAL'
  | 'BAD_SIGNATURES'
  | 'BAD_TRANSACTION'
  | 'BAD_TRANSACTIONS_ROOT'
  | 'BAD_GAS_USED'
  | 'BAD_BLOOM'
  | 'BAD_RECEIPTS_ROOT'
  | 'BAD_STATE_ROOT';

const HELP = 'The chain stays at the block before it. Get the block from another source.';

/** `reason` completes the sentence "Block N …". */
export function blockError(code: BlockErrorCode, number: bigint, reason: string, details: { meta?: ErrorMeta; cause?: unknown } = {}): CodedError<BlockErrorCode> {
  return new CodedError(code, `Block ${number.toString()} ${reason}.`, {
    help: HELP,
    meta: { ...details.meta, block: Number(number) },
    ...(isCoded(details.cause) || details.cause instanceof Error ? { cause: details.cause } : {}),
  });
}

/** Whether the block is to blame, and not what executes it. */
export function isBlockError(error: unknown): error is CodedError<BlockErrorCode> {
  return isCoded(error) && error.help === HELP;
}
