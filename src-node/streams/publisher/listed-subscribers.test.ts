import { expect, it } from 'vitest';
import { isCoded } from '../../base/errors.ts';
import type { Subscriber } from '../gateway/wire.ts';
import { ListedSubscribers } from './listed-subscribers.ts';

const subscriber = (number: number, owed = 0n): Subscriber => ({
  channelId: Uint8Array.from({ length: 32 }, (_, i) => (number >>> (8 * i)) & (i < 4 ? 0xff : 0)), publicKey: new Uint8Array(64), kind: 'metered', voucher: null, owed, delivered: [], epochTo: null, paid: [],
});
const range = (count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => from + i);

it('are all that were named and have not gone, each as it was told last', () => {
  const listed = new ListedSubscribers();
  expect(listed.take({ first: true, subscribers: [1, 2].map((n) => subscriber(n)), gone: [] })).toEqual([subscriber(1), subscriber(2)]);
  expect(listed.take({ first: false, subscribers: [subscriber(3), subscriber(2, 5n)], gone: [subscriber(1).channelId] })).toEqual([subscriber(2, 5n), subscriber(3)]);
  expect(listed.take({ first: true, subscribers: [], gone: [] })).toEqual([]);
});

it('are refused when a gateway goes on naming others', () => {
  const listed = new ListedSubscribers();
  const tell = (frame: number): unknown => {
    try {
      return listed.take({ first: false, subscribers: range(256, 256 * frame).map((n) => subscriber(n)), gone: [] }).length;
    } catch (error) {
      return isCoded(error) ? error.code : error;
    }
  };
  const answers = range(400).map(tell);
  expect(answers.filter((answer) => answer === 'BAD_FRAME')).toHaveLength(1);
  expect(Math.max(...answers.filter((answer) => typeof answer === 'number'))).toBeLessThanOrEqual(100_000);
});
