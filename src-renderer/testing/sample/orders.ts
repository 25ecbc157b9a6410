import type { Desk, NeedsYou, OrderView, TimelineStep } from '../../../src-node/api/contract/index.ts';
import { addressOf, CPC, DAY, hashOf, HOUR, LIANHE, MAIN, milli, MINUTE, PURCHASES, ROADSENSE, VOLTA_LAB } from './addresses.ts';
import { listingId } from './listings.ts';
import type { SampleOptions } from './options.ts';
import { HEAD } from './wallet.ts';

export const orderId = (key: string): string => hashOf(`order ${key}`);

const GOOD_PATH = ['placed', 'fetched', 'ready', 'keyed', 'verified', 'confirmed'] as const;

function timeline(now: number, reached: number, state: 'now' | 'failed' | 'done' = 'now'): readonly TimelineStep[] {
  return GOOD_PATH.map((key, index) => {
    const past = index < reached || state === 'done';
    return { key, state: past ? 'done' : index === reached ? state : 'next', at: past ? now - (GOOD_PATH.length - index) * 40 * MINUTE : null, block: past ? HEAD - (GOOD_PATH.length - index) * 240 : null, transaction: past && key !== 'fetched' && key !== 'verified' ? hashOf(`${key} transaction`) : null };
  });
}

export function sampleOrders({ now, empty }: SampleOptions): readonly OrderView[] {
  if (empty) return [];
  const base = { buyer: MAIN, seller: VOLTA_LAB, role: 'buyer', reserve: milli(600), placedAt: now - 4 * HOUR, placedBlock: HEAD - 1440, proof: null, problem: null } as const;
  const copy = { chunks: 7725, chunksSealed: 7725, chunksVerified: 7725, badChunks: [], bytesDone: 8_100_000_000, bytesTotal: 8_100_000_000, rate: null, sources: [{ scheme: 'ipfs', label: 'IPFS', bytes: 6_020_000_000, rate: null }, { scheme: 'folder', label: 'The seller’s machine', bytes: 2_080_000_000, rate: null }], files: [{ path: 'cells/curves.csv', bytes: 7_900_000_000 }, { path: 'cells/calibration.pdf', bytes: 200_000_000 }], folder: '/home/li/CPChain/battery-ageing', sha256: hashOf('battery').slice(2) } as const;
  const none = { files: [], folder: null, sha256: null } as const;
  const orders: readonly OrderView[] = [
    { ...base, id: orderId('battery'), listing: listingId('battery'), title: 'Battery ageing, 240 cells', price: 640n * CPC, state: 'keyed', turn: 'buyer', deadline: { block: HEAD + 7800, at: now + 21 * HOUR + 40 * MINUTE, consequence: 'seller-paid' }, timeline: timeline(now, 5), copy: { ...copy, state: 'verified' }, can: ['confirm'] },
    { ...base, id: orderId('parking'), listing: listingId('parking'), title: 'Parking sensors, Hangzhou', seller: ROADSENSE, buyer: PURCHASES, price: 300n * CPC, state: 'keyed', turn: 'buyer', deadline: { block: HEAD + 2280, at: now + 6 * HOUR + 20 * MINUTE, consequence: 'seller-paid' }, timeline: timeline(now, 4, 'failed'), copy: { ...copy, ...none, state: 'bad', chunks: 512, chunksSealed: 512, chunksVerified: 308, badChunks: [309], bytesDone: 318_000_000, bytesTotal: 536_000_000 }, proof: { kind: 'bad-unit', chunk: 309, unit: 17, makesKeyPublic: false, refund: milli(330_050), allowance: milli(100) }, can: ['prove'] },
    { ...base, id: orderId('lidar'), listing: listingId('lidar'), title: 'LiDAR tiles, Suzhou', seller: LIANHE, buyer: PURCHASES, price: milli(1_615_680), state: 'funded', turn: 'buyer', deadline: { block: HEAD + 15_000, at: now + 41 * HOUR, consequence: 'lapse' }, timeline: timeline(now, 1), copy: { ...copy, ...none, state: 'fetching', chunks: 30_328, chunksSealed: 5_840, chunksVerified: 0, bytesDone: 61_200_000_000, bytesTotal: 318_000_000_000, rate: 41_000_000, sources: [{ scheme: 'ipfs', label: 'IPFS', bytes: 40_800_000_000, rate: 28_000_000 }, { scheme: 'folder', label: 'The seller’s machine', bytes: 20_400_000_000, rate: 13_000_000 }] }, can: ['cancel'] },
    { ...base, id: orderId('air'), listing: listingId('air'), title: 'Street level air, Nanjing', price: 60n * CPC, state: 'settled', turn: 'nobody', deadline: null, timeline: timeline(now, 6, 'done'), copy: { ...copy, state: 'verified', chunks: 92, chunksSealed: 92, chunksVerified: 92, bytesDone: 96_000_000, bytesTotal: 96_000_000 }, can: [] },
    { ...base, id: orderId('sale'), listing: listingId('brake'), title: 'Brake events 2025-Q3', role: 'seller', seller: MAIN, buyer: LIANHE, price: 480n * CPC, state: 'ready', turn: 'seller', deadline: { block: HEAD + 1152, at: now + 3 * HOUR + 12 * MINUTE, consequence: 'expire' }, timeline: timeline(now, 3), copy: { ...copy, ...none, state: 'none', bytesDone: 0 }, can: ['post-key', 'decline'] },
    { ...base, id: orderId('sold'), listing: listingId('brake'), title: 'Brake events 2025-Q3', role: 'seller', seller: MAIN, buyer: ROADSENSE, price: 480n * CPC, state: 'settled', turn: 'nobody', deadline: null, timeline: timeline(now, 6, 'done'), copy: { ...copy, ...none, state: 'none', bytesDone: 0 }, can: ['withdraw'] },
  ];
  return orders.map((order) => ({ ...order, reserve: order.price / 5n }));
}

export function sampleNeeds(options: SampleOptions): readonly NeedsYou[] {
  const orders = sampleOrders(options);
  const need = (key: string, order: string): readonly NeedsYou[] => orders.filter(({ id }) => id === orderId(order)).map((one) => ({ id: `${key}:${one.id}`, key, subject: { kind: 'order', id: one.id }, title: one.title ?? '', amount: one.price, deadline: one.deadline?.at ?? null }));
  return [...need('confirm', 'battery'), ...need(options.wallet === 'unlocked' ? 'post-key' : 'unlock-to-deliver', 'sale'), ...need('prove', 'parking')];
}

export function sampleDesk(options: SampleOptions): Desk {
  const { now, empty } = options;
  const sales = sampleOrders(options).filter(({ role }) => role === 'seller');
  const listing = (key: string, title: string, status: 'live' | 'closed' | 'retired', price: bigint, count: number, totalBytes: number): Desk['listings'][number] => ({ id: listingId(key), title, status, price, openUntil: now + 20 * DAY, sales: count, earned: price * BigInt(count), bondFree: price, bondReserved: price / 100n, bondLeaving: status === 'closed' ? 20n * CPC : 0n, bondLeavesAt: status === 'closed' ? now + 5 * DAY : null, bondHasLeft: false, totalBytes });
  return {
    listings: empty ? [] : [listing('brake', 'Brake events 2025-Q3', 'live', 480n * CPC, 12, 1_240_000_000), listing('cars', 'Cars 1970–1982', 'live', 5n * CPC, 1, 100_492), listing('brake-2', 'Brake events 2025-Q2', 'closed', 400n * CPC, 31, 1_180_000_000)],
    waiting: sales.filter(({ state }) => state === 'ready'), recent: sales, withdrawable: empty ? 0n : milli(477_600), earned: empty ? 0n : 18_165n * CPC,
    earnedByDay: empty ? [] : Array.from({ length: 30 }, (_, back) => ({ day: new Date(now - (29 - back) * DAY).toISOString().slice(0, 10), amount: BigInt([0, 480, 0, 960, 5, 0, 480][back % 7] ?? 0) * CPC })),
    delivering: { on: true, reason: null },
    deliveryAccounts: empty ? [] : [{ seller: MAIN, address: addressOf('delivery'), balance: milli(212), answersLeft: 88, listings: 2, state: 'on' }, { seller: MAIN, address: addressOf('old delivery'), balance: milli(31), answersLeft: 12, listings: 0, state: 'unused' }],
    withoutDelivery: [],
  };
}
