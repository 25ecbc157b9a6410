/** Streams and gateways as the window shows them: what the chain says, with the checked description and what gateways answered beside it. */
import { fromHex, type Hex } from '../base/bytes.ts';
import { cleanText } from '../base/clean-text.ts';
import { toMillis } from '../base/clock.ts';
import { LICENCES, licenceHash } from '../market/licences.ts';
import type { GatewayEntry } from '../streams/index/gateway-entry.ts';
import { offeredPlans, type StreamEntry, type StreamPlanEntry } from '../streams/index/stream-entry.ts';
import type { StreamMetadata } from '../streams/metadata.ts';
import { planWindow } from '../streams/plan-window.ts';
import type { StreamsRuntime } from '../streams/streams-runtime.ts';
import { checksummed } from './address.ts';
import type { StreamCard, StreamColumn, StreamGatewayView, StreamPlanView, StreamView } from './contract/streams.ts';

/** A name from a stranger stays one line. */
const MAX_NAME = 80;

export function streamCard(stream: StreamEntry, streams: StreamsRuntime, own: readonly Hex[]): StreamCard {
  const { index, texts, asker } = streams;
  const { state, reason, metadata } = texts.textOf(stream.id);
  const measure = asker.measureOf(stream.id);
  const measuredBy = measure === null ? null : index.gateway(measure.gateway);
  const channels = own.flatMap((account) => index.channelsOf(account)).filter(({ streamId, status }) => streamId === stream.id && status === 'open');
  return {
    id: stream.id,
    title: metadata === null ? null : cleanText(metadata.title.en),
    titleZh: cleanText(metadata?.title.zh ?? '') || null,
    summary: metadata === null ? null : cleanText(metadata.summary),
    textState: state === 'missing' ? 'on-its-way' : state,
    textReason: reason,
    category: metadata === null ? 'other' : cleanText(metadata.category),
    tags: metadata?.tags.map(cleanText) ?? [],
    owner: checksummed(fromHex(stream.owner)),
    status: stream.status,
    columns: columnsOf(metadata),
    plans: offeredPlans(stream).map((plan) => planView(plan, stream, metadata)),
    measured: measure === null || measuredBy === null ? null : { ratePerSecond: measure.ratePerSecond, lastAt: measure.lastAt, gateway: gatewayName(measuredBy), at: measure.at },
    gateways: stream.gateways.length,
    createdAt: stream.createdAt,
    mine: own.includes(stream.owner),
    mySubscription: channels.toSorted((a, b) => b.openedBlock - a.openedBlock)[0]?.id ?? null,
    print: measure?.print ?? [],
  };
}

export function streamView(stream: StreamEntry, streams: StreamsRuntime, own: readonly Hex[]): StreamView {
  const { metadata } = streams.texts.textOf(stream.id);
  const retention = metadata?.retentionSeconds ?? null;
  return {
    ...streamCard(stream, streams, own),
    description: metadata === null ? null : cleanText(metadata.description_md),
    publisher: checksummed(fromHex(stream.publisher)),
    generation: stream.generation,
    epochMillis: toMillis(stream.epochSeconds),
    ahead: stream.ahead,
    retentionMillis: streams.asker.measureOf(stream.id)?.retentionMillis ?? (retention === null ? null : retention * 1000),
    peekDelayMillis: metadata === null || metadata.peekDelaySeconds === null ? null : metadata.peekDelaySeconds * 1000,
    gatewayList: gatewaysOf(stream, streams).map((gateway) => gatewayView(gateway, streams, own, stream)),
    licence: metadata === null ? null : { id: metadata.licence.id, title: cleanText(metadata.licence.title), text: cleanText(metadata.licence.text), template: templateOf(metadata.licence.text) },
  };
}

/** Those that the stream names and the index knows, in its order. */
export function gatewaysOf({ gateways }: StreamEntry, { index }: StreamsRuntime): readonly GatewayEntry[] {
  return gateways.flatMap((id) => index.gateway(id) ?? []);
}

/** `stream`: as it serves this one. */
export function gatewayView(gateway: GatewayEntry, { asker }: StreamsRuntime, own: readonly Hex[], stream: StreamEntry | null): StreamGatewayView {
  const answer = stream === null ? null : asker.answerOf(gateway.id, stream.id);
  return {
    id: gateway.id,
    name: gatewayName(gateway),
    endpoints: gateway.endpoints.map(cleanText),
    owner: checksummed(fromHex(gateway.owner)),
    bond: gateway.bond,
    state: gateway.status === 'bonded' ? (answer?.state ?? 'unasked') : gateway.status === 'paused' ? 'paused' : 'leaving',
    roundTripMillis: answer?.roundTripMillis ?? null,
    headSeq: answer?.headSeq ?? null,
    askedAt: answer?.askedAt ?? null,
    problem: answer?.problem ?? null,
    mine: own.includes(gateway.owner),
  };
}

/** Host and port of its first endpoint. */
export function gatewayName({ endpoints }: GatewayEntry): string {
  const first = endpoints[0] ?? '';
  return cleanText(URL.canParse(first) ? new URL(first).host : first).slice(0, MAX_NAME);
}

export function streamTitle(stream: Hex, { texts }: StreamsRuntime): string {
  return cleanText(texts.textOf(stream).metadata?.title.en ?? '');
}

export function planView(plan: StreamPlanEntry, stream: StreamEntry, metadata: StreamMetadata | null): StreamPlanView {
  const { planId, kind, unitPrice, active } = plan;
  return { planId, kind, unitPrice, window: planWindow(stream, plan).units, licenceId: licenceIdOf(plan) ?? metadata?.licence.id ?? '', active };
}

export function columnsOf(metadata: StreamMetadata | null): readonly StreamColumn[] {
  return metadata?.schema.map(({ name, type, unit }) => ({ name, type, unit: unit === null ? null : cleanText(unit) })) ?? [];
}

function licenceIdOf({ licenceHash: hash }: StreamPlanEntry): string | null {
  return LICENCES.find((licence) => licenceHash(licence) === hash)?.id ?? null;
}

/** By the text; a publisher may write any id and title beside it. */
function templateOf(text: string): NonNullable<StreamView['licence']>['template'] {
  const template = LICENCES.find((licence) => licence.text === text);
  return template === undefined ? null : { id: template.id, grants: template.grants, limits: template.limits };
}
