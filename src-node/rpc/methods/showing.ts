import type { BlockReplay } from '../../chain/execution/block-replay.ts';
import { timeLimit } from '../../chain/execution/time-limit.ts';
import type { TraceOptions } from '../parameters/trace-options.ts';
import { tracerNamed } from '../tracers/index.ts';
import { stepTracer } from '../tracers/step-tracer.ts';
import type { StartTracer } from '../tracers/tracer.ts';
import { sizeLimit } from './size-limit.ts';

/** How executions are shown, and what ends them when that takes too long or tells too much. */
export interface Showing {
  readonly start: StartTracer;
  readonly checkpoint: () => void;
  readonly grow: (characters: number) => void;
}

/** For what begins now. @throws BAD_PARAMETERS for a tracer that there is not */
export function showingBy(options: TraceOptions): Showing {
  const { tracer, timeoutMillis } = options;
  const start = tracer === undefined ? stepTracer(options) : tracerNamed(tracer);
  return { start, checkpoint: timeLimit(timeoutMillis), grow: sizeLimit('leave out memory, stack or storage, give a limit, or name another tracer') };
}

/** What is said of a transaction; those before it are executed. @throws what the limits throw, CodedError<ExecutionErrorCode>, STATE_MISSING */
export function traceOf(replay: BlockReplay, index: number, { start, checkpoint, grow }: Showing): unknown {
  const tracer = start({ ...replay.transactionAt(index), state: replay.state, grow });
  const begun = performance.now();
  const outcome = replay.execute(index, {
    before: (coming) => tracer.before?.(coming),
    step: (step) => {
      checkpoint();
      tracer.step(step);
    },
  });
  return tracer.result({ outcome, millis: performance.now() - begun });
}
