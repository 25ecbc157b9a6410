import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
import { missing } from './epoch-spans.ts';
import { KeyDesk, type EnvelopePlace } from './key-desk.ts';

let folder: string;
let clock: ManualClock;
let market: StreamMarket;
let desk: KeyDesk;
let posted: KeysRequest[];
const place: EnvelopePlace = { id: 'gateway', post: (request: KeysRequest) => Promise.resolve(void posted.push(request)) };
/** A gateway says who reads there, and is served. */
function serveAt(subscribers: readonly Subscriber[], at: EnvelopePlace = place): Promise<void> {
  desk.hear(at.id, subscribers);
  return desk.serve(market.record, at);
}

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
  return { channelId, publicKey: keys.publicKey, kind: 'metered', voucher: null, owed: 0n, delivered: [], epochTo: null, paid: [], ...change };
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
  return { channelId, publicKey: keys.publicKey, kind: 'period', voucher: { ...voucher, signature, ...change }, owed: units, delivered: [], epochTo: voucher.epochTo, paid };
}
const spans = (): string[] => posted.map(({ from, to }) => `${from}-${to}`);
/** Epoch of now. */
const NOW = 100;

it('hands out the epochs up to the window ahead while no more is owed than the plan allows, each once', async () => {
  const reader = market.subscribe(1, 1000n);
  const serve = (owed: bigint): Promise<void> => serveAt([subscriberOf(reader, { owed })]);
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
  const serve = async (paid: Subscriber['paid']): Promise<void> => serveAt([await paidFor(reader, paid)]);
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
  for (const lie of lies) await serveAt([lie]);
  expect(spans()).toEqual([]);
  await serveAt([{ ...honest, paid: all }]);
  await serveAt([{ ...honest, paid: [{ from: NOW, to: NOW + 1 }] }]);
  expect(spans()).toEqual(['0-1']);
});

it('hands out no more epochs than were paid for, whichever a gateway says they were, also after a restart', async () => {
  await sellTime();
  const reader = market.subscribe(1, 1_000_000n);
  const { voucher, ...rest } = await paidFor(reader, [{ from: NOW, to: NOW + 1 }]);
  const serve = (from: number, to: number, id = 'gateway'): Promise<void> => serveAt([{ ...rest, voucher, paid: [{ from, to }] }], { ...place, id });
  await serve(NOW, NOW);
  await serve(NOW + 1, NOW + 6);
  desk = await openDesk();
  await serve(NOW + 2, NOW + 6);
  expect(spans()).toEqual([`${NOW}-${NOW}`, `${NOW + 1}-${NOW + 1}`]);
  await serve(NOW, NOW + 6, 'another');
  expect(spans()).toEqual([`${NOW}-${NOW}`, `${NOW + 1}-${NOW + 1}`, `${NOW}-${NOW + 1}`]);
});

/** A reader of a message plan that was given these by one gateway. */
const given = (reader: MarketSubscriber, from: bigint, end: bigint, voucher: SignedVoucher | null = null): Subscriber => subscriberOf(reader, { owed: end - from, delivered: [[from, end]], voucher });
async function signedFor({ channelId, keys }: MarketSubscriber, units: bigint): Promise<SignedVoucher> {
  const voucher = { channelId, cumulativeUnits: units, cumulativeAmount: units * 10n, epochTo: 0, plan: new Uint8Array(32).fill(8) };
  return { ...voucher, signature: await keys.signVoucher({ ...voucher, planHash: voucher.plan }) };
}

it('hands out no more keys of a message plan when all gateways together are owed more than it allows, whichever is asked', async () => {
  const reader = market.subscribe(1, 1_000_000n);
  desk.hear('one', [given(reader, 0n, 300n)]);
  desk.hear('two', [given(reader, 200n, 400n)]); // half of it was read at the other one before
  await desk.serve(market.record, { ...place, id: 'one' });
  expect(spans()).toEqual([`${NOW}-${NOW + 6}`]);
  expect(desk.readings).toMatchObject([{ owed: 400n }]);
  clock.advance(millis(600_000));
  desk.hear('two', [given(reader, 200n, 401n)]);
  for (const id of ['one', 'two']) await desk.serve(market.record, { ...place, id });
  expect(spans()).toHaveLength(1);
  desk.hear('two', [given(reader, 200n, 401n, await signedFor(reader, 1n))]); // a voucher counts at every gateway
  await desk.serve(market.record, { ...place, id: 'one' });
  expect(spans()).toEqual([`${NOW}-${NOW + 6}`, `${NOW + 7}-${NOW + 7}`]);
});

it('counts what a gateway delivered and what was signed there also while it is away, after a restart', async () => {
  const [reader, other] = [market.subscribe(1, 1_000_000n), market.subscribe(2, 1_000_000n)];
  desk.hear('away', [given(reader, 0n, 1000n), given(other, 0n, 1000n, await signedFor(other, 1000n))]);
  desk.hear('there', [given(reader, 1000n, 1001n), given(other, 1000n, 1001n)]);
  await desk.serve(market.record, { ...place, id: 'there' });
  expect(posted.map(({ channelId }) => toHex(channelId))).toEqual([toHex(other.channelId)]);
  await desk.close();
  desk = await openDesk();
  posted = [];
  desk.hear('there', [given(reader, 1000n, 1001n), given(other, 1000n, 1001n)]);
  await desk.serve(market.record, { ...place, id: 'there' });
  expect(posted.map(({ channelId }) => toHex(channelId))).toEqual([toHex(other.channelId)]);
  expect(desk.readings.map(({ owed }) => owed)).toEqual([1001n, 1001n]);
});

it('counts no more what a gateway said that was taken off the list, also after a restart', async () => {
  const reader = market.subscribe(1, 1_000_000n);
  const [liar, honest] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
  const serve = async (): Promise<void> => {
    desk.hear(toHex(honest), [given(reader, 0n, 10n)]);
    await desk.serve(market.record, { ...place, id: toHex(honest) });
  };
  desk.begin([liar, honest]);
  desk.hear(toHex(liar), [subscriberOf(reader, { owed: 1n << 60n })]);
  await serve();
  await desk.close();
  desk = await openDesk();
  desk.begin([liar, honest]);
  await serve();
  expect(spans()).toEqual([]);
  desk.begin([honest]);
  await serve();
  expect(spans()).toEqual([`${NOW}-${NOW + 6}`]);
});

it('keeps nothing on disk of channels that a gateway made up, nor of those that are closed', async () => {
  const reader = market.subscribe(1, 1_000_000n);
  const book = (): string => readFileSync(join(folder, 'keys.json'), 'utf8');
  await serveAt([given(reader, 0n, 10n), ...Array.from({ length: 50 }, (_, i) => subscriberOf({ ...reader, channelId: new Uint8Array(32).fill(0x80 + i) }))]);
  await desk.close();
  expect(Object.keys((JSON.parse(book()) as { heard: object }).heard)).toEqual([toHex(reader.channelId)]);
  market.channel = () => Promise.resolve(null);
  clock.advance(millis(600_000));
  await serveAt([]);
  await desk.close();
  expect((JSON.parse(book()) as { heard: object }).heard).toEqual({});
});

it('gives the revoked no more, one of 50, and promises when what it has ends, also after a restart', async () => {
  await sellTime();
  const readers = Array.from({ length: 50 }, (_, i) => market.subscribe(i, 1_000_000n));
  const subscribers = await Promise.all(readers.map((reader) => paidFor(reader, [{ from: NOW, to: NOW + 1000 }])));
  await serveAt(subscribers);
  expect(posted).toHaveLength(50);
  desk = await openDesk();
  expect(await desk.revoke(readers[7]!.channelId, market.record)).toBe(market.epochStart(NOW + 7));
  desk = await openDesk();
  posted = [];
  clock.advance(millis(3 * 600_000));
  await serveAt(subscribers);
  const channels = posted.map(({ channelId }) => toHex(channelId));
  expect(channels).toHaveLength(49);
  expect(channels).not.toContain(toHex(readers[7]!.channelId));
  expect(Math.max(...posted.map(({ to }) => to))).toBe(NOW + 9);
  await desk.restore(readers[7]!.channelId);
  await serveAt(subscribers);
  expect(toHex(posted.at(-1)!.channelId)).toBe(toHex(readers[7]!.channelId));
});

it('tries a gateway again that did not take the keys', async () => {
  const subscribers = [subscriberOf(market.subscribe(1, 1000n))];
  await serveAt(subscribers, { id: place.id, post: () => Promise.reject(new CodedError('GATEWAY_UNREACHABLE', 'away')) });
  await serveAt(subscribers);
  expect(spans()).toEqual([`${NOW}-${NOW + 6}`]);
});

it('what is wanted and not had is counted in whole spans', () => {
  expect(missing([{ from: 1, to: 10 }], [{ from: 3, to: 4 }, { from: 8, to: 20 }])).toEqual([{ from: 1, to: 2 }, { from: 5, to: 7 }]);
  expect(missing([{ from: 1, to: 2 }], [{ from: 1, to: 2 }])).toEqual([]);
  expect(missing([{ from: 1, to: 2 }], [{ from: 3, to: 4 }])).toEqual([{ from: 1, to: 2 }]);
});

it('lets out no key that is not on disk, also at a gateway that is served while the disk refuses', async () => {
  const refused = Promise.withResolvers<undefined>();
  const begun = Promise.withResolvers<undefined>();
  const writeAtomic = (): Promise<void> => {
    begun.resolve(undefined);
    return refused.promise;
  };
  desk = await KeyDesk.open({ path: join(folder, 'keys.json') }, { chain: market, keys: market.publisherKeys, files: { ...systemFiles, writeAtomic }, clock, log: silentLogger });
  const subscribers = [subscriberOf(market.subscribe(1, 1000n))];
  const first = serveAt(subscribers);
  await begun.promise;
  const second = serveAt(subscribers, { ...place, id: 'another' });
  await new Promise((resolve) => setTimeout(resolve, 20));
  refused.reject(new CodedError('DISK_FULL', 'The disk is full.'));
  const ends = await Promise.allSettled([first, second]);
  expect([ends.map(({ status }) => status), posted]).toEqual([['rejected', 'rejected'], []]);
});

it('starts again with what many gateways said of many readers', async () => {
  const end = 2n ** 63n;
  const delivered = Array.from({ length: 64 }, (_, i) => [String(end + BigInt(2 * i)), String(end + BigInt(2 * i + 1))]);
  const said = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`0x${String(i).repeat(64)}`, { owed: '64', delivered, voucher: null }]));
  const heard = Object.fromEntries(Array.from({ length: 700 }, (_, i) => [`0x${String(i).padStart(64, '0')}`, said]));
  const path = join(folder, 'keys.json');
  await systemFiles.writeAtomic(path, JSON.stringify({ revoked: [`0x${'11'.repeat(32)}`], given: {}, handed: {}, heard }));
  expect((await openDesk()).revoked).toHaveLength(1);
});
