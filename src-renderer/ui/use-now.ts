/** The present, once a second, from one timer for the whole page. */
import { useSyncExternalStore } from 'react';

const TICK_MILLIS = 1000;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, TICK_MILLIS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

const now = (): number => Math.floor(Date.now() / TICK_MILLIS) * TICK_MILLIS;

/** Milliseconds since the epoch, on whole seconds. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, now);
}
