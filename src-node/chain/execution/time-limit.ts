import { CodedError } from '../../base/errors.ts';

const CALL_MILLIS = 5_000;

/** Ends what runs for too long, by its own time: other requests wait meanwhile. @param millis a limit of the asker's, when it is shorter */
export function timeLimit(millis = CALL_MILLIS): () => void {
  const deadline = performance.now() + Math.min(millis, CALL_MILLIS);
  return () => {
    if (performance.now() <= deadline) return;
    throw new CodedError('CALL_TIMED_OUT', 'execution timeout', { help: 'Ask for less work in one call.' });
  };
}
