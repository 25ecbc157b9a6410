import { expect, it } from 'vitest';
import { millis, toMillis, type Clock, type Millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import { MARKET_STREAM, StreamMarket, type MarketOptions } from '../../testing/stream-market.ts';
import type { Envelope } from '../gateway/wire.ts';
import { firstCursor } from './first-cursor.ts';
import { Subscription } from './subscription.ts';

const METERED = { kind: 'metered', unitPrice: 1n, window: 10 } as const;

/** A gateway that has these envelopes, each with the epoch that it opens for this reader; null for one that does not open. */
async function begin(at: 'live' | 'earliest', envelopes: readonly (number | null)[] | CodedError, plan: MarketOptions['plan'] = METERED) {
  let now = millis(1_700_000_000_000);
  let asked = 0;
  const clock: Clock = {
    now: () => now,
    sleep: (delay) => {
      now = millis(now + delay);
      return Promise.resolve();
    },
  };
  const began = now;
  const market = new StreamMarket({ folder: '', clock, plan, epochSeconds: 60, ahead: 2 });
  const { channelId } = market.subscribe(1, 100n);
  const subscription = await Subscription.open({ streamId: MARKET_STREAM, channelId }, { chain: market });
  const { startSeconds, epochSeconds } = subscription.record.stream;
  const client = {
    envelopes: () => {
      asked += 1;
      if (envelopes instanceof CodedError) return Promise.reject(envelopes);
      return Promise.resolve(envelopes.map((epoch, i): Envelope => ({ generation: 1, from: epoch ?? 0, to: 99, envelope: Uint8Array.of(i) })));
    },
    cursorAt: (_streamId: Uint8Array, time: Millis) => Promise.resolve(`epoch ${(time - toMillis(startSeconds)) / toMillis(epochSeconds)}`),
  };
  const keys = {
    openEnvelope: ([i = 0]: Uint8Array) => {
      const epoch = envelopes instanceof CodedError ? null : envelopes[i];
      return epoch === null || epoch === undefined ? Promise.reject(new CodedError('BAD_SEALED', 'to somebody else')) : Promise.resolve({ streamId: MARKET_STREAM, generation: 1, from: epoch, to: 99, nodes: [] });
    },
  };
  const cursor = await firstCursor(at, { client, keys, subscription, clock }, new AbortController().signal);
  return { cursor, asked, waited: now - began };
}

it('is the start of the first epoch whose keys open, whatever else a gateway shows', async () => {
  expect((await begin('earliest', [null, 40, 12, 25])).cursor).toBe('epoch 12');
});

it('is what comes, when no keys that open are there within five seconds', async () => {
  for (const none of [[null], new CodedError('epoch_unavailable', 'none')]) expect(await begin('earliest', none)).toEqual({ cursor: 'live', asked: 21, waited: 5000 });
});

it('is not asked for where it makes no difference', async () => {
  expect(await begin('live', [12])).toEqual({ cursor: 'live', asked: 0, waited: 0 });
  expect(await begin('earliest', [12], { kind: 'period', unitPrice: 1n, window: 0 })).toEqual({ cursor: 'earliest', asked: 0, waited: 0 });
});

it('fails with what a gateway refuses', async () => {
  await expect(begin('earliest', new CodedError('not_subscribed', 'no'))).rejects.toMatchObject({ code: 'not_subscribed' });
});
