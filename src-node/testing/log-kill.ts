/** The stream and the writers of log-child.ts. */
export const KILL_STREAM = new Uint8Array(32).fill(9);
export const WRITERS = 4;
