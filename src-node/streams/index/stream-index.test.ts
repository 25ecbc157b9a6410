import { Interface } from 'ethers';
import { beforeEach, describe, expect, it } from 'vitest';
import channelArtifact from '../../../resources/contracts/PDChannel.json' with { type: 'json' };
import gatewayArtifact from '../../../resources/contracts/PDGateway.json' with { type: 'json' };
import streamArtifact from '../../../resources/contracts/PDStream.json' with { type: 'json' };
import { fromHex, toHex, type Hex } from '../../base/bytes.ts';
import { ManualClock, millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import type { BlockInfo, ChainReader, LocatedLog } from '../../chain/reader.ts';
import { sha256 } from '../../crypto/hash.ts';
import { encodeStreamMetadata, type StreamMetadata } from '../metadata.ts';
import { openStreamStore } from '../store.ts';
import { StreamTexts } from '../stream-texts.ts';
import { searchStreams, type StreamQuery } from './search.ts';
import { StreamIndex } from './stream-index.ts';

const CONTRACTS = { stream: `0x${'57'.repeat(20)}`, channel: `0x${'c4'.repeat(20)}`, gateway: `0x${'9a'.repeat(20)}` } as const;
const OWNER: Hex = `0x${'51'.repeat(20)}`;
const READER: Hex = `0x${'b1'.repeat(20)}`;
const SIGNER: Hex = `0x${'66'.repeat(20)}`;
const interfaces = { stream: new Interface(streamArtifact.abi), channel: new Interface(channelArtifact.abi), gateway: new Interface(gatewayArtifact.abi) };
const id = (byte: string): Hex => `0x${byte.repeat(32)}`;

type Told = readonly [keyof typeof interfaces, string, readonly unknown[]];

/** A chain of logs, written down by hand, that can be cut and grown anew. */
class Logs {
  readonly blocks: BlockInfo[] = [];
  readonly logs: LocatedLog[][] = [];
  /** Happens once, behind the next reading of logs. */
  meanwhile: () => void = () => undefined;

  add(mark: string, ...events: readonly Told[]): void {
    const number = BigInt(this.blocks.length);
    const hash = fromHex(`${mark}${number.toString(16)}`.padStart(64, '0'));
    this.blocks.push({ number, hash, parentHash: hash, timeMillis: millis(Number(number) * 10_000), transactions: [] });
    this.logs.push(events.map(([contract, name, args], logIndex) => {
      const { topics, data } = interfaces[contract].encodeEventLog(name, args);
      return { address: fromHex(CONTRACTS[contract]), topics: topics.map(fromHex), data: fromHex(data), blockNumber: number, blockHash: hash, transactionHash: fromHex(number.toString(16).padStart(64, 'f')), logIndex };
    }));
  }

  cut(count: number): void {
    this.blocks.length -= count;
    this.logs.length -= count;
  }

  reader(): ChainReader {
    const known: Pick<ChainReader, 'head' | 'block' | 'logs'> = {
      head: () => this.blocks.at(-1) ?? null,
      block: (number) => Promise.resolve(this.blocks[Number(number)] ?? null),
      logs: ({ fromBlock, toBlock }) => {
        const found = this.logs.slice(Number(fromBlock), Number(toBlock) + 1).flat();
        const { meanwhile } = this;
        this.meanwhile = () => undefined;
        meanwhile();
        return Promise.resolve(found);
      },
    };
    return known as ChainReader;
  }
}

const planOf = (planId: number, unitPrice: bigint, active = true) => [planId, 2, unitPrice, 50, id('11'), active, [OWNER], [10_000]];

/** As `register` of PDStream tells it. */
function registered(stream: Hex, nonce: number, metaHash: Hex, unitPrice = 100n): readonly Told[] {
  return [
    ['stream', 'StreamRegistered', [stream, OWNER, nonce, SIGNER, 600, 6, 1_800_000_000]],
    ['stream', 'StreamMeta', [stream, OWNER, metaHash, 'ipfs://x']],
    ['stream', 'GatewaysSet', [stream, OWNER, [id('9a')]]],
    ['stream', 'PlanSet', [stream, OWNER, id('a0'), planOf(0, unitPrice)]],
  ];
}

const GATEWAY: Told = ['gateway', 'GatewaySet', [id('9a'), OWNER, SIGNER, 10n, ['https://gateway.example']]];
const opened = (channel: Hex): Told => ['channel', 'ChannelOpened', [id('01'), READER, channel, 3, SIGNER, id('a0'), id('aa'), 1000n, 1_900_000_000]];

const metadataOf = (stream: Hex, title: string, zh?: string): StreamMetadata => ({
  pd: 1, stream, title: { en: title, ...(zh === undefined ? {} : { zh }) }, summary: 'Every second', description_md: '', category: 'transport', tags: ['gps'],
  schema: [{ name: 'speed', type: 'number', unit: 'km/h' }], licence: { id: 'PD-EVAL', title: 'Evaluation', text: 'x' }, peekDelaySeconds: 600, retentionSeconds: null,
});

let logs: Logs;
let db: ReturnType<typeof openStreamStore>;
let index: StreamIndex;
let texts: StreamTexts;
let served: Map<Hex, Uint8Array>;
const newIndex = (into: ReturnType<typeof openStreamStore>): StreamIndex => new StreamIndex({ contracts: CONTRACTS, firstBlock: 0n }, { db: into, reader: logs.reader() });
const follow = () => index.follow(new AbortController().signal);
const fetchTexts = () => texts.fetchDue(new AbortController().signal);
const serve = (bytes: Uint8Array): Hex => {
  const hash = toHex(sha256(bytes));
  served.set(hash, bytes);
  return hash;
};
const search = (query: Partial<StreamQuery>): readonly Hex[] =>
  searchStreams(db, { text: '', category: null, sort: 'newest', owners: null, served: false, offset: 0, limit: 20, ...query }).streams.map((stream) => stream.id);

beforeEach(() => {
  db = openStreamStore(':memory:');
  logs = new Logs();
  served = new Map();
  logs.add('a');
  index = newIndex(db);
  const read = (hash: Hex): Promise<Uint8Array> => {
    const bytes = served.get(hash);
    return bytes === undefined ? Promise.reject(new CodedError('DATA_UNAVAILABLE', 'Not here.')) : Promise.resolve(bytes);
  };
  texts = new StreamTexts({ categories: ['transport', 'other'] }, { db, texts: { uriOf: () => '', put: () => Promise.reject(new TypeError('nothing is put')), sources: [read] }, clock: new ManualClock(millis(0)) });
});

describe('the index of streams', () => {
  it('folds the logs of the three contracts', async () => {
    logs.add('a', GATEWAY, ...registered(id('01'), 0, id('aa')));
    logs.add('a', opened(id('c1')), ['gateway', 'LogRaised', [id('9a'), OWNER, 2]]);
    logs.add('a', ['channel', 'ChannelToppedUp', [id('01'), READER, id('c1'), 1500n]], ['channel', 'ChannelRedeemed', [id('01'), READER, id('c1'), 4, 400n, 0, 400n, 2n]], ['channel', 'ChannelRedeemed', [id('01'), READER, id('c1'), 6, 600n, 0, 600n, 1n]]);
    expect(await follow()).toEqual({ streams: [id('01')], channels: [id('c1')], gateways: [id('9a')] });
    expect(index.stream(id('01'))).toMatchObject({ owner: OWNER, nonce: 0n, publisher: SIGNER, status: 'registered', generation: 1, epochSeconds: 600, ahead: 6, startSeconds: 1_800_000_000, metaHash: id('aa'), gateways: [id('9a')], createdBlock: 1, plans: [{ planId: 0, planHash: id('a0'), kind: 'metered', unitPrice: 100n, window: 50, active: true, payees: [OWNER] }] });
    expect(index.channel(id('c1'))).toMatchObject({ streamId: id('01'), payer: READER, nonce: 3n, status: 'open', deposit: 1500n, paid: 600n, fee: 3n, redeemedAt: 30_000, closingBlock: 0 });
    expect(index.gateway(id('9a'))).toMatchObject({ owner: OWNER, signer: SIGNER, status: 'bonded', bond: 10n, logId: 2n, endpoints: ['https://gateway.example'] });
    expect([index.streamsOf(OWNER), index.channelsOf(READER), index.gatewaysOf(OWNER)].map((list) => list.length)).toEqual([1, 1, 1]);
    expect(await follow()).toEqual({ streams: [], channels: [], gateways: [] });
  });

  it('knows every way in which things end', async () => {
    logs.add('a', GATEWAY, ['gateway', 'GatewaySet', [id('9b'), OWNER, SIGNER, 10n, ['https://b.example']]], ...registered(id('01'), 0, id('aa')), opened(id('c1')));
    logs.add('a', ['channel', 'ChannelClosing', [id('01'), READER, id('c1'), 77]], ['gateway', 'GatewayPaused', [id('9a'), OWNER, true]], ['stream', 'GenerationRaised', [id('01'), OWNER, 2]]);
    await follow();
    expect(index.channel(id('c1'))).toMatchObject({ status: 'closing', closingBlock: 77 });
    expect(index.gateway(id('9a'))?.status).toBe('paused');
    logs.add('a', ['channel', 'ChannelClosed', [id('01'), READER, id('c1'), 400n, 600n]], ['gateway', 'GatewayLeaving', [id('9a'), OWNER, 88]], ['gateway', 'GatewaySlashed', [id('9b'), OWNER, READER, id('01'), 1, 2, 1n, 9n]], ['stream', 'StreamEnded', [id('01'), OWNER]]);
    await follow();
    expect(index.channel(id('c1'))).toMatchObject({ status: 'closed', paid: 400n });
    expect(index.gateway(id('9a'))).toMatchObject({ status: 'leaving', leavingBlock: 88 });
    expect(index.gateway(id('9b'))).toMatchObject({ status: 'left', bond: 0n, slashed: true });
    expect(index.stream(id('01'))).toMatchObject({ status: 'ended', generation: 2 });
    expect([search({}), search({ owners: [OWNER] }), search({ owners: [READER] }), search({ owners: [] })]).toEqual([[], [id('01')], [], []]);
  });

  it('offers the newest plan of a number, and keeps the terms that channels were opened under', async () => {
    logs.add('a', ...registered(id('01'), 0, id('aa')));
    logs.add('a', ['stream', 'PlanSet', [id('01'), OWNER, id('a1'), planOf(0, 90n)]], ['stream', 'PlanSet', [id('01'), OWNER, id('a2'), planOf(1, 80n, false)]]);
    await follow();
    expect(index.stream(id('01'))?.plans.map(({ planHash, unitPrice, active }) => [planHash, unitPrice, active])).toEqual([[id('a0'), 100n, false], [id('a1'), 90n, true], [id('a2'), 80n, false]]);
    logs.add('a', ['stream', 'PlanSet', [id('01'), OWNER, id('a0'), planOf(0, 100n)]]);
    await follow();
    expect(index.stream(id('01'))?.plans.filter(({ active }) => active).map(({ planHash }) => planHash)).toEqual([id('a0')]);
  });

  it('keeps a bounded number of plans and publishers, those that are offered first, however many a stranger sets', async () => {
    const hash = (number: number): Hex => toHex(sha256(new TextEncoder().encode(String(number))));
    const times = Array.from({ length: 700 }, (_, i) => i);
    logs.add('a', ...registered(id('01'), 0, id('aa')));
    logs.add('a', ...times.map((i): Told => ['stream', 'PlanSet', [id('01'), OWNER, hash(i), planOf(1, 200n + BigInt(i))]]));
    logs.add('a', ...times.map((i): Told => ['stream', 'PublisherSet', [id('01'), OWNER, hash(i).slice(0, 42)]]));
    await follow();
    const { plans, publishers, publisher } = index.stream(id('01')) ?? expect.fail('no stream');
    expect([plans.length, publishers.length, publishers.at(-1)]).toEqual([500, 500, publisher]);
    expect(plans.filter(({ active }) => active).map(({ planHash }) => planHash)).toEqual([id('a0'), hash(699)]);
    expect(plans.some(({ planHash }) => planHash === hash(698))).toBe(true);
  });

  it('keeps nothing of blocks that are replaced while it reads them', async () => {
    logs.add('a', GATEWAY, ...registered(id('01'), 0, id('aa')));
    await follow();
    logs.add('a', opened(id('c1')));
    logs.add('a');
    logs.meanwhile = () => {
      logs.cut(3);
      logs.add('b', GATEWAY, ...registered(id('01'), 0, id('bb')));
      logs.add('b', opened(id('c2')));
      logs.add('b');
    };
    await follow();
    await follow();
    expect(index.channelsOf(READER).map((channel) => channel.id)).toEqual([id('c2')]);
    expect(index.stream(id('01'))?.metaHash).toBe(id('bb'));
  });

  it('takes back what the chain replaced, five blocks deep, and is then what a fresh index is', async () => {
    logs.add('a', GATEWAY, ...registered(id('01'), 0, id('aa')));
    await follow();
    logs.add('a', opened(id('c1')));
    await follow();
    logs.add('a', ...registered(id('02'), 1, id('bb')), ['gateway', 'GatewayPaused', [id('9a'), OWNER, true]]);
    await follow();
    logs.add('a', ['channel', 'ChannelToppedUp', [id('01'), READER, id('c1'), 9000n]]);
    await follow();
    logs.add('a', ['stream', 'StreamMeta', [id('01'), OWNER, id('dd'), 'ipfs://y']]);
    await follow();
    expect([index.channel(id('c1'))?.deposit, index.stream(id('01'))?.metaHash]).toEqual([9000n, id('dd')]);

    logs.cut(5);
    logs.add('b', GATEWAY, ...registered(id('01'), 0, id('aa'), 70n));
    logs.add('b', opened(id('c2')));
    for (let i = 0; i < 4; i++) logs.add('b');
    await follow();
    expect([index.stream(id('02')), index.channel(id('c1'))]).toEqual([null, null]);
    expect(index.stream(id('01'))?.plans[0]?.unitPrice).toBe(70n);
    expect(index.gateway(id('9a'))?.status).toBe('bonded');

    const fresh = openStreamStore(':memory:');
    await newIndex(fresh).follow(new AbortController().signal);
    for (const table of ['event', 'stream', 'stream_gateway', 'channel', 'gateway', 'stream_text']) expect(db.prepare(`SELECT * FROM ${table}`).all()).toEqual(fresh.prepare(`SELECT * FROM ${table}`).all());
  });

  it('finds by price and by whether it can be read now', async () => {
    logs.add('a', GATEWAY, ...registered(id('01'), 0, id('aa'), 1000n), ...registered(id('02'), 1, id('bb'), 90n), ...registered(id('03'), 2, id('cc'), 5n), ['stream', 'PlanSet', [id('03'), OWNER, id('a0'), planOf(0, 5n, false)]]);
    await follow();
    expect(search({ sort: 'price' })).toEqual([id('02'), id('01'), id('03')]);
    expect(search({ served: true, sort: 'price' })).toEqual([id('02'), id('01')]);
    logs.add('a', ['gateway', 'GatewayPaused', [id('9a'), OWNER, true]]);
    await follow();
    expect(search({ served: true })).toEqual([]);
  });
});

describe('descriptions of streams', () => {
  it('are found in both languages, by pieces of words, and by columns', async () => {
    logs.add('a', ...registered(id('01'), 0, serve(encodeStreamMetadata(metadataOf(id('01'), 'Buses of Tallinn', '塔林公交车位置')))), ...registered(id('02'), 1, id('bb')));
    await follow();
    expect(texts.textOf(id('01')).state).toBe('missing');
    expect(await fetchTexts()).toEqual([id('01')]);
    for (const text of ['buses', 'TALL buses', '公交车', '公交', 'speed', 'km/h', '']) expect([text, search({ text }).includes(id('01'))]).toEqual([text, true]);
    for (const text of ['"', "') OR 1=1 --", 'bus*', 'NOT buses', '%', 'trains']) expect([text, search({ text })]).toEqual([text, []]);
    expect(search({ category: 'transport' })).toEqual([id('01')]);
    expect(search({ category: 'other' })).toEqual([]);
    expect([...searchStreams(db, { text: '', category: 'other', sort: 'newest', owners: null, served: false, offset: 0, limit: 1 }).categories]).toEqual([['transport', 1]]);
  });

  it('with a category that nobody knows are of the last one', async () => {
    logs.add('a', ...registered(id('01'), 0, serve(encodeStreamMetadata({ ...metadataOf(id('01'), 'x'), category: 'nonsense 17' }))));
    await follow();
    await fetchTexts();
    expect(search({ category: 'other' })).toEqual([id('01')]);
  });

  it('of another stream are no description of a copy', async () => {
    const hash = serve(encodeStreamMetadata(metadataOf(id('01'), 'The first')));
    logs.add('a', ...registered(id('02'), 1, hash), ...registered(id('01'), 0, hash));
    await follow();
    await fetchTexts();
    expect(texts.textOf(id('02'))).toMatchObject({ state: 'invalid', metadata: null });
    expect(texts.textOf(id('01'))).toMatchObject({ state: 'ready', metadata: { title: { en: 'The first' } } });
    expect(search({ text: 'first' })).toEqual([id('01')]);
  });

  it('that are hostile are named and stay out of search', async () => {
    const base = metadataOf(id('01'), 'x');
    const hostile = [
      '<script>alert(1)</script>', '['.repeat(200_000), JSON.stringify({ ...base, title: { en: 'x'.repeat(121) } }), JSON.stringify({ ...base, schema: [] }),
      JSON.stringify({ ...base, schema: [...base.schema, ...base.schema] }), JSON.stringify({ ...base, schema: [{ name: '__proto__ x', type: 'number', unit: null }] }), JSON.stringify({ ...base, peekDelaySeconds: -1 }),
    ].map((text) => Buffer.from(text));
    hostile.forEach((bytes, i) => logs.add('a', ...registered(id(`0${i + 1}`), i, serve(bytes))));
    await follow();
    await fetchTexts();
    await fetchTexts();
    hostile.forEach((_, i) => expect(texts.textOf(id(`0${i + 1}`)).state).toBe('invalid'));
    expect(search({ text: 'script' })).toEqual([]);
  });

  it('are there at the next look when they came while they were being asked for', async () => {
    const bytes = encodeStreamMetadata(metadataOf(id('01'), 'In between'));
    logs.add('a', ...registered(id('01'), 0, toHex(sha256(bytes))));
    await follow();
    const asking = fetchTexts(); // nobody has it when this begins
    serve(bytes);
    texts.trySoon(id('01'));
    expect(await asking).toEqual([]);
    expect(await fetchTexts()).toEqual([id('01')]);
  });

  it('follow the stream when it gets another one', async () => {
    logs.add('a', ...registered(id('01'), 0, serve(encodeStreamMetadata(metadataOf(id('01'), 'Old words')))));
    await follow();
    await fetchTexts();
    logs.add('a', ['stream', 'StreamMeta', [id('01'), OWNER, serve(encodeStreamMetadata(metadataOf(id('01'), 'New sentence'))), 'ipfs://y']]);
    await follow();
    expect([search({ text: 'words' }), search({ category: 'transport' })]).toEqual([[], []]);
    await fetchTexts();
    expect(search({ text: 'sentence' })).toEqual([id('01')]);
  });
});
