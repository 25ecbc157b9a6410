/** The publisher's desk: own streams, what brings their messages in, to whom they go, and what they bring. */
import { fromHex, type Hex } from '../base/bytes.ts';
import { cleanText } from '../base/clean-text.ts';
import { toMillis, type Millis } from '../base/clock.ts';
import { isCoded } from '../base/errors.ts';
import { CHECKPOINT_GAS_USED } from '../streams/checkpoints.ts';
import type { StreamEntry } from '../streams/index/stream-entry.ts';
import { testMqtt } from '../streams/publishing/mqtt-test.ts';
import type { SourceSettings } from '../streams/publishing/views.ts';
import { REDEEM_GAS } from '../streams/redeeming.ts';
import type { StreamsRuntime } from '../streams/streams-runtime.ts';
import { checksummed } from './address.ts';
import type { NewSource, PublishedStream, PublishedStreamView, StreamDesk } from './contract/stream-desk.ts';
import { ownStream, streamsOf } from './known-streams.ts';
import { ownAccounts } from './market-procedures.ts';
import { procedures } from './procedures.ts';
import type { Services } from './services.ts';
import { columnsOf, gatewaysOf, gatewayView, planView, streamCard } from './stream-views.ts';

/** Gateways that a new stream is offered. */
const MAX_GATEWAYS = 200;
const INCOME_DAYS = 30;
const DAY_MILLIS = 86_400_000;

export const streamDeskProcedures = {
  view: procedures.streamDesk.view.handler(({ context }) => desk(context.services)),
  stream: procedures.streamDesk.stream.handler(({ context, input }) => after(context.services, input.id as Hex, () => Promise.resolve())),
  gateways: procedures.streamDesk.gateways.handler(async ({ context }) => {
    const streams = streamsOf(context.services.network());
    const own = await ownAccounts(context.services);
    const views = streams.index.bondedGateways(MAX_GATEWAYS).map((gateway) => gatewayView(gateway, streams, own, null));
    return views.toSorted((a, b) => Number(b.mine) - Number(a.mine));
  }),
  checkpointFee: procedures.streamDesk.checkpointFee.handler(async ({ context }) => CHECKPOINT_GAS_USED * (await context.services.network().reader.gasPrice())),
  setPublishing: procedures.streamDesk.setPublishing.handler(({ context, input }) => after(context.services, input.id as Hex, ({ publishing }, { id }) => publishing.setOn(id, input.on))),
  addSource: procedures.streamDesk.addSource.handler(({ context, input }) => after(context.services, input.id as Hex, ({ publishing }, { id }) => publishing.addSource(id, settingsOf(input.source), input.source.kind === 'mqtt' ? input.source.settings.password : null))),
  setSource: procedures.streamDesk.setSource.handler(({ context, input }) => after(context.services, input.id as Hex, ({ publishing }, { id }) => publishing.of(id).setSource(input.source, input.running))),
  removeSource: procedures.streamDesk.removeSource.handler(({ context, input }) => after(context.services, input.id as Hex, ({ publishing }, { id }) => publishing.of(id).removeSource(input.source))),
  sourceToken: procedures.streamDesk.sourceToken.handler(async ({ context, input }) => {
    const { streams, stream } = await own(context.services, input.id as Hex);
    return { token: await streams.publishing.of(stream.id).sourceToken(input.source) };
  }),
  testMqtt: procedures.streamDesk.testMqtt.handler(({ input }) => testMqtt(input)),
  revoke: procedures.streamDesk.revoke.handler(async ({ context, input }) => {
    const { streams, stream } = await own(context.services, input.id as Hex);
    return streams.publishing.revoke(stream.id, input.channel as Hex);
  }),
};

/** @throws STREAM_UNKNOWN, NOT_YOUR_STREAM, NO_STREAMS */
async function own(services: Services, id: Hex): Promise<{ readonly streams: StreamsRuntime; readonly stream: StreamEntry }> {
  const streams = streamsOf(services.network());
  return { streams, stream: await ownStream(services, streams, id) };
}

/** How the stream stands after `work`. @throws what it throws */
async function after(services: Services, id: Hex, work: (streams: StreamsRuntime, stream: StreamEntry) => Promise<void>): Promise<PublishedStreamView> {
  const { streams, stream } = await own(services, id);
  await work(streams, stream);
  return publishedView(streams, stream, await ownAccounts(services), await lastCheckpoint(streams, stream.id));
}

async function desk(services: Services): Promise<StreamDesk> {
  const { streams: host, reader } = services.network();
  const streams = host.current();
  if (streams === null) return { streams: [], earned: 0n, redeemable: 0n, redeemFee: null, earnedByDay: everyDay([], services.clock.now()) };
  const accounts = await ownAccounts(services);
  const entries = accounts.flatMap((account) => streams.index.streamsOf(account)).filter(({ id }) => streams.publishing.has(id));
  const views = entries.map((stream) => published(streams, stream, accounts));
  const due = entries.flatMap(({ id }) => streams.index.channelsOfStream(id)).filter((channel) => streams.publishing.vouchers.earningsOf([channel]).redeemable > 0n).length;
  return {
    streams: views,
    earned: views.reduce((sum, { earned }) => sum + earned, 0n),
    redeemable: views.reduce((sum, { redeemable }) => sum + redeemable, 0n),
    redeemFee: due === 0 ? null : BigInt(due) * REDEEM_GAS * (await reader.gasPrice()),
    earnedByDay: everyDay(streams.publishing.vouchers.earnedByDay(entries.map(({ id }) => id)), services.clock.now()),
  };
}

/** The last 30 days (UTC), those without income among them. */
function everyDay(earned: StreamDesk['earnedByDay'], now: Millis): StreamDesk['earnedByDay'] {
  const amounts = new Map(earned.map(({ day, amount }) => [day, amount]));
  return Array.from({ length: INCOME_DAYS }, (_, i) => {
    const day = new Date(now - (INCOME_DAYS - 1 - i) * DAY_MILLIS).toISOString().slice(0, 10);
    return { day, amount: amounts.get(day) ?? 0n };
  });
}

function published(streams: StreamsRuntime, stream: StreamEntry, accounts: readonly Hex[]): PublishedStream {
  return { card: streamCard(stream, streams, accounts), publisher: checksummed(fromHex(stream.publisher)), ...streams.publishing.of(stream.id).status, ...streams.publishing.earningsOf(stream.id) };
}

async function lastCheckpoint({ chain }: StreamsRuntime, stream: Hex): Promise<PublishedStreamView['checkpoints']['last']> {
  try {
    const last = await chain.lastCheckpoint(fromHex(stream));
    return last === null ? null : { number: last.number, at: toMillis(last.timeSeconds), lastSeq: Number(last.lastSeq) };
  } catch (error) {
    if (!isCoded(error)) throw error;
    return null; // the rest of the desk is shown without it
  }
}

function publishedView(streams: StreamsRuntime, stream: StreamEntry, accounts: readonly Hex[], last: PublishedStreamView['checkpoints']['last']): PublishedStreamView {
  const { metadata } = streams.texts.textOf(stream.id);
  const { generation, epoch, epochEndsAt, handedOutTo, runId, gateways, sources, subscribers, usage } = streams.publishing.of(stream.id).details;
  return {
    ...published(streams, stream, accounts),
    columns: columnsOf(metadata),
    plans: stream.plans.map((plan) => planView(plan, stream, metadata)),
    epochMillis: toMillis(stream.epochSeconds),
    ahead: stream.ahead,
    peekDelayMillis: metadata === null || metadata.peekDelaySeconds === null ? null : metadata.peekDelaySeconds * 1000,
    keys: { generation, epoch, epochEndsAt, handedOutTo, runId },
    gatewayList: gatewaysOf(stream, streams).map((gateway) => {
      const progress = gateways.find(({ gateway: id }) => id === gateway.id);
      return { ...gatewayView(gateway, streams, accounts, stream), acknowledgedSeq: progress?.acknowledgedSeq ?? null, connected: progress?.connected ?? false };
    }),
    checkpoints: { plan: streams.publishing.checkpointsOf(stream.id), last },
    sources: sources.map((source) => ({ ...source, address: cleanText(source.address) })),
    subscriberList: subscribers.map((subscriber) => ({ ...subscriber, payer: checksummed(fromHex(subscriber.payer)) })),
    usage,
  };
}

function settingsOf(source: NewSource): SourceSettings {
  if (source.kind !== 'mqtt') return source;
  const { url, topicFilter, username } = source.settings;
  return { kind: 'mqtt', settings: { url, topicFilter, username } };
}
