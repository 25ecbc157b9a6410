/** When the program itself raises the price of a transaction that it signed without a sheet, and to what. */
import type { CodedError } from '../base/errors.ts';
import type { ChainReader } from '../chain/reader.ts';
import type { OutboxEntry } from './action.ts';
import { bumped, isPublic, latestAttempt, leastPrice, type Candidate } from './attempts.ts';

/** Blocks that a transaction may wait before it is offered at a higher price. */
const PATIENCE_BLOCKS = 3n;

export interface DueReplacement {
  /** Base units per gas. */
  readonly gasPrice: bigint;
  /** Number of the refused attempt that is tried again in its place, or null for a new one. */
  readonly refused: number | null;
}

/** Null while it is not due, and always for what a person signed on a sheet. */
export async function replacementDue(entry: OutboxEntry, reader: ChainReader): Promise<DueReplacement | null> {
  const head = reader.head();
  const last = latestAttempt(entry);
  if (head === null || entry.authority.kind === 'sheet' || !isPublic(entry)) return null;
  // A person has taken it in hand.
  if (last !== null && last.authority.kind === 'sheet') return null;
  const tried = [entry.offeredBlock, ...entry.attempts.map(({ offeredBlock }) => offeredBlock)].reduce((latest: bigint, block) => (block !== null && block > latest ? block : latest), 0n);
  if (last?.state === 'planned' || last?.state === 'signed' || head.number < tried + PATIENCE_BLOCKS) return null;
  // Behind another one that waits its price changes nothing.
  if ((await reader.nonceOf(entry.account)) !== entry.nonce) return null;
  const current = await reader.gasPrice();
  const isRefused = last !== null && last.state === 'refused';
  const least = isRefused && last.refusal?.meta?.['reason'] === 'REPLACEMENT_UNDERPRICED' ? bumped(last.call.gasPrice) : leastPrice(entry);
  const gasPrice = least > current ? least : current;
  // One that was signed is not signed over: it may be in a block yet. At its own price it would be the same again.
  return { gasPrice, refused: isRefused && (last.hash === null || last.call.gasPrice === gasPrice) ? last.number : null };
}

/** The highest price that the keys process signs, where that still is enough of a rise; null where there is nothing to try. `refused` is none of the entry's candidates any more. */
export function loweredPrice(entry: OutboxEntry, refused: Candidate, error: CodedError): bigint | null {
  const bound = error.meta['maxGasPrice'];
  if (typeof bound !== 'string') return null;
  const highest = BigInt(bound);
  return highest < refused.call.gasPrice && highest >= leastPrice(entry) ? highest : null;
}
