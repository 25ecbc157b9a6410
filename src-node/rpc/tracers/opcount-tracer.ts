import type { StartTracer } from './tracer.ts';

/** How many instructions were begun. */
export const opcountTracer: StartTracer = () => {
  let count = 0;
  return {
    step: () => {
      count++;
    },
    result: () => count,
  };
};
