import type { ListingCard, ListingView, MarketStatus, SellerView } from '../../../src-node/api/contract/index.ts';
import { addressOf, CPC, DAY, hashOf, HOUR, LIANHE, MAIN, milli, MINUTE, RIVERWATCH, ROADSENSE, VOLTA_LAB } from './addresses.ts';
import type { SampleOptions } from './options.ts';
import { HEAD } from './wallet.ts';

interface Seed {
  readonly key: string;
  readonly title: string | null;
  readonly summary: string | null;
  readonly category: string;
  readonly tags: readonly string[];
  readonly seller: string;
  readonly price: bigint;
  readonly bytes: number;
  readonly rows: number | null;
  readonly settled: number;
  readonly ageDays: number;
  readonly format: string | null;
  readonly state?: Partial<Pick<ListingCard, 'textState' | 'textReason' | 'status'>>;
}

const SEEDS: readonly Seed[] = [
  { key: 'battery', title: 'Battery ageing, 240 cells', summary: 'Charge and discharge curves of 240 LFP cells over 1,100 cycles at 25, 35 and 45 °C.', category: 'energy', tags: ['battery', 'lfp', 'ageing'], seller: VOLTA_LAB, price: 640n * CPC, bytes: 8_100_000_000, rows: 412_880_112, settled: 41, ageDays: 3, format: 'csv' },
  { key: 'brake', title: 'Brake events 2025-Q3', summary: 'Hard braking of 3,100 delivery vans in Jiangsu, with speed, slope and weather.', category: 'transport', tags: ['vehicles', 'safety'], seller: MAIN, price: 480n * CPC, bytes: 1_240_000_000, rows: 9_402_114, settled: 12, ageDays: 20, format: 'csv' },
  { key: 'parking', title: 'Parking sensors, Hangzhou', summary: 'Arrivals and departures of 18,400 kerb sensors, one minute steps, two years.', category: 'transport', tags: ['parking', 'city'], seller: ROADSENSE, price: 300n * CPC, bytes: 42_600_000_000, rows: 1_204_771_900, settled: 7, ageDays: 44, format: 'csv' },
  { key: 'river', title: '太湖水质，2019–2024', summary: '十二个站点的水温、溶解氧、总磷和叶绿素，每小时一次。', category: 'environment', tags: ['水质', '太湖'], seller: RIVERWATCH, price: 85n * CPC, bytes: 318_000_000, rows: 630_720, settled: 28, ageDays: 9, format: 'csv' },
  { key: 'grid', title: 'Feeder load of 60 villages', summary: 'Quarter-hourly load, voltage and photovoltaic feed-in of rural feeders.', category: 'energy', tags: ['grid', 'load', 'pv'], seller: VOLTA_LAB, price: milli(127_500), bytes: 2_200_000_000, rows: 21_024_000, settled: 3, ageDays: 1, format: 'json' },
  { key: 'air', title: 'Street level air, Nanjing', summary: 'PM2.5, NO2 and ozone from 210 lamp posts.', category: 'environment', tags: ['air', 'pm2.5'], seller: RIVERWATCH, price: 60n * CPC, bytes: 96_000_000, rows: 4_415_040, settled: 64, ageDays: 120, format: 'csv' },
  { key: 'lidar', title: 'LiDAR tiles, Suzhou', summary: 'Point clouds of the ring road, 12 points a square metre.', category: 'science', tags: ['lidar', 'maps'], seller: LIANHE, price: 2_400n * CPC, bytes: 318_000_000_000, rows: null, settled: 2, ageDays: 60, format: null },
  { key: 'cars', title: 'Cars 1970–1982', summary: 'Consumption, power and weight of 406 models.', category: 'industry', tags: ['cars', 'teaching'], seller: MAIN, price: 5n * CPC, bytes: 100_492, rows: 406, settled: 1, ageDays: 2, format: 'json' },
  { key: 'new', title: null, summary: null, category: 'other', tags: [], seller: LIANHE, price: 15n * CPC, bytes: 4_400_000, rows: null, settled: 0, ageDays: 0, format: null, state: { textState: 'on-its-way', textReason: 'The seller’s places did not answer yet.' } },
  { key: 'flights', title: 'Delays of 3 million flights', summary: 'Departure delay, distance and airports.', category: 'transport', tags: ['flights'], seller: ROADSENSE, price: 40n * CPC, bytes: 77_000_000, rows: 3_000_000, settled: 5, ageDays: 200, format: 'csv', state: { status: 'closed' } },
];

export const listingId = (key: string): string => hashOf(`listing ${key}`);

export function sampleCards({ now, empty }: SampleOptions): readonly ListingCard[] {
  if (empty) return [];
  return SEEDS.map((seed) => ({
    id: listingId(seed.key), title: seed.title, titleZh: null, summary: seed.summary, textState: 'ready', textReason: null, category: seed.category, tags: seed.tags, seller: seed.seller, price: seed.price, totalBytes: seed.bytes, rows: seed.rows,
    format: seed.format, status: 'live', openUntil: now + 30 * DAY, bondFree: seed.price * 2n, settled: seed.settled, createdAt: now - seed.ageDays * DAY - 20 * MINUTE, mine: seed.seller === MAIN,
    myOrder: seed.key === 'battery' ? hashOf('order battery') : null, print: printOf(seed.key), ...seed.state,
  }));
}

function printOf(key: string): readonly number[] {
  const digits = `${hashOf(key)}${hashOf(`${key} 2`)}`.replaceAll('0x', '');
  return Array.from(digits).map((digit, index) => Math.min(1, (parseInt(digit, 16) / 15) * (0.5 + 0.5 * Math.abs(Math.sin(index / 9)))));
}

export function sampleSeller(address: string): SellerView {
  return { address, settled: address === VOLTA_LAB ? 44 : 12, expired: 1, fraud: 0, bondFree: 1_280n * CPC, medianKeyMillis: 42_000 };
}

export function sampleListing(options: SampleOptions, id: string): ListingView | undefined {
  const card = sampleCards(options).find((one) => one.id === id);
  if (card === undefined) return undefined;
  return {
    ...card,
    description: card.title === null ? null : `${card.summary ?? ''}\n\nMeasured with calibrated loggers; the calibration sheets are part of the files. Gaps longer than ten minutes are marked, never filled.`,
    columns: card.title === null ? [] : [
      { name: 'cell', type: 'integer', nullPct: 0, min: '1', max: '240' }, { name: 'cycle', type: 'integer', nullPct: 0, min: '0', max: '1,100' }, { name: 'time', type: 'date', nullPct: 0, min: '2022-01-03', max: '2024-08-19' },
      { name: 'voltage', type: 'number', nullPct: 0.2, min: '2.498', max: '3.652' }, { name: 'temperature', type: 'number', nullPct: 1.4, min: '23.9', max: '46.2' }, { name: 'note', type: 'text', nullPct: 98.1, min: null, max: null },
    ],
    preview: card.title === null ? null : { header: ['cell', 'cycle', 'time', 'voltage', 'temperature', 'note'], rows: [['17', '204', '2022-11-02T04:10:00Z', '3.312', '25.1', ''], ['17', '204', '2022-11-02T04:11:00Z', '3.309', '25.1', ''], ['17', '204', '2022-11-02T04:12:00Z', '3.305', '25.2', 'rest'], ['18', '1', '2022-01-04T09:00:00Z', '3.601', '24.8', '']] },
    versions: [{ no: 1, dataRoot: hashOf(`root ${id}`), totalBytes: card.totalBytes, chunkCount: Math.max(1, Math.ceil(card.totalBytes / 1_048_576)), addedAt: card.createdAt, retentionUntil: options.now + 365 * DAY }],
    plans: card.price === null ? [] : [{ planId: 0, price: card.price, licenceId: 'PD-COM-1', active: true }],
    licence: { id: 'PD-COM-1', title: 'Commercial, one organisation', text: 'You may use, copy and analyse the data inside your organisation. You may publish results from which the data cannot be rebuilt. You may not pass the data on.', template: { id: 'PD-COM-1', grants: ['use', 'train-model', 'display'], limits: ['one-organisation', 'no-resale', 'no-redistribution'] } },
    places: [{ scheme: 'ipfs', label: 'IPFS, 2 peers' }, { scheme: 'folder', label: 'The seller’s machine' }], onlySellersMachine: options.network === 'mainnet', sellerCard: sampleSeller(card.seller), terms: { keyMillis: 12 * HOUR, disputeMillis: 48 * HOUR, bondBps: 2000 },
  };
}

export function sampleMarket({ empty, network }: SampleOptions): MarketStatus {
  const missing = empty && network === 'practice';
  return {
    contracts: missing ? 'missing' : 'ready', addresses: missing ? null : { fraud: addressOf('fraud'), listing: addressOf('listing'), escrow: addressOf('escrow') }, indexedBlock: HEAD, headBlock: HEAD, listings: empty ? 0 : SEEDS.length, minBond: 10n * CPC, minPrice: CPC, feeBps: 50,
    wantedPlaces: network === 'practice' ? 0 : 2, terms: missing ? null : { keyMillis: 12 * HOUR, disputeMillis: 48 * HOUR, bondBps: 2000, expiryBps: 100, minReserve: CPC / 2n, proofAllowance: CPC / 10n, unbondMillis: 7 * DAY },
  };
}
