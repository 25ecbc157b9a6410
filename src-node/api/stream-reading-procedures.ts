/** Subscriptions of this wallet: how each is read, what it costs, its live rows, its recording, and how other programs read along. */
import { fromHex, type Hex } from '../base/bytes.ts';
import { cleanText } from '../base/clean-text.ts';
import { millis, toMillis, type Millis } from '../base/clock.ts';
import type { ChannelEntry } from '../streams/index/channel-entry.ts';
import type { Reading } from '../streams/reading/reading.ts';
import type { StreamsRuntime } from '../streams/streams-runtime.ts';
import { checksummed } from './address.ts';
import type { SubscriptionView } from './contract/streams.ts';
import { ownChannel, streamsOf } from './known-streams.ts';
import { ownAccounts } from './market-procedures.ts';
import { procedures } from './procedures.ts';
import type { NetworkServices, Services } from './services.ts';
import { columnsOf } from './stream-views.ts';

export const streamReadingProcedures = {
  subscriptions: procedures.streams.subscriptions.handler(({ context }) => subscriptions(context.services)),
  subscription: procedures.streams.subscription.handler(({ context, input }) => after(context.services, input.channel as Hex, () => Promise.resolve())),
  setDailyCap: procedures.streams.setDailyCap.handler(({ context, input }) => after(context.services, input.channel as Hex, (reading) => reading.setDailyCap(input.capPerDay))),
  pause: procedures.streams.pause.handler(({ context, input }) => after(context.services, input.channel as Hex, (reading) => reading.pause())),
  resume: procedures.streams.resume.handler(({ context, input }) => after(context.services, input.channel as Hex, (reading) => reading.resume())),
  live: procedures.streams.live.handler(async function* ({ context, input, signal }) {
    const { reading } = await readingOf(context.services, input.channel as Hex);
    yield* reading.live(signal ?? new AbortController().signal);
  }),
  record: procedures.streams.record.handler(({ context, input }) => after(context.services, input.channel as Hex, (reading) => reading.record(input.format))),
  stopRecording: procedures.streams.stopRecording.handler(({ context, input }) => after(context.services, input.channel as Hex, (reading) => reading.stopRecording())),
  snippets: procedures.streams.snippets.handler(async ({ context, input }) => {
    const { streams, channel } = await readingOf(context.services, input.channel as Hex);
    return streams.reading.snippets(channel.id);
  }),
  snippetTicket: procedures.streams.snippetTicket.handler(async ({ context, input }) => {
    const { streams, channel } = await readingOf(context.services, input.channel as Hex);
    return streams.reading.snippetTicket(channel.id);
  }),
};

/** Newest first, those that are closed last. */
async function subscriptions(services: Services): Promise<readonly SubscriptionView[]> {
  const network = services.network();
  const streams = network.streams.current();
  if (streams === null) return [];
  const channels = (await ownAccounts(services)).flatMap((account) => streams.index.channelsOf(account)).filter(({ id }) => streams.reading.has(id));
  const sorted = channels.toSorted((a, b) => Number(a.status === 'closed') - Number(b.status === 'closed') || b.openedBlock - a.openedBlock);
  const credits = await creditsOf(streams, sorted);
  return sorted.map((channel) => subscriptionView(network, streams, channel, credits));
}

/** @throws CHANNEL_UNKNOWN, NO_STREAMS */
async function readingOf(services: Services, id: Hex): Promise<{ readonly streams: StreamsRuntime; readonly channel: ChannelEntry; readonly reading: Reading }> {
  const streams = streamsOf(services.network());
  const channel = await ownChannel(services, streams, id);
  return { streams, channel, reading: streams.reading.of(id) };
}

/** How the subscription stands after `work`. @throws CHANNEL_UNKNOWN, and what `work` throws */
async function after(services: Services, id: Hex, work: (reading: Reading) => Promise<void>): Promise<SubscriptionView> {
  const { streams, channel, reading } = await readingOf(services, id);
  await work(reading);
  return subscriptionView(services.network(), streams, channel, await creditsOf(streams, [channel]));
}

/** What lies at the contract for payers of closed channels, base units. */
async function creditsOf({ reads }: StreamsRuntime, channels: readonly ChannelEntry[]): Promise<ReadonlyMap<Hex, bigint>> {
  const payers = [...new Set(channels.filter(({ status }) => status === 'closed').map(({ payer }) => payer))];
  return new Map(await Promise.all(payers.map(async (payer) => [payer, await reads.channelCredit(fromHex(payer)).catch(() => 0n)] as const)));
}

function subscriptionView({ reader }: NetworkServices, streams: StreamsRuntime, channel: ChannelEntry, credits: ReadonlyMap<Hex, bigint>): SubscriptionView {
  const { index, texts, reading: host, contracts } = streams;
  const { metadata } = texts.textOf(channel.streamId);
  const reading = host.of(channel.id);
  const view = reading.reading();
  const recording = reading.recording();
  const head = reader.head();
  const dueBlock = channel.closingBlock + contracts.parameters.channel.grace;
  const blocksLeft = Math.max(0, dueBlock - Number(head?.number ?? 0n) - 1);
  const isClosing = channel.status === 'closing';
  const can: SubscriptionView['can'][number][] = [];
  if (channel.status === 'open') {
    can.push('top-up', 'close');
    if (reading.isWanted) can.push('pause');
    if (!reading.isWanted || view.state === 'failed' || view.state === 'ended' || view.state === 'pay') can.push('resume');
    if (recording?.state !== 'running') can.push('record');
  }
  if ((isClosing && blocksLeft === 0) || (channel.status === 'closed' && (credits.get(channel.payer) ?? 0n) > 0n)) can.push('take-back');
  return {
    channel: channel.id,
    stream: channel.streamId,
    title: metadata === null ? null : cleanText(metadata.title.en),
    titleZh: cleanText(metadata?.title.zh ?? '') || null,
    columns: columnsOf(metadata),
    owner: addressOf(index.stream(channel.streamId)?.owner ?? channel.payer),
    payer: addressOf(channel.payer),
    state: channel.status,
    expiresAt: toMillis(channel.expirySeconds),
    closesAt: isClosing ? closesAt(head?.timeMillis ?? null, blocksLeft, contracts.periodMillis) : null,
    reading: view,
    spend: reading.spend(),
    recording,
    can,
  };
}

/** By the chain's rhythm. */
function closesAt(now: Millis | null, blocksLeft: number, periodMillis: Millis): Millis | null {
  return now === null ? null : millis(now + blocksLeft * periodMillis);
}

function addressOf(account: Hex): string {
  return checksummed(fromHex(account));
}
