import { setImmediate } from 'node:timers/promises';
import type { Chain } from '../../chain/chain.ts';
import type { HashedHeader } from '../../chain/header-verifier.ts';
import type { StoredLog } from '../../primitives/stored-receipt.ts';
import type { BlockTag } from '../parameters/block-tag.ts';
import { matches, mayHold, type LogCriteria } from '../parameters/log-criteria.ts';
import { rpcError } from '../protocol/errors.ts';

/** Logs of one answer. */
const MAX_LOGS = 10_000;
/** Headers looked at between two turns of the event loop. */
const BLOCKS_PER_TURN = 200n;

/** Logs of one block, in their order. */
export function logsOfBlock(chain: Chain, criteria: LogCriteria, { header, hash }: HashedHeader): StoredLog[] {
  if (!mayHold(criteria, header.logsBloom)) return [];
  return (chain.receiptsOf(hash) ?? []).flatMap(({ logs }) => logs.filter((log) => matches(criteria, log)));
}

/** All logs between the two blocks of the criteria, both included. @throws CALL_FAILED when there are more than one answer holds */
export async function searchLogs(chain: Chain, criteria: LogCriteria): Promise<StoredLog[]> {
  const head = chain.head.header.number;
  const last = atMost(numberOf(criteria.toBlock, head), head);
  const found: StoredLog[] = [];
  for (let number = numberOf(criteria.fromBlock, head); number <= last; number++) {
    if (number % BLOCKS_PER_TURN === 0n) await setImmediate();
    const hash = chain.hashAt(number);
    const header = chain.headerByNumber(number);
    if (hash === undefined || header === undefined) break;
    found.push(...logsOfBlock(chain, criteria, { header, hash }));
    if (found.length > MAX_LOGS) throw rpcError('CALL_FAILED', `query returned more than ${MAX_LOGS} results`);
  }
  return found;
}

function numberOf(tag: BlockTag, head: bigint): bigint {
  return typeof tag === 'bigint' ? tag : head;
}

function atMost(value: bigint, bound: bigint): bigint {
  return value < bound ? value : bound;
}

/** Whether a filter with these criteria reports logs of block `number` when it arrives. @throws CALL_FAILED for ranges that make no filter */
export function followsBlock({ fromBlock, toBlock }: LogCriteria, number: bigint): boolean {
  return (typeof fromBlock !== 'bigint' || number >= fromBlock) && (typeof toBlock !== 'bigint' || number <= toBlock);
}

/** @throws CALL_FAILED in the wording of docs/protocol/05 §3.5 */
export function checkRange({ fromBlock, toBlock }: LogCriteria): void {
  const isAhead = (fromBlock === 'latest' && typeof toBlock === 'bigint') || (fromBlock === 'pending' && toBlock !== 'pending');
  const isBackwards = typeof fromBlock === 'bigint' && typeof toBlock === 'bigint' && fromBlock > toBlock;
  if (isAhead || isBackwards) throw rpcError('CALL_FAILED', 'invalid from and to block combination: from > to');
}
