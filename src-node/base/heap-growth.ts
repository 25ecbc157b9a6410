import { setFlagsFromString } from 'node:v8';

/** Of what is in use, in percent: the most that the engine itself would choose. */
const GROWTH = 300;

/**
 * For a process that is a gateway of streams and nothing else, for it counts for the whole process. It holds few objects and passes on batches,
 * whose memory the engine counts as if it were to stay: it would clean up every 8 MiB of them, which takes longer than all else that is done
 * for large rows, and stops it for tens of milliseconds each time.
 */
export function letHeapGrow(): void {
  setFlagsFromString(`--heap-growing-percent=${GROWTH}`);
}
