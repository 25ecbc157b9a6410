/** The contract of streams, answered from invented data. */
import { AsyncIteratorClass } from '@orpc/client';
import type { LiveEvent, Proposal, StreamSpend, SubscriptionView, Topic, ApiClient } from '../../src-node/api/contract/index.ts';
import { CPC, DAY, HOUR, milli, MINUTE } from './sample/addresses.ts';
import { sampleGateway, sampleGatewayLog, sampleTest } from './sample/gateway.ts';
import type { SampleOptions } from './sample/options.ts';
import { amountField, GAS_PRICE, type ProposalSeed } from './sample/proposals.ts';
import { channelId, sampleGateways, sampleLive, samplePeekRows, samplePublished, sampleReading, SAMPLE_SNIPPETS, sampleSpend, sampleStream, sampleStreamCards, sampleStreamDesk, sampleStreamsStatus, sampleSubscriptions } from './sample/streams.ts';

type StreamsClient = Pick<ApiClient, 'streams' | 'streamDesk' | 'gateway'>;
type Input<Procedure> = Procedure extends (input: infer Given, ...rest: never[]) => unknown ? Given : never;

const CHECKPOINT_GAS = 115_000n;

export interface SampleWorld {
  readonly options: () => SampleOptions;
  readonly become: (next: Partial<SampleOptions>) => void;
  readonly changed: (...topics: readonly Topic[]) => void;
  readonly proposed: (seed: ProposalSeed) => Proposal;
  readonly fail: (code: string) => never;
}

export function sampleStreamsApi({ options, become, changed, proposed, fail }: SampleWorld): StreamsClient {
  let cap: bigint | null | undefined;
  const subscriptions = (): readonly SubscriptionView[] => sampleSubscriptions(options()).map((one) => (cap === undefined || one.channel !== channelId('g15') ? one : { ...one, spend: spend() }));
  const spend = (): StreamSpend => ({ ...sampleSpend(options()), ...(cap === undefined ? {} : { capPerDay: cap, warning: null }) });
  const subscription = (channel: string): SubscriptionView => subscriptions().find((one) => one.channel === channel) ?? fail('CHANNEL_UNKNOWN');
  const published = (id: string) => samplePublished(options()).find(({ card }) => card.id === id) ?? fail('STREAM_UNKNOWN');
  const after = (channel: string, next: Partial<SampleOptions>): Promise<SubscriptionView> => {
    become(next);
    changed('streams');
    return Promise.resolve(subscription(channel));
  };
  const text = (key: string, value: string | null) => ({ key, value: { kind: 'text', text: value ?? '' } }) as const;
  return {
    streams: {
      status: () => Promise.resolve(sampleStreamsStatus(options())),
      useContracts: () => Promise.resolve(sampleStreamsStatus(options())),
      prepareDeploy: ({ from }: { from: string }) => Promise.resolve(proposed({ kind: 'deploy-streams', from, to: null, method: null, notes: [{ key: 'deploy-public', tone: 'info', values: {} }] })),
      search: ({ text: typed, category, mine, live, sort, offset, limit }: Input<ApiClient['streams']['search']>) => {
        const fitting = sampleStreamCards(options()).filter((card) => (mine !== true || card.mine) && (live !== true || card.measured !== null) && `${card.title ?? ''} ${card.summary ?? ''} ${card.tags.join(' ')}`.toLowerCase().includes(typed.toLowerCase()));
        const categories: Record<string, number> = {};
        for (const card of fitting) categories[card.category] = (categories[card.category] ?? 0) + 1;
        const found = fitting.filter((card) => category === undefined || card.category === category);
        const sorted = sort === 'newest' ? found.toSorted((a, b) => b.createdAt - a.createdAt) : found;
        return Promise.resolve({ streams: sorted.slice(offset, offset + limit), total: sorted.length, categories });
      },
      stream: ({ id }: { id: string }) => Promise.resolve(sampleStream(options(), id) ?? fail('STREAM_UNKNOWN')),
      peek: () => Promise.resolve({ rows: samplePeekRows(options()), gateway: 'suzhou-2.example.net:8710', readAt: Date.now() }),
      prepareSubscribe: ({ stream, payer, deposit, days }: Input<ApiClient['streams']['prepareSubscribe']>) => Promise.resolve(proposed({
        kind: 'subscribe', from: payer, contract: 'PDChannel', method: 'open', value: deposit, reason: 'deposit', fields: [text('stream', sampleStream(options(), stream)?.title ?? null), amountField('deposit', deposit), { key: 'open-for', value: { kind: 'duration', millis: days * DAY } }],
        notes: [{ key: 'subscribe-pays', tone: 'info', values: { deposit } }, { key: 'subscribe-rest', tone: 'info', values: { millis: DAY } }, { key: 'subscribe-window', tone: 'info', values: { amount: 10n ** 15n } }, { key: 'subscribe-public', tone: 'info', values: {} }],
      })),
      prepareChannel: ({ channel, action, amount }: Input<ApiClient['streams']['prepareChannel']>) => {
        const { title, payer } = subscription(channel);
        return Promise.resolve(proposed({ kind: `channel-${action}`, from: payer, contract: 'PDChannel', method: action, value: amount ?? 0n, reason: 'deposit', fields: [text('stream', title)], notes: [{ key: `channel-${action}`, tone: 'info', values: action === 'close' ? { millis: DAY } : {} }] }));
      },
      subscriptions: () => Promise.resolve(subscriptions()),
      subscription: ({ channel }: { channel: string }) => Promise.resolve(subscription(channel)),
      setDailyCap: ({ channel, capPerDay }: Input<ApiClient['streams']['setDailyCap']>) => { cap = capPerDay; return after(channel, { reading: 'live' }); },
      pause: ({ channel }: { channel: string }) => after(channel, { reading: 'paused' }),
      resume: ({ channel }: { channel: string }) => after(channel, { reading: 'live' }),
      live: () => {
        let messages = 0n;
        const paid = (): StreamSpend => {
          const now = spend();
          messages += 4n;
          return { ...now, spentToday: now.spentToday + messages * now.unitPrice, signed: now.signed + messages * now.unitPrice };
        };
        const events = sampleLive(options(), () => sampleReading(options()), paid);
        return Promise.resolve(new AsyncIteratorClass<LiveEvent, void, void>(async () => {
          const next = await events.next();
          return next.done === true ? { done: true, value: undefined } : next;
        }, async () => { await events.return(undefined); }));
      },
      record: ({ channel }: { channel: string }) => after(channel, { recording: 'running' }),
      stopRecording: ({ channel }: { channel: string }) => after(channel, { recording: 'none' }),
      snippets: () => Promise.resolve(SAMPLE_SNIPPETS),
      snippetTicket: () => Promise.resolve({ ticket: 'sample-ticket', endsAt: Date.now() + 58 * MINUTE }),
    },
    streamDesk: {
      view: () => Promise.resolve(sampleStreamDesk(options())),
      stream: ({ id }: { id: string }) => Promise.resolve(published(id)),
      gateways: () => Promise.resolve(sampleGateways(options())),
      checkpointFee: () => Promise.resolve(CHECKPOINT_GAS * GAS_PRICE),
      prepareCreate: ({ owner, title, plan, checkpoints }: Input<ApiClient['streamDesk']['prepareCreate']>) => Promise.resolve(proposed({ kind: 'stream-create', from: owner, contract: 'PDStream', method: 'register', 
        fields: [text('title', title), amountField('price', plan.unitPrice), ...(checkpoints === null ? [] : [{ key: 'checkpoints', value: { kind: 'duration', millis: checkpoints === 'hour' ? HOUR : DAY } } as const])],
        mandate: { methods: ['redeem', 'withdraw', ...(checkpoints === null ? [] : ['checkpoint'])], maxFee: milli(checkpoints === 'hour' ? 60_800 : checkpoints === 'day' ? 5_600 : 3_200), until: options().now + 400 * DAY }, notes: [{ key: 'stream-public', tone: 'info', values: {} }, { key: 'stream-key', tone: 'info', values: {} }, { key: 'stream-epoch-fixed', tone: 'info', values: {} }] })),
      prepare: ({ id, action }: Input<ApiClient['streamDesk']['prepare']>) => Promise.resolve(proposed({ kind: action === 'new-generation' ? 'stream-generation' : `stream-${action}`, contract: 'PDStream', method: action, fields: [text('stream', published(id).card.title)], notes: action === 'end' ? [{ key: 'stream-ends', tone: 'warn', values: {} }] : [] })),
      prepareGateways: ({ id }: Input<ApiClient['streamDesk']['prepareGateways']>) => Promise.resolve(proposed({ kind: 'stream-gateways', contract: 'PDStream', method: 'setGateways', fields: [text('stream', published(id).card.title)] })),
      setPublishing: ({ id }: { id: string }) => Promise.resolve(published(id)),
      addSource: ({ id }: { id: string }) => Promise.resolve(published(id)),
      setSource: ({ id }: { id: string }) => Promise.resolve(published(id)),
      removeSource: ({ id }: { id: string }) => Promise.resolve(published(id)),
      sourceToken: () => Promise.resolve({ token: 'sample-token' }),
      testMqtt: ({ url }: { url: string }) => Promise.resolve(sampleTest(!url.includes('refused'))),
      revoke: () => Promise.resolve({ actsAt: options().now + 66 * MINUTE, epoch: 8221 }),
    },
    gateway: {
      view: () => Promise.resolve(sampleGateway(options())),
      setRunning: ({ on }: { on: boolean }) => { become({ gateway: on ? 'running' : 'off' }); changed('gateway'); return Promise.resolve(sampleGateway(options())); },
      testEngine: (settings: Input<ApiClient['gateway']['testEngine']>) => Promise.resolve(sampleTest(settings.kind === 'built-in' || !settings.brokers.some((one) => one.includes('refused')))),
      useEngine: () => Promise.resolve(sampleGateway(options())),
      setQuotas: () => Promise.resolve(sampleGateway(options())),
      setOldPaths: () => Promise.resolve(sampleGateway(options())),
      log: () => Promise.resolve(sampleGatewayLog(options())),
      prepareRegister: ({ owner, bond }: Input<ApiClient['gateway']['prepareRegister']>) => Promise.resolve(proposed({ kind: 'gateway-register', from: owner, contract: 'PDGateway', method: 'register', value: bond, reason: 'bond', fields: [amountField('bond', bond)], notes: [{ key: 'gateway-bond', tone: 'warn', values: { millis: 7 * DAY } }] })),
      prepare: ({ action }: Input<ApiClient['gateway']['prepare']>) => Promise.resolve(proposed({ kind: action === 'set-endpoints' ? 'gateway-endpoints' : `gateway-${action}`, contract: 'PDGateway', method: action, fields: [amountField('bond', 1_200n * CPC)] })),
    },
  };
}
