/** Below 1160 px the rail shows icons only. */
import { useSyncExternalStore } from 'react';

const NARROW = '(max-width: 1159px)';

export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(NARROW).matches);
}

function subscribe(listener: () => void): () => void {
  const query = matchMedia(NARROW);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}
