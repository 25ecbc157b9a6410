import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { toHex } from '../../base/bytes.ts';
import { ManualClock, millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import { systemFiles } from '../../base/files.ts';
import { silentLogger } from '../../base/logger.ts';
import { keyFromNodes } from '../format/ggm.ts';
import type { KeysRequest, SignedVoucher, Subscriber } from '../gateway/wire.ts';
import { StreamMarket, type MarketSubscriber } from '../../testing/stream-market.ts';
import { KeyDesk, missing } from './key-desk.ts';

let folder: string;
let clock: ManualClock;
let market: StreamMarket;
let desk: KeyDesk;
let posted: KeysRequest[];
const place = { id: 'gateway', post: (request: KeysRequest) => Promise.resolve(void posted.push(request)) };

const openDesk = (): Promise<KeyDesk> => KeyDesk.open({ path: join(folder, 'keys.json') }, { chain: market, keys: market.publisherKeys, files: systemFiles, clock, log: silentLogger });
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'desk-'));
  clock = new ManualClock(millis(1_800_000_000_000));
  market = new StreamMarket({ folder, clock, plan: { kind: 'metered', unitPrice: 10n, window: 400 }, epochSeconds: 600, ahead: 6 });
  desk = await openDesk();
  posted = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function subscriberOf({ channelId, keys }: MarketSubscriber, change: Partial<Subscriber> = {}): Subscriber {
  return { channelId, publicKey: keys.publicKey, kind: 'metered', voucher: null, owed: 0n, epochTo: null, paid: [], ...change };
}
/** A market of a time plan; a second costs 1. */
async function sellTime(): Promise<void> {
  market = new StreamMarket({ folder, clock, plan: { kind: 'period', unitPrice: 1n, window: 0 }, epochSeconds: 600, ahead: 6 });
  desk = await openDesk();
}
/** What a gateway says of a reader that signed for these epochs. */
async function paidFor({ channelId, keys }: MarketSubscriber, paid: Subscriber['paid'], change: Partial<SignedVoucher> = {}): Promise<Subscriber> {
  const units = BigInt(paid.reduce((sum, { from, to }) => sum + to - from + 1, 0) * 600);
  const voucher = { channelId, cumulativeUnits: units, cumulativeAmount: units, epochTo: paid.at(-1)?.to ?? 0, plan: new Uint8Array(32).fill(8) };
  const signature = await keys.signVoucher({ ...voucher, planHash: voucher.plan });
  return { channelId, publicKey: keys.publicKey, kind: 'period', voucher: { ...voucher, signature, ...change }, owed: units, epochTo: voucher.epochTo, paid };
}
const spans = (): string[] => posted.map(({ from, to }) => `${from}-${to}`);
/** Epoch of now. */
const NOW = 100;

it('hands out the epochs up to the window ahead while no more is owed than the plan allows, each once', async () => {
  const reader = market.subscribe(1, 1000n);
  const serve = (owed: bigint): Promise<void> => desk.serve(market.record, [subscriberOf(reader, { owed })], place);
  await serve(400n);
  await serve(400n);
  expect(spans()).toEqual([`${NOW}-${NOW + 6}`]);
  clock.advance(millis(600_000));
  await serve(401n);
  expect(spans()).toHaveLength(1);
  await serve(400n);
  expect(spans()).toEqual([`${NOW}-${NOW + 6}`, `${NOW + 7}-${NOW + 7}`]);
  const content = await reader.keys.openEnvelope(posted[0]!.envelope);
  const epochs = [NOW - 1, NOW, NOW + 6, NOW + 7].map((epoch) => keyFromNodes(content.nodes, { streamId: market.record.streamId, generation: 1, epoch }) !== null);
  expect(epochs).toEqual([false, true, true, false]); // what was not paid stays closed
});

it('hands out of a time plan what was paid for, and never further ahead than the stream says', async () => {
  await sellTime();
  const reader = market.subscribe(1, 1_000_000n);
  const serve = async (paid: Subscriber['paid']): Promise<void> => desk.serve(market.record, [await paidFor(reader, paid)], place);
  await serve([]);
  await serve([{ from: NOW, to: NOW + 2 }]);
  await serve([{ from: NOW, to: NOW + 500 }]);
  expect(spans()).toEqual([`${NOW}-${NOW + 2}`, `${NOW + 3}-${NOW + 6}`]);
});

it('opens nothing to a gateway that makes subscribers up, or lets them have what nobody signed for', async () => {
  await sellTime();
  const reader = market.subscribe(1, 10_000n);
  const honest = await paidFor(reader, [{ from: NOW, to: NOW + 1 }]);
  const all = [{ from: 0, to: NOW + 500 }];
  const stranger = market.subscribe(2, 10_000n);
  const forged = await paidFor({ ...stranger, channelId: reader.channelId }, all);
  const lies: Subscriber[] = [
    { ...honest, voucher: null },
    { ...honest, channelId: new Uint8Array(32).fill(0x77), paid: all },
    { ...honest, publicKey: stranger.keys.publicKey },
    { ...honest, voucher: forged.voucher, paid: all },
    { ...honest, kind: 'metered', owed: 0n },
    await paidFor(reader, all), // more than the deposit pays
    await paidFor(reader, all, { cumulativeAmount: 1n }),
  ];
  await desk.serve(market.record, lies, place);
  expect(spans()).toEqual([]);
  await desk.serve(market.record, [{ ...honest, paid: all }], place);
  expect(spans()).toEqual(['0-1']);
});

it('hands out no more epochs than were paid for, whichever a gateway says they were, also after a restart', async () => {
  await sellTime();
  const reader = market.subscribe(1, 1_000_000n);
  const { voucher, ...rest } = await paidFor(reader, [{ from: NOW, to: NOW + 1 }]);
  const serve = (from: number, to: number, id = 'gateway'): Promise<void> => desk.serve(market.record, [{ ...rest, voucher, paid: [{ from, to }] }], { ...place, id });
  await serve(NOW, NOW);
  await serve(NOW + 1, NOW + 6);
  desk = await openDesk();
  await serve(NOW + 2, NOW + 6);
  expect(spans()).toEqual([`${NOW}-${NOW}`, `${NOW + 1}-${NOW + 1}`]);
  await serve(NOW, NOW + 6, 'another');
  expect(spans()).toEqual([`${NOW}-${NOW}`, `${NOW + 1}-${NOW + 1}`, `${NOW}-${NOW + 1}`]);
});

it('gives the revoked no more, one of 50, and promises when what it has ends, also after a restart', async () => {
  await sellTime();
  const readers = Array.from({ length: 50 }, (_, i) => market.subscribe(i, 1_000_000n));
  const subscribers = await Promise.all(readers.map((reader) => paidFor(reader, [{ from: NOW, to: NOW + 1000 }])));
  await desk.serve(market.record, subscribers, place);
  expect(posted).toHaveLength(50);
  desk = await openDesk();
  expect(await desk.revoke(readers[7]!.channelId, market.record)).toBe(market.epochStart(NOW + 7));
  desk = await openDesk();
  posted = [];
  clock.advance(millis(3 * 600_000));
  await desk.serve(market.record, subscribers, place);
  const channels = posted.map(({ channelId }) => toHex(channelId));
  expect(channels).toHaveLength(49);
  expect(channels).not.toContain(toHex(readers[7]!.channelId));
  expect(Math.max(...posted.map(({ to }) => to))).toBe(NOW + 9);
  await desk.restore(readers[7]!.channelId);
  await desk.serve(market.record, subscribers, place);
  expect(toHex(posted.at(-1)!.channelId)).toBe(toHex(readers[7]!.channelId));
});

it('tries a gateway again that did not take the keys', async () => {
  const subscribers = [subscriberOf(market.subscribe(1, 1000n))];
  await desk.serve(market.record, subscribers, { id: place.id, post: () => Promise.reject(new CodedError('GATEWAY_UNREACHABLE', 'away')) });
  await desk.serve(market.record, subscribers, place);
  expect(spans()).toEqual([`${NOW}-${NOW + 6}`]);
});

it('what is wanted and not had is counted in whole spans', () => {
  expect(missing([{ from: 1, to: 10 }], [{ from: 3, to: 4 }, { from: 8, to: 20 }])).toEqual([{ from: 1, to: 2 }, { from: 5, to: 7 }]);
  expect(missing([{ from: 1, to: 2 }], [{ from: 1, to: 2 }])).toEqual([]);
  expect(missing([{ from: 1, to: 2 }], [{ from: 3, to: 4 }])).toEqual([{ from: 1, to: 2 }]);
});
