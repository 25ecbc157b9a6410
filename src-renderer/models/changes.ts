/** Follows what the node says has changed and marks it to be read again, through every interruption. */
import type { QueryClient } from '@tanstack/react-query';
import type { ApiClient, Topic } from '../../src-node/api/contract/index.ts';

const PAUSE_MILLIS = 500;

/** What else is read again with a topic: a node that moved changes ages and the index as well. */
const FOLLOWERS: Readonly<Partial<Record<Topic, readonly Topic[]>>> = { activity: ['wallet', 'orders'], requests: ['orders'] };

export async function followChanges(api: ApiClient, queries: QueryClient, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const changes = await api.app.changes(undefined, { signal });
      // Whatever happened while nobody listened is unknown.
      void queries.invalidateQueries();
      for await (const { topics } of changes) for (const topic of withFollowers(topics)) void queries.invalidateQueries({ queryKey: [topic] });
    } catch {
      // The connection broke off, which the offline strip shows; the next turn waits for it.
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLIS));
  }
}

/** Each topic once. */
export function withFollowers(topics: readonly Topic[]): ReadonlySet<Topic> {
  return new Set(topics.flatMap((topic) => [topic, ...(FOLLOWERS[topic] ?? [])]));
}
