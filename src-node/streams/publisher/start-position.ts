import { millis, type Clock } from '../../base/clock.ts';
import { isCoded } from '../../base/errors.ts';
import { NO_BATCH } from '../format/batch.ts';
import type { StreamPosition } from '../format/seal-run.ts';
import type { GatewayLink } from './gateway-link.ts';

/** Gateways that do not answer are not waited for longer, when another one did. */
const START_MILLIS = 10_000;

/**
 * What the next batch follows: the furthest of what is known here (own disk, last checkpoint) and of all gateways. The disk alone is not
 * enough, since it may be an old copy: one gateway has to answer, and one that claims what this publisher did not sign has not. @returns null when `signal` aborts first
 */
export async function startPosition(known: readonly StreamPosition[], links: readonly GatewayLink[], clock: Clock, signal: AbortSignal): Promise<StreamPosition | null> {
  const began = clock.now();
  const tails = new Map<GatewayLink, StreamPosition | null>();
  while (!signal.aborted) {
    await Promise.all(links.filter((link) => !tails.has(link)).map(async (link) => {
      try {
        tails.set(link, await link.tail(signal));
      } catch (error) {
        if (!isCoded(error) && !signal.aborted) throw error;
      }
    }));
    const waited = clock.now() - began;
    if (tails.size === links.length || (tails.size > 0 && waited >= START_MILLIS)) return furthest([...known, ...tails.values()]);
    await clock.sleep(millis(1000), signal);
  }
  return null;
}

function furthest(positions: readonly (StreamPosition | null)[]): StreamPosition {
  return positions.reduce<StreamPosition>((best, one) => (one !== null && one.nextSeq > best.nextSeq ? one : best), { nextSeq: 0n, prevBatchHash: NO_BATCH });
}
