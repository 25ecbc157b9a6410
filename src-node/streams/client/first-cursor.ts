import { millis, toMillis, type Clock } from '../../base/clock.ts';
import { isCoded } from '../../base/errors.ts';
import { EPOCH_COUNT } from '../format/ggm.ts';
import type { GatewayClient } from './gateway-client.ts';
import type { SubscriberKeys } from './keys.ts';
import type { Subscription } from './subscription.ts';

export interface FirstCursorModules {
  readonly client: Pick<GatewayClient, 'envelopes' | 'cursorAt'>;
  readonly keys: Pick<SubscriberKeys, 'openEnvelope'>;
  readonly subscription: Pick<Subscription, 'record'>;
  readonly clock: Clock;
}

/** A publisher that is there hands out keys as soon as it sees the subscription. */
const KEYS_MILLIS = 5000;
const ASK_MILLIS = 250;

/**
 * Where a reader begins that never read this stream. By the message, keys go to epochs from the subscription on, while a gateway counts all that it
 * delivers: who began before them would owe a window of frames that it cannot read, and get no more. So it begins with the first epoch that
 * its keys open; while it has none, with what comes.
 */
export async function firstCursor(begin: 'live' | 'earliest', modules: FirstCursorModules, signal: AbortSignal): Promise<string> {
  const { client, subscription, clock } = modules;
  const { plan, stream } = subscription.record;
  if (begin === 'live' || plan.kind === 'period') return begin;
  for (let waited = 0; ; waited += ASK_MILLIS) {
    const epoch = await firstEpoch(modules, signal);
    if (epoch !== null) return client.cursorAt(stream.streamId, millis(toMillis(stream.startSeconds) + epoch * toMillis(stream.epochSeconds)), signal);
    if (waited >= KEYS_MILLIS || signal.aborted) return 'live';
    await clock.sleep(millis(ASK_MILLIS), signal);
  }
}

/** Null while no envelope is there that is sealed to this reader: anybody can bring others. */
async function firstEpoch({ client, keys, subscription }: FirstCursorModules, signal: AbortSignal): Promise<number | null> {
  const { streamId } = subscription.record.stream;
  const envelopes = await client.envelopes(streamId, 0, EPOCH_COUNT - 1, signal).catch((error: unknown) => {
    if (isCoded(error, 'epoch_unavailable')) return [];
    throw error;
  });
  let first: number | null = null;
  for (const { envelope } of envelopes) {
    const opened = await keys.openEnvelope(envelope).catch(() => null);
    if (opened !== null && (first === null || opened.from < first)) first = opened.from;
  }
  return first;
}
