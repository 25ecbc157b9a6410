import type { CodedError } from '../../base/errors.ts';
import type { BudgetLevel } from './spend.ts';
import type { StreamFork, StreamGap } from './verify.ts';

/** What happens beside the rows. */
export type StreamEvent =
  /** A batch came and its signature holds. */
  | { readonly type: 'batch' }
  /** These numbers do not come; they are not paid for. `reason` of a gateway that lost or left them out stands beside. */
  | { readonly type: 'gap'; readonly gap: StreamGap; readonly gateway: string | null }
  /** The publisher signed two histories; the second is not delivered. */
  | { readonly type: 'fork'; readonly fork: StreamFork }
  | { readonly type: 'connected'; readonly endpoint: string }
  /** The next gateway of the stream is tried, or the same again. */
  | { readonly type: 'disconnected'; readonly endpoint: string; readonly error: CodedError }
  /** Keys of this epoch are waited for. */
  | { readonly type: 'keys'; readonly epoch: number }
  | { readonly type: 'paid'; readonly units: bigint; readonly amount: bigint; readonly spentToday: bigint }
  | { readonly type: 'budget'; readonly level: BudgetLevel; readonly spentToday: bigint }
  /** Nothing more is signed. `unverified`: what was paid last brought nothing that could be read. */
  | { readonly type: 'paused'; readonly why: 'cap' | 'deposit' | 'unverified' };
