import { Interface } from 'ethers';
import { beforeEach, describe, expect, it } from 'vitest';
import { fromHex, hexOf, toHex, type Hex } from '../../base/bytes.ts';
import { ManualClock, millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import type { BlockInfo, ChainReader, LocatedLog } from '../../chain/reader.ts';
import escrowArtifact from '../../../resources/contracts/PDEscrow.json' with { type: 'json' };
import listingArtifact from '../../../resources/contracts/PDListing.json' with { type: 'json' };
import { sha256 } from '../../crypto/hash.ts';
import { encodeMetadata, type Metadata } from '../metadata.ts';
import { openMarketStore } from '../store.ts';
import { ListingTexts } from './listing-texts.ts';
import { MarketIndex } from './market-index.ts';
import { searchListings, type SearchQuery } from './search.ts';

const LISTINGS = fromHex('1a'.repeat(20));
const ESCROW = fromHex('e5'.repeat(20));
const SELLER: Hex = `0x${'51'.repeat(20)}`;
const BUYER: Hex = `0x${'b1'.repeat(20)}`;
const interfaces = { listing: new Interface(listingArtifact.abi), escrow: new Interface(escrowArtifact.abi) };
const id = (byte: string): Hex => `0x${byte.repeat(32)}`;
const CPC = 10n ** 18n;

/** A chain of logs, written down by hand, that can be cut and grown anew. */
class Logs {
  readonly blocks: BlockInfo[] = [];
  readonly logs: LocatedLog[][] = [];
  /** Happens once, behind the next reading of logs. */
  meanwhile: () => void = () => undefined;

  add(mark: string, ...events: readonly (readonly ['listing' | 'escrow', string, readonly unknown[]])[]): void {
    const number = BigInt(this.blocks.length);
    const hash = fromHex(`${mark}${number.toString(16)}`.padStart(64, '0'));
    this.blocks.push({ number, hash, parentHash: hash, timeMillis: millis(Number(number) * 10_000), transactions: [] });
    this.logs.push(events.map(([contract, name, args], logIndex) => {
      const { topics, data } = interfaces[contract].encodeEventLog(name, args);
      return { address: contract === 'escrow' ? ESCROW : LISTINGS, topics: topics.map(fromHex), data: fromHex(data), blockNumber: number, blockHash: hash, transactionHash: fromHex(number.toString(16).padStart(64, 'f')), logIndex };
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

const metadataOf = (listing: Hex, title: string, zh?: string): Metadata => ({
  pd: 1, listing, title: { en: title, ...(zh === undefined ? {} : { zh }) }, summary: 'Measured every ten minutes', description_md: '', category: 'science', tags: ['lake'], format: 'csv', rows: 3,
  schema: [{ name: 'celsius', type: 'number', nullPct: 0, min: '1', max: '9' }], preview: [], licence: { id: 'PD-EVAL', title: 'Evaluation', text: 'x' }, personalData: { present: false },
  versions: [{ no: 1, manifest: { sha256: '0'.repeat(64), locators: [{ otp: 1, scheme: 'folder', where: { object: '0'.repeat(64) }, access: 'public' }] } }],
});

/** Events of a publication, as `publish` emits them. */
function published(listing: Hex, nonce: number, metaHash: Hex, price = 5n * CPC): (readonly ['listing', string, readonly unknown[]])[] {
  return [
    ['listing', 'ListingCreated', [listing, SELLER, nonce, 0, 0, 7, 300, 600, 8]],
    ['listing', 'ListingOpen', [listing, SELLER, 2_000_000_000]],
    ['listing', 'ListingMeta', [listing, SELLER, metaHash, 'ipfs://x']],
    ['listing', 'DeliveryKeySet', [listing, SELLER, `0x${'de'.repeat(20)}`, 50n * CPC]],
    ['listing', 'BondChanged', [listing, SELLER, 10n * CPC, 0, 0, 0]],
    ['listing', 'VersionAdded', [listing, SELLER, 1, id('d0'), id('c0'), id('a1'), 4096, 2_000_000_000, 1, 1]],
    ['listing', 'PlanSet', [listing, SELLER, 0, 1, price, id('11'), true, [SELLER], [10_000]]],
    ['listing', 'ListingStatus', [listing, SELLER, 1]],
  ];
}

let logs: Logs;
let index: MarketIndex;
let texts: ListingTexts;
let served: Map<string, Uint8Array>;
let db: ReturnType<typeof openMarketStore>;
const follow = () => index.follow(new AbortController().signal);
const fetchTexts = () => texts.fetchDue(new AbortController().signal);
const serve = (bytes: Uint8Array): Hex => {
  const hash = toHex(sha256(bytes));
  served.set(hexOf(sha256(bytes)), bytes);
  return hash;
};
const search = (query: Partial<SearchQuery>): readonly Hex[] => searchListings(db, { text: '', category: null, sort: 'newest', sellers: null, openAt: null, offset: 0, limit: 20, ...query }).listings.map((listing) => listing.id);

beforeEach(() => {
  db = openMarketStore(':memory:');
  logs = new Logs();
  served = new Map();
  logs.add('a');
  index = new MarketIndex({ listings: LISTINGS, escrow: ESCROW, firstBlock: 0n }, { db, reader: logs.reader() });
  const place = { scheme: 'folder' as const, put: () => Promise.reject(new TypeError('nothing is put')), get: (locator: { readonly where: object }) => {
    const bytes = served.get('object' in locator.where ? String(locator.where.object) : '');
    return bytes === undefined ? Promise.reject(new CodedError('DATA_UNAVAILABLE', 'Not here.')) : Promise.resolve(bytes);
  } };
  texts = new ListingTexts({ db, places: [place], clock: new ManualClock(millis(0)) });
});

describe('the index', () => {
  it('folds the logs of both contracts into listings and orders', async () => {
    logs.add('a', ...published(id('01'), 0, id('aa')));
    logs.add('a', ['escrow', 'OrderPlaced', [id('01'), BUYER, id('0d'), 1, 0, 5n * CPC, id('7e'), 0, 1, 2, 99]]);
    logs.add('a', ['escrow', 'OrderReady', [id('01'), BUYER, id('0d'), CPC, 120]], ['listing', 'BondChanged', [id('01'), SELLER, 9n * CPC, CPC, 0, 0]]);
    expect(await follow()).toEqual({ listings: [id('01')], orders: [id('0d')] });
    expect(index.listing(id('01'))).toMatchObject({ seller: SELLER, status: 'Live', bondFree: 9n * CPC, bondReserved: CPC, deliveryKey: `0x${'de'.repeat(20)}`, deliveryCap: 50n * CPC, versions: [{ no: 1 }], plans: [{ price: 5n * CPC }] });
    expect(index.order(id('0d'))).toMatchObject({ state: 'ready', buyer: BUYER, reserve: CPC, deadlineBlock: 120, readied: { block: 3 } });
    expect(index.ordersOf('seller', SELLER).map((order) => order.id)).toEqual([id('0d')]);
    expect(await follow()).toEqual({ listings: [], orders: [] });
  });

  it('keeps nothing of blocks that are replaced while it reads them', async () => {
    logs.add('a', ...published(id('01'), 0, id('aa')));
    await follow();
    logs.add('a', ['escrow', 'OrderPlaced', [id('01'), BUYER, id('0d'), 1, 0, 5n * CPC, id('7e'), 0, 1, 2, 99]]);
    logs.meanwhile = () => {
      logs.cut(2);
      logs.add('b', ...published(id('01'), 0, id('bb')));
      logs.add('b', ['escrow', 'OrderPlaced', [id('01'), BUYER, id('0e'), 1, 0, 5n * CPC, id('7e'), 0, 1, 2, 99]]);
    };
    await follow();
    await follow();
    expect([index.order(id('0d')), index.order(id('0e'))?.state, index.listing(id('01'))?.metaHash]).toEqual([null, 'funded', id('bb')]);
  });

  it('takes back what the chain replaced, five blocks deep, and is then what a fresh index is', async () => {
    logs.add('a', ...published(id('01'), 0, id('aa')));
    await follow();
    logs.add('a', ['escrow', 'OrderPlaced', [id('01'), BUYER, id('0d'), 1, 0, 5n * CPC, id('7e'), 0, 1, 2, 99]]);
    await follow();
    logs.add('a', ...published(id('02'), 1, id('bb')));
    await follow();
    logs.add('a', ['escrow', 'OrderReady', [id('01'), BUYER, id('0d'), CPC, 120]]);
    await follow();
    logs.add('a', ['escrow', 'KeyPosted', [id('01'), BUYER, id('0d'), 1, 2, id('33'), 700]]);
    await follow();
    expect(index.order(id('0d'))?.state).toBe('keyed');

    logs.cut(5);
    logs.add('b', ...published(id('01'), 0, id('aa'), 6n * CPC));
    logs.add('b', ['escrow', 'OrderPlaced', [id('01'), BUYER, id('0d'), 1, 0, 6n * CPC, id('7e'), 0, 1, 2, 99]]);
    for (let i = 0; i < 4; i++) logs.add('b');
    await follow();
    expect(index.listing(id('02'))).toBeNull();
    expect(index.listing(id('01'))?.plans[0]?.price).toBe(6n * CPC);
    expect(index.order(id('0d'))).toMatchObject({ state: 'funded', price: 6n * CPC, delivery: null });

    const fresh = openMarketStore(':memory:');
    await new MarketIndex({ listings: LISTINGS, escrow: ESCROW, firstBlock: 0n }, { db: fresh, reader: logs.reader() }).follow(new AbortController().signal);
    for (const table of ['event', 'listing', 'orders']) expect(db.prepare(`SELECT * FROM ${table}`).all()).toEqual(fresh.prepare(`SELECT * FROM ${table}`).all());
  });
});

describe('descriptions', () => {
  it('are found in both languages, by pieces of words, and by columns', async () => {
    const hash = serve(encodeMetadata(metadataOf(id('01'), 'Lake temperatures', '湖水温度记录')));
    logs.add('a', ...published(id('01'), 0, hash), ...published(id('02'), 1, id('bb')));
    await follow();
    expect(texts.textOf(id('01')).state).toBe('missing');
    expect(await fetchTexts()).toEqual([id('01')]);
    for (const text of ['temperat', 'TEMPERATURES lake', '湖水温度', '水温', 'celsius', '']) expect([text, search({ text }).includes(id('01'))]).toEqual([text, true]);
    for (const text of ['"', "') OR 1=1 --", 'lake*', 'NOT lake', '%', 'ocean']) expect([text, search({ text })]).toEqual([text, []]);
    expect(search({ category: 7 })).toHaveLength(2);
    expect(search({ category: 3 })).toEqual([]);
  });

  it('of another listing are no description of a copy, and the copy spoils nothing', async () => {
    const hash = serve(encodeMetadata(metadataOf(id('01'), 'The first')));
    logs.add('a', ...published(id('02'), 1, hash));
    await follow();
    await fetchTexts();
    expect(texts.textOf(id('02'))).toMatchObject({ state: 'invalid', metadata: null });
    logs.add('a', ...published(id('01'), 0, hash));
    await follow();
    await fetchTexts();
    expect(texts.textOf(id('01'))).toMatchObject({ state: 'ready', metadata: { title: { en: 'The first' } } });
    expect(texts.textOf(id('02'))).toMatchObject({ state: 'invalid', metadata: null });
    expect(search({ text: 'first' })).toEqual([id('01')]);
  });

  it('that are hostile are named and stay out of search', async () => {
    const base = metadataOf(id('01'), 'x');
    const hostile: readonly Uint8Array[] = [
      Buffer.from('<script>alert(1)</script>'), Buffer.from('['.repeat(200_000)), Buffer.from(JSON.stringify({ ...base, title: { en: 'x'.repeat(121) } })), Buffer.from(JSON.stringify({ ...base, rows: -1 })),
      Buffer.from(JSON.stringify({ ...base, versions: [{ no: 1, manifest: { sha256: '0'.repeat(64), locators: [{ otp: 1, scheme: 'http', where: { url: 'http://127.0.0.1:8501/' }, access: 'public' }] } }] })),
    ];
    hostile.forEach((bytes, i) => logs.add('a', ...published(id(`0${i + 1}`), i, serve(bytes))));
    await follow();
    await fetchTexts();
    await fetchTexts();
    hostile.forEach((_, i) => expect(texts.textOf(id(`0${i + 1}`)).state).toBe('invalid'));
    expect(search({ text: 'script' })).toEqual([]);
  });

  it('are there at the next look when they came while they were being asked for', async () => {
    const bytes = encodeMetadata(metadataOf(id('01'), 'In between'));
    logs.add('a', ...published(id('01'), 0, toHex(sha256(bytes))));
    await follow();
    const asking = fetchTexts(); // nobody has it when this begins
    serve(bytes);
    texts.trySoon(id('01'));
    expect(await asking).toEqual([]);
    expect(await fetchTexts()).toEqual([id('01')]);
  });

  it('follow the listing when it gets another one', async () => {
    logs.add('a', ...published(id('01'), 0, serve(encodeMetadata(metadataOf(id('01'), 'Old words')))));
    await follow();
    await fetchTexts();
    logs.add('a', ['listing', 'ListingMeta', [id('01'), SELLER, serve(encodeMetadata(metadataOf(id('01'), 'New sentence'))), 'ipfs://y']]);
    await follow();
    expect(search({ text: 'words' })).toEqual([]);
    await fetchTexts();
    expect(texts.textOf(id('01')).metadata?.title.en).toBe('New sentence');
    expect(search({ text: 'sentence' })).toEqual([id('01')]);
  });
});
