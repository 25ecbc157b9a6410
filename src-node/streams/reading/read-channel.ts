import type { ChannelEntry } from '../index/channel-entry.ts';
import type { StreamEntry, StreamPlanEntry } from '../index/stream-entry.ts';
import type { StreamTextColumn } from '../metadata.ts';
import type { StreamSchema } from '../publisher/schema.ts';

/** A channel of this wallet, by the index. */
export interface ReadChannel {
  readonly channel: Pick<ChannelEntry, 'id' | 'streamId' | 'payer' | 'nonce' | 'status' | 'deposit' | 'paid'>;
  readonly stream: Pick<StreamEntry, 'epochSeconds' | 'ahead' | 'startSeconds'>;
  readonly plan: Pick<StreamPlanEntry, 'kind' | 'unitPrice' | 'window'>;
  /** Null while the publisher's description is on its way; rows are shown as they came then. */
  readonly columns: readonly StreamTextColumn[] | null;
}

export function schemaOf({ columns }: ReadChannel): StreamSchema {
  return { version: 1, columns: (columns ?? []).map(({ name, type, unit }) => ({ name, type, unit: unit ?? '' })) };
}
