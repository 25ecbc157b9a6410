/** Checks an examined block against its parent, executes it, and compares the outcome with its header (docs/protocol/03 §2, §4). */
import { equal, split, toHex, type Bytes } from '../../base/bytes.ts';
import { isCoded } from '../../base/errors.ts';
import type { BlockContext } from '../../evm/context.ts';
import type { ProgramCache } from '../../evm/program.ts';
import type { Block } from '../../primitives/block.ts';
import type { Header } from '../../primitives/header.ts';
import type { State } from '../../state/state.ts';
import { blockError, type BlockErrorCode } from '../block-error.ts';
import type { Examination } from '../examination/examine-block.ts';
import { executeBlock, type BlockOutcome } from '../execution/block.ts';
import { isExecutionError } from '../execution/errors.ts';
import type { HeaderVerifier } from '../header-verifier.ts';
import type { ExecutedBlock } from '../store/chain-store.ts';
import { storedReceipts } from './stored-receipts.ts';

export interface ExecuteModules {
  readonly verifier: HeaderVerifier;
  /** The parent's state; it becomes the block's, and is left to commit. Of no use after a failure. */
  readonly state: State;
  readonly blockHash: BlockContext['blockHash'];
  readonly programs: ProgramCache;
}

/** @throws CodedError<BlockErrorCode> */
export function executeExamined(block: Block, examination: Examination, parent: Header, modules: ExecuteModules): Omit<ExecutedBlock, 'encoded'> {
  const { header } = block;
  const { hash, author } = examination;
  modules.verifier.verify({ header, hash, author, signers: split(examination.signers, 20) }, parent);
  requireEqual('BAD_TRANSACTIONS_ROOT', header, 'does not hold the transactions that its header names', header.transactionsRoot, examination.transactionsRoot);
  const outcome = execute(block, examination, modules);
  compare(header, outcome);
  const transactionHashes = split(examination.transactionHashes, 32);
  return { number: header.number, hash, transactionHashes, receipts: storedReceipts(block, hash, transactionHashes, outcome) };
}

function execute(block: Block, examination: Examination, modules: ExecuteModules): BlockOutcome {
  try {
    return executeBlock({ block, senders: split(examination.senders, 20), author: examination.author, ...modules });
  } catch (error) {
    if (!isExecutionError(error)) throw error;
    throw blockError('BAD_TRANSACTION', block.header.number, `holds a transaction that cannot be in it (${error.message})`, { meta: { reason: error.code }, cause: error });
  }
}

function compare(header: Header, outcome: BlockOutcome): void {
  if (outcome.gasUsed !== header.gasUsed) {
    throw blockError('BAD_GAS_USED', header.number, 'used another amount of gas than its header says', {
      meta: { said: header.gasUsed.toString(), found: outcome.gasUsed.toString() },
    });
  }
  requireEqual('BAD_BLOOM', header, 'has other logs than its bloom says', header.logsBloom, outcome.logsBloom);
  requireEqual('BAD_RECEIPTS_ROOT', header, 'has other receipts than its header says', header.receiptsRoot, outcome.receiptsRoot);
  requireEqual('BAD_STATE_ROOT', header, 'leads to another state than its header says', header.stateRoot, outcome.stateRoot);
}

function requireEqual(code: BlockErrorCode, header: Header, reason: string, said: Bytes, found: Bytes): void {
  if (!equal(said, found)) throw blockError(code, header.number, reason, { meta: { said: toHex(said), found: toHex(found) } });
}

/** The failure of an examination as one that names the block. */
export function examinationError(number: bigint, cause: unknown): Error {
  if (isCoded(cause, 'BAD_SIGNATURE') || isCoded(cause, 'WRONG_CHAIN')) {
    return blockError('BAD_TRANSACTION', number, `holds a transaction without a valid sender (${cause.message})`, { meta: { reason: cause.code }, cause });
  }
  return blockError('BAD_BLOCK_DATA', number, 'cannot be read', { cause });
}
