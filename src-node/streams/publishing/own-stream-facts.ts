import type { StreamEntry } from '../index/stream-entry.ts';
import type { StreamMetadata } from '../metadata.ts';
import type { OwnChannel } from './own-subscribers.ts';

/** What the chain, its description and the keys process say of an own stream now. */
export interface OwnStreamFacts {
  readonly stream: Pick<StreamEntry, 'status' | 'publisher' | 'publishers' | 'generation' | 'epochSeconds' | 'startSeconds' | 'ahead' | 'gateways' | 'plans'>;
  /** Null while it is on its way. */
  readonly text: Pick<StreamMetadata, 'schema' | 'peekDelaySeconds'> | null;
  /** The keys process signs for it. */
  readonly isHeld: boolean;
  /** Those of subscribers, newest first. */
  readonly channels: readonly OwnChannel[];
}
