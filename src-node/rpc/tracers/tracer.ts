/** What looks on an execution and tells of it, by the names that other nodes of the network give it (docs/protocol/05 §5). */
import type { SentTransaction } from '../../chain/execution/block-replay.ts';
import type { TransactionOutcome } from '../../chain/execution/transaction.ts';
import type { Tracer } from '../../evm/trace.ts';
import type { State } from '../../state/state.ts';

export interface TraceStart extends SentTransaction {
  /** Before the transaction, and then as it goes: at a step it is after the instruction, and before the frame that it asks for. */
  readonly state: State;
  /** To be told of the characters that the answer grows by; it may throw. */
  readonly grow: (characters: number) => void;
}

export interface TraceEnd {
  readonly outcome: TransactionOutcome;
  /** How long the execution took. */
  readonly millis: number;
}

/** Of one transaction. */
export interface TransactionTracer extends Tracer {
  /** What is answered; called once, at the end. */
  result(end: TraceEnd): unknown;
}

export type StartTracer = (start: TraceStart) => TransactionTracer;
