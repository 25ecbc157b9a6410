import { expect, it, vi } from 'vitest';
import type { Bytes } from '../../base/bytes.ts';
import { SubscriberLists } from './subscriber-lists.ts';
import { serverFrameSchema, type ServerFrame, type Subscriber } from './wire.ts';

type List = Extract<ServerFrame, { type: 'SUBSCRIBERS' }>;

const STREAM: Bytes = new Uint8Array(32).fill(0x5d);
const channelOf = (number: number): Bytes => Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? number >> 8 : i === 1 ? number & 0xff : 1));
const subscriber = (number: number, owed = 0n): Subscriber => ({ channelId: channelOf(number), publicKey: new Uint8Array(64).fill(2), kind: 'metered', voucher: null, owed, delivered: [], epochTo: null, paid: [] });
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

async function listed(subscribers: Subscriber[]) {
  const frames: List[] = [];
  const sizes: number[] = [];
  let changed = (): void => undefined;
  const stream = { streamId: STREAM, subscribers: () => Promise.resolve(subscribers), onChanged: (listener: () => void) => ((changed = listener), () => undefined) };
  const text = (frame: string): void => {
    sizes.push(frame.length);
    frames.push(serverFrameSchema.parse(JSON.parse(frame)) as List);
  };
  const lists = new SubscriberLists({ host: () => Promise.resolve(stream) }, { text, error: (_about, refused) => expect.fail(refused.code) }, new AbortController().signal);
  await lists.watch(STREAM);
  const change = async (): Promise<readonly List[]> => {
    const before = frames.length;
    changed();
    await vi.waitFor(() => expect(frames.length).toBeGreaterThan(before));
    return frames.slice(before);
  };
  return { frames, sizes, change };
}

it('tells a long list in parts that a socket takes', async () => {
  const many = range(3000).map((number) => ({ ...subscriber(number, 1n << 63n), delivered: range(64).map((i): [bigint, bigint] => [(1n << 62n) + BigInt(2 * i), (1n << 62n) + BigInt(2 * i + 1)]) }));
  const { frames, sizes } = await listed(many);
  expect(frames.map(({ first }) => first)).toEqual(frames.map((_, i) => i === 0));
  expect(frames.flatMap(({ subscribers }) => subscribers.map(({ channelId }) => channelId))).toEqual(many.map(({ channelId }) => channelId));
  expect(Math.max(...sizes)).toBeLessThan(1024 * 1024);
});

it('tells an empty list, and then whom it changed for only', async () => {
  const list: Subscriber[] = [];
  const { frames, change } = await listed(list);
  expect(frames).toMatchObject([{ first: true, subscribers: [], gone: [] }]);
  list.push(subscriber(1), subscriber(2), subscriber(3));
  expect(await change()).toMatchObject([{ first: false, subscribers: [1, 2, 3].map((number) => subscriber(number)), gone: [] }]);
  list[1] = subscriber(2, 7n);
  list.shift();
  expect(await change()).toMatchObject([{ first: false, subscribers: [subscriber(2, 7n)], gone: [channelOf(1)] }]);
});
