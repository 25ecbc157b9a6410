import type { StartTracer } from './tracer.ts';

/** Runs the transaction and tells nothing of it. */
export const noopTracer: StartTracer = () => ({ step: () => undefined, result: () => null });
