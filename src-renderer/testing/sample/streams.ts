import type { LiveEvent, PublishedStreamView, StreamCard, StreamColumn, StreamDesk, StreamGap, StreamGatewayView, StreamReading, StreamRow, StreamSpend, StreamsStatus, StreamView, SubscriberView, SubscriptionView } from '../../../src-node/api/contract/index.ts';
import { addressOf, CPC, DAY, hashOf, HOUR, LIANHE, MAIN, milli, MINUTE, PURCHASES, RIVERWATCH, ROADSENSE, VOLTA_LAB } from './addresses.ts';
import type { SampleOptions } from './options.ts';
import { HEAD } from './wallet.ts';

export const streamId = (key: string): string => hashOf(`stream ${key}`);
export const channelId = (key: string): string => hashOf(`channel ${key}`);

const EPOCH = 10 * MINUTE;
const ROAD: readonly StreamColumn[] = [{ name: 'station', type: 'text', unit: null }, { name: 'friction', type: 'number', unit: null }, { name: 'road', type: 'number', unit: '°C' }, { name: 'wind', type: 'number', unit: 'm/s' }];
const STATIONS = ['K214+300', 'K198+050', 'K231+900', 'K176+400'] as const;
const MICRO = 10n ** 12n;

interface Seed {
  readonly key: string;
  readonly title: string | null;
  readonly summary: string | null;
  readonly category: string;
  readonly tags: readonly string[];
  readonly owner: string;
  readonly columns: readonly StreamColumn[];
  readonly plan: { readonly kind: 'period' | 'metered'; readonly unitPrice: bigint; readonly window: number };
  readonly rate: number | null;
  readonly gateways: number;
  readonly state?: Partial<Pick<StreamCard, 'textState' | 'textReason' | 'status'>>;
}

const number = (name: string, unit: string | null): StreamColumn => ({ name, type: 'number', unit });
const SEEDS: readonly Seed[] = [
  { key: 'g15', title: 'G15 road state', summary: 'Friction, road temperature and wind of 214 stations along the G15, one message a station and twelve seconds.', category: 'transport', tags: ['roads', 'weather', 'safety'], owner: ROADSENSE, columns: ROAD, plan: { kind: 'metered', unitPrice: 20n * MICRO, window: 50 }, rate: 18.4, gateways: 4 },
  { key: 'grid', title: 'Frequency of 40 feeders', summary: 'Mains frequency and voltage, four times a second, with the state of the switch.', category: 'energy', tags: ['grid', 'frequency'], owner: VOLTA_LAB, columns: [{ name: 'feeder', type: 'text', unit: null }, number('frequency', 'Hz'), number('voltage', 'V')], plan: { kind: 'period', unitPrice: 208n * MICRO, window: 4200 }, rate: 160, gateways: 2 },
  { key: 'taihu', title: '太湖水质，实时', summary: '十二个站点的水温、溶解氧和浊度，每分钟一次。', category: 'environment', tags: ['水质'], owner: RIVERWATCH, columns: [{ name: 'site', type: 'text', unit: null }, number('temperature', '°C'), number('oxygen', 'mg/L')], plan: { kind: 'metered', unitPrice: 500n * MICRO, window: 50 }, rate: 0.2, gateways: 1 },
  { key: 'taxi', title: 'E-taxi positions, Shenzhen', summary: 'Position, speed and state of charge of 1,900 taxis, plates salted daily.', category: 'transport', tags: ['vehicles', 'positions'], owner: LIANHE, columns: [{ name: 'taxi', type: 'text', unit: null }, number('lat', '°'), number('lon', '°'), number('speed', 'km/h'), number('charge', '%')], plan: { kind: 'metered', unitPrice: 8n * MICRO, window: 50 }, rate: 380, gateways: 3 },
  { key: 'brake', title: 'Brake events, live', summary: 'Hard braking of delivery vans in Jiangsu, as it happens.', category: 'transport', tags: ['vehicles', 'safety'], owner: MAIN, columns: [{ name: 'van', type: 'text', unit: null }, number('speed', 'km/h'), number('deceleration', 'm/s²')], plan: { kind: 'period', unitPrice: 208n * MICRO, window: 4200 }, rate: 1.3, gateways: 2 },
  { key: 'new', title: null, summary: null, category: 'other', tags: [], owner: LIANHE, columns: [], plan: { kind: 'metered', unitPrice: MICRO, window: 50 }, rate: null, gateways: 1, state: { textState: 'on-its-way', textReason: 'Its text could not be read yet.' } },
];

export function sampleStreamsStatus({ empty, network }: SampleOptions): StreamsStatus {
  const missing = empty && network === 'practice';
  return { contracts: missing ? 'missing' : 'ready', addresses: missing ? null : { stream: addressOf('stream'), channel: addressOf('channel'), gateway: addressOf('gateway') }, indexedBlock: HEAD, headBlock: HEAD, streams: empty ? 0 : SEEDS.length, closeMillis: DAY, minGatewayBond: 1000n * CPC };
}

export function sampleStreamCards({ now, empty }: SampleOptions): readonly StreamCard[] {
  if (empty) return [];
  return SEEDS.map((seed, index) => ({
    id: streamId(seed.key), title: seed.title, titleZh: seed.key === 'g15' ? 'G15 路况' : null, summary: seed.summary, textState: 'ready', textReason: null, category: seed.category, tags: seed.tags, owner: seed.owner, status: 'registered', columns: seed.columns,
    plans: [{ planId: 0, kind: seed.plan.kind, unitPrice: seed.plan.unitPrice, window: seed.plan.window, licenceId: 'PD-COM-1', active: true }],
    measured: seed.rate === null ? null : { ratePerSecond: seed.rate, lastAt: now - 900, gateway: 'suzhou-2.example.net:8710', at: now - 4000 }, gateways: seed.gateways, createdAt: now - (index + 2) * 9 * DAY, mine: seed.owner === MAIN,
    mySubscription: seed.key === 'g15' ? channelId('g15') : seed.key === 'grid' ? channelId('grid') : null, print: seed.rate === null ? [] : Array.from({ length: 40 }, (_, i) => (seed.key === 'g15' && i > 23 && i < 26 ? 0.02 : 0.62 + 0.3 * Math.sin(i / 3 + index) * Math.cos(i * (index + 1)))), ...seed.state,
  }));
}

export function sampleGateways({ now }: SampleOptions): readonly StreamGatewayView[] {
  const gateway = (name: string, owner: string, change: Partial<StreamGatewayView> = {}): StreamGatewayView => ({ id: hashOf(`gateway ${name}`), name, endpoints: [`https://${name}`], owner, bond: 1_200n * CPC, state: 'ready', roundTripMillis: 18, headSeq: 91_204_118, askedAt: now - 4000, problem: null, mine: false, ...change });
  return [
    gateway('suzhou-2.example.net:8710', RIVERWATCH), gateway('hangzhou.example.net:8710', LIANHE, { roundTripMillis: 26 }), gateway('nanjing-1.example.net:8710', ROADSENSE, { roundTripMillis: 41, state: 'behind', headSeq: 91_203_870 }),
    gateway('wuxi.example.net:8710', VOLTA_LAB, { state: 'unreachable', roundTripMillis: null, headSeq: null, problem: { code: 'GATEWAY_UNREACHABLE', message: 'The gateway does not answer.', help: 'Others are used meanwhile.', meta: {} } }),
  ];
}

export function sampleStream(options: SampleOptions, id: string): StreamView | undefined {
  const card = sampleStreamCards(options).find((one) => one.id === id);
  if (card === undefined) return undefined;
  return {
    ...card, description: card.title === null ? null : `${card.summary ?? ''}\n\nStations are calibrated every spring. A station that is being serviced sends nothing; nothing is filled in.`, publisher: addressOf(`publisher ${id}`), generation: 0, epochMillis: EPOCH, ahead: 6, retentionMillis: 7 * DAY,
    peekDelayMillis: card.title === 'Frequency of 40 feeders' ? null : HOUR, gatewayList: sampleGateways(options).slice(0, card.gateways),
    licence: card.title === null ? null : { id: 'PD-COM-1', title: 'Commercial, one organisation', text: 'You may use, copy and analyse the data inside your organisation. You may not pass the data on.', template: { id: 'PD-COM-1', grants: ['use', 'train-model', 'display'], limits: ['one-organisation', 'no-resale', 'no-redistribution'] } },
  };
}

/** The message that a station sends at a time. */
function roadRow(seq: number, at: number, station: number): StreamRow {
  const phase = at / 1000;
  const wave = (period: number, shift: number): number => Math.sin(phase / period + station * 1.7 + shift);
  const round = (value: number, digits: number): number => Number(value.toFixed(digits));
  return { seq, at, raw: null, values: [STATIONS[station] ?? '', round(0.66 + 0.06 * wave(60, 0) + 0.03 * wave(11, 1) + 0.015 * wave(3.1, 2), 2), round(3.1 + 0.4 * wave(80, 3) + 0.2 * wave(13, 0), 1), round(4 + 1.4 * wave(35, 5), 1)] };
}

const HEAD_SEQ = 91_204_118;
const STEP = 1250;
/** Nobody sent anything for 22 s, four minutes ago. */
const quiet = (now: number, at: number): boolean => at > now - 4 * MINUTE && at < now - 4 * MINUTE + 22_000;

export function samplePeekRows(options: SampleOptions): readonly StreamRow[] {
  return Array.from({ length: 24 }, (_, i) => roadRow(HEAD_SEQ - 66_000 - i, options.now - HOUR - i * 300, i % STATIONS.length));
}

/** What was kept, then a few rows five times a second. */
export async function* sampleLive(options: SampleOptions, reading: () => StreamReading, spend: () => StreamSpend): AsyncGenerator<LiveEvent> {
  yield { kind: 'reading', reading: reading() };
  yield { kind: 'spend', spend: spend() };
  const { now } = options;
  const kept: StreamRow[] = [];
  for (let at = now - 10 * MINUTE; at <= now; at += STEP / STATIONS.length) if (!quiet(now, at)) kept.push(roadRow(0, Math.round(at), kept.length % STATIONS.length));
  const rows = kept.map((row, i) => ({ ...row, seq: HEAD_SEQ - kept.length + 1 + i }));
  yield { kind: 'rows', rows, skipped: 0 };
  const count = options.pace === 'fast' ? 500 : STATIONS.length;
  for (let seq = HEAD_SEQ + 1; options.reading === 'live'; seq += count) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const end = Date.now();
    yield { kind: 'rows', rows: Array.from({ length: count }, (_, i) => roadRow(seq + i, end - Math.round((200 / count) * (count - 1 - i)), i % STATIONS.length)), skipped: 0 };
    yield { kind: 'spend', spend: spend() };
    if (seq % 3 === 0) yield { kind: 'reading', reading: reading() };
  }
  await new Promise(() => undefined);
}

export function sampleReading(options: SampleOptions): StreamReading {
  const { now, reading: state } = options;
  const gap: StreamGap = { fromSeq: HEAD_SEQ - 4800, toSeq: HEAD_SEQ - 4395, from: now - 4 * MINUTE, to: now - 4 * MINUTE + 22_000, reason: 'publisher' };
  const moving = state === 'live';
  return {
    state, problem: state === 'failed' ? { code: 'BAD_BATCH', message: 'The publisher signed two different batches for one place.', help: 'Nothing of it was delivered or paid. It is kept as evidence; close the subscription if it stays so.', meta: {} } : null,
    gateway: state === 'connecting' ? null : { id: hashOf('gateway suzhou-2.example.net:8710'), name: 'suzhou-2.example.net' }, gatewaysReady: 3, ratePerSecond: moving ? 18.4 : null, lagMillis: moving ? 400 : null, epoch: 8214, epochEndsAt: now + 6 * MINUTE,
    signature: state === 'failed' ? 'refused' : 'valid', batches: 40_118, refusedBatches: state === 'failed' ? 1 : 0, gaps: [gap], lastSeq: HEAD_SEQ, lastAt: moving ? now : now - 3 * MINUTE, at: now,
  };
}

export function sampleSpend(options: SampleOptions): StreamSpend {
  const capped = options.reading === 'cap';
  return { kind: 'metered', unitPrice: 20n * MICRO, spentToday: capped ? 60n * CPC : milli(31_070), capPerDay: 60n * CPC, dayEndsAt: options.now + 10 * HOUR, deposit: 500n * CPC, signed: milli(81_070), paid: milli(49_200), owed: 240n * MICRO, window: 50, windowAmount: 1000n * MICRO, lastsMillis: 13 * DAY, warning: capped ? 100 : 50 };
}

export function sampleSubscriptions(options: SampleOptions): readonly SubscriptionView[] {
  const { now, empty, recording, reading } = options;
  if (empty) return [];
  const spend = sampleSpend(options);
  const base = { owner: ROADSENSE, payer: MAIN, state: 'open', expiresAt: now + 61 * DAY, closesAt: null, recording: null } as const;
  const idle: StreamReading = { ...sampleReading({ ...options, reading: 'paused' }), gaps: [], gatewaysReady: 1 };
  return [
    {
      ...base, channel: channelId('g15'), stream: streamId('g15'), title: 'G15 road state', titleZh: 'G15 路况', columns: ROAD, reading: sampleReading(options), spend, can: ['top-up', 'close', reading === 'paused' ? 'resume' : 'pause', 'record'],
      recording: recording === 'none' ? null : { format: 'csv', state: recording === 'failed' ? 'failed' : 'running', folder: '/home/li/CPChain/streams/g15-road-state', file: '2025-11-24-1405.csv', rows: 118_204, bytes: 9_812_000, startedAt: now - 107 * MINUTE, stoppedAt: null, problem: recording === 'failed' ? { code: 'DISK_FULL', message: 'The disk is full.', help: 'Free some space, then start it again.', meta: {} } : null },
    },
    { ...base, channel: channelId('grid'), stream: streamId('grid'), title: 'Frequency of 40 feeders', titleZh: null, owner: VOLTA_LAB, columns: SEEDS[1]?.columns ?? [], reading: idle, spend: { ...spend, kind: 'period', unitPrice: 208n * MICRO, spentToday: 0n, capPerDay: null, deposit: 120n * CPC, signed: milli(12_400), warning: null, lastsMillis: null, window: 4200, windowAmount: 873_600n * MICRO }, can: ['top-up', 'close', 'resume', 'record'] },
    { ...base, channel: channelId('air'), stream: streamId('air'), title: 'Street level air, Nanjing', titleZh: null, owner: RIVERWATCH, payer: PURCHASES, state: 'closing', closesAt: now + 9 * HOUR, columns: [], reading: { ...idle, state: 'ended', gateway: null }, spend: { ...spend, spentToday: 0n, capPerDay: null, deposit: 20n * CPC, signed: milli(18_400), warning: null, lastsMillis: null }, can: [] },
  ];
}

export const SAMPLE_SNIPPETS = {
  endpoint: 'http://127.0.0.1:8710/v1',
  curl: `# keys stay in the app\nPD=http://127.0.0.1:8710/v1\ncurl -G $PD/streams/g15/rows \\\n  -d cursor=live -d waitMs=30000 \\\n  -H "Authorization: Bearer $PD_TICKET"`,
  javascript: `const rows = new WebSocket(\n  'ws://127.0.0.1:8710/v1/rows/g15',\n  ['pdash.1', process.env.PD_TICKET]);\nrows.onmessage = ({ data }) =>\n  console.log(JSON.parse(data));`,
  python: `import os, requests\nfor line in requests.get(\n    'http://127.0.0.1:8710/v1/streams/g15/rows',\n    headers={'Authorization': 'Bearer ' + os.environ['PD_TICKET']},\n    stream=True).iter_lines():\n  print(line)`,
} as const;

export function samplePublished(options: SampleOptions): readonly PublishedStreamView[] {
  const { now, empty } = options;
  if (empty) return [];
  const [, , , , brake, fresh] = sampleStreamCards(options);
  if (brake === undefined || fresh === undefined) return [];
  const reader = (name: string, payer: string, change: Partial<SubscriberView>): SubscriberView => ({ channel: hashOf(`reader ${name}`), payer, kind: 'period', paidUntil: now + 41 * MINUTE, signed: milli(4_120), owed: 0n, keysUntil: now + 66 * MINUTE, state: 'reading', since: now - 12 * DAY, ...change });
  const view: PublishedStreamView = {
    card: brake, publisher: addressOf('publisher brake'), state: 'publishing', problem: null, subscribers: 21, ratePerSecond: 1.3, lastSeq: 1_402_118, unsent: 0, earned: 982n * CPC, redeemable: milli(112_400), columns: brake.columns, plans: brake.plans, epochMillis: EPOCH, ahead: 6, peekDelayMillis: HOUR,
    keys: { generation: 0, epoch: 8214, epochEndsAt: now + 6 * MINUTE, handedOutTo: 8220, runId: hashOf('run').slice(0, 34) },
    gatewayList: sampleGateways(options).slice(0, 2).map((one, i) => ({ ...one, mine: i === 0, acknowledgedSeq: 1_402_118 - i * 3, connected: true })),
    checkpoints: { plan: { every: 'day', until: now + 371 * DAY }, last: { number: 29, at: now - 7 * HOUR, lastSeq: 1_369_882 } },
    sources: [
      { id: 'mqtt', kind: 'mqtt', state: 'running', address: 'mqtts://broker.example.net:8883 · vans/+/brake', needsToken: false, taken: 1_398_002, refused: 14, ratePerSecond: 1.3, lastAt: now - 700, problem: null },
      { id: 'post', kind: 'post', state: 'waiting', address: 'http://127.0.0.1:8711/streams/brake', needsToken: true, taken: 4_116, refused: 0, ratePerSecond: 0, lastAt: now - 3 * HOUR, problem: null },
      { id: 'file', kind: 'file', state: 'failed', address: '/data/vans/brake.csv', needsToken: false, taken: 0, refused: 0, ratePerSecond: null, lastAt: null, problem: { code: 'FILE_MISSING', message: 'The file is not there.', help: 'It is read as soon as it is there again.', meta: {} } },
    ],
    subscriberList: [reader('roadsense', ROADSENSE, {}), reader('volta', VOLTA_LAB, { paidUntil: now + 9 * MINUTE, state: 'away', signed: milli(980) }), reader('lianhe', LIANHE, { paidUntil: now - 2 * MINUTE, owed: milli(12), state: 'unpaid', keysUntil: now + 4 * MINUTE }), reader('river', RIVERWATCH, { state: 'revoked', keysUntil: now + 31 * MINUTE })],
    usage: Array.from({ length: 24 }, (_, i) => ({ from: now - (24 - i) * HOUR, messages: Math.round(4600 + 1900 * Math.sin(i / 3.8)), bytes: 1_200_000, readers: 17 + (i % 5) })),
  };
  return [view, { ...view, card: { ...fresh, id: streamId('test'), title: 'Test drive', mine: true }, state: 'locked', subscribers: 0, ratePerSecond: null, lastSeq: null, unsent: 210, earned: 0n, redeemable: 0n, subscriberList: [], checkpoints: { plan: null, last: null }, sources: [], usage: [] }];
}

export function sampleStreamDesk(options: SampleOptions): StreamDesk {
  const streams = samplePublished(options);
  return { streams, earned: options.empty ? 0n : 982n * CPC, redeemable: options.empty ? 0n : milli(112_400), redeemFee: milli(3), earnedByDay: options.empty ? [] : Array.from({ length: 30 }, (_, back) => ({ day: new Date(options.now - (29 - back) * DAY).toISOString().slice(0, 10), amount: milli(28_000 + 6_000 * (back % 5)) })) };
}
