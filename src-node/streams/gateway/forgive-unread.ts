import type { ChannelAccount } from './channel-account.ts';
import type { Place } from './cursor.ts';
import type { GatewayCore } from './gateway-core.ts';
import type { HostedStream } from './hosted-stream.ts';

interface BeginningReading {
  readonly stream: HostedStream;
  readonly account: ChannelAccount;
  readonly place: Place;
  /** Frames that the reader stands behind. */
  readonly counted: bigint;
}

/**
 * A reader begins at a place and says what it has: what it was sent before and lost on the way, or could not read, would be owed for good and
 * fill its window, for it signs only for what it has (docs/protocol/11 §4.13). Nothing while it is not known what comes next there.
 * @throws LOG_UNREACHABLE
 */
export async function forgiveUnread({ stream, account, place, counted }: BeginningReading, { metrics }: Pick<GatewayCore, 'metrics'>): Promise<void> {
  if (account.owed <= counted || account.owed <= account.signed) return;
  // the log may have forgotten what stood between
  const [next] = await stream.reader(place).next(1);
  const start = next?.entry.firstSeq ?? place.nextSeq;
  const forgiven = start === null ? 0n : await account.forgive({ start, counted });
  if (forgiven === 0n) return;
  metrics.add('forgiven_frames', Number(forgiven));
  // the publisher hands out no keys to who owes too much
  stream.changed();
}
