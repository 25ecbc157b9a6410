/** Streams as a reader has them: in the market, and subscribed to. */
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import type { Category, Proposal, RecordingFormat, StreamCard, StreamPeek, StreamPlanView, StreamSnippets, StreamsStatus, StreamView, SubscriptionView } from '../../src-node/api/contract/index.ts';
import { useApi } from './api-context.ts';
import { useApiAction, useApiQuery } from './query.ts';

/** Rates and lags move without a topic. */
const LOOK_AGAIN_MILLIS = 2000;
const PEEKED_ROWS = 50;

export interface StreamSearch {
  readonly text: string;
  readonly category?: Category;
  readonly mine: boolean;
  /** Can be subscribed to now. */
  readonly live: boolean;
  readonly sort: 'relevance' | 'newest' | 'price';
  readonly limit: number;
}

export interface StreamPage {
  readonly streams: readonly StreamCard[];
  readonly total: number;
  readonly categories: Readonly<Record<string, number>>;
}

export function useStreamsStatus(): UseQueryResult<StreamsStatus, unknown> {
  return useApiQuery({ topic: 'streams', name: 'status', every: LOOK_AGAIN_MILLIS, read: (api, signal) => api.streams.status(undefined, { signal }) });
}

export function useStreamSearch(input: StreamSearch, enabled: boolean): UseQueryResult<StreamPage, unknown> {
  return useApiQuery({ topic: 'streams', name: 'search', input, keep: true, enabled, read: (api, signal) => api.streams.search({ ...input, offset: 0 }, { signal }) });
}

export function useStream(id: string): UseQueryResult<StreamView, unknown> {
  return useApiQuery({ topic: 'streams', name: 'stream', input: id, read: (api, signal) => api.streams.stream({ id }, { signal }) });
}

/** Asked for by a person: it costs the gateway's allowance of the day. */
export function usePeek(id: string): UseMutationResult<StreamPeek, unknown, undefined> {
  return useApiAction((api) => api.streams.peek({ id, limit: PEEKED_ROWS }));
}

export function useSubscriptions(): UseQueryResult<readonly SubscriptionView[], unknown> {
  return useApiQuery({ topic: 'streams', name: 'subscriptions', every: LOOK_AGAIN_MILLIS, read: (api, signal) => api.streams.subscriptions(undefined, { signal }) });
}

export function useSubscription(channel: string): UseQueryResult<SubscriptionView, unknown> {
  return useApiQuery({ topic: 'streams', name: 'subscription', input: channel, every: LOOK_AGAIN_MILLIS, read: (api, signal) => api.streams.subscription({ channel }, { signal }) });
}

export function useSnippets(channel: string): UseQueryResult<StreamSnippets, unknown> {
  return useApiQuery({ topic: 'streams', name: 'snippets', input: channel, read: (api, signal) => api.streams.snippets({ channel }, { signal }) });
}

export function useSnippetTicket(channel: string): UseMutationResult<{ readonly ticket: string; readonly endsAt: number }, unknown, undefined> {
  return useApiAction((api) => api.streams.snippetTicket({ channel }));
}

export interface SubscribeInput {
  readonly stream: string;
  readonly planId: number;
  readonly payer: string;
  readonly deposit: bigint;
  readonly days: number;
  readonly capPerDay: bigint | null;
}

export interface StreamContractAddresses {
  readonly stream: string;
  readonly channel: string;
  readonly gateway: string;
}

export function useStreamContracts(): UseMutationResult<StreamsStatus, unknown, StreamContractAddresses> {
  return useApiAction((api, input: StreamContractAddresses) => api.streams.useContracts(input), ['streams', 'stream-desk']);
}

export interface StreamSteps {
  readonly deploy: (from: string) => Promise<Proposal>;
  readonly subscribe: (input: SubscribeInput) => Promise<Proposal>;
  readonly topUp: (channel: string, amount: bigint) => Promise<Proposal>;
  readonly close: (channel: string) => Promise<Proposal>;
  readonly takeBack: (channel: string) => Promise<Proposal>;
}

/** Simulates; nothing is signed by it. */
export function useStreamSteps(): StreamSteps {
  const api = useApi();
  return {
    deploy: (from) => api.streams.prepareDeploy({ from }),
    subscribe: (input) => api.streams.prepareSubscribe(input),
    topUp: (channel, amount) => api.streams.prepareChannel({ channel, action: 'top-up', amount }),
    close: (channel) => api.streams.prepareChannel({ channel, action: 'close' }),
    takeBack: (channel) => api.streams.prepareChannel({ channel, action: 'take-back' }),
  };
}

export interface ReadingActs {
  readonly cap: UseMutationResult<SubscriptionView, unknown, bigint | null>;
  readonly pause: UseMutationResult<SubscriptionView, unknown, undefined>;
  readonly resume: UseMutationResult<SubscriptionView, unknown, undefined>;
  readonly record: UseMutationResult<SubscriptionView, unknown, RecordingFormat>;
  readonly stopRecording: UseMutationResult<SubscriptionView, unknown, undefined>;
}

export function useReadingActs(channel: string): ReadingActs {
  return {
    cap: useApiAction((api, capPerDay: bigint | null) => api.streams.setDailyCap({ channel, capPerDay }), ['streams']),
    pause: useApiAction((api) => api.streams.pause({ channel }), ['streams']),
    resume: useApiAction((api) => api.streams.resume({ channel }), ['streams']),
    record: useApiAction((api, format: RecordingFormat) => api.streams.record({ channel, format }), ['streams']),
    stopRecording: useApiAction((api) => api.streams.stopRecording({ channel }), ['streams']),
  };
}

const DAY_SECONDS = 86_400n;

/** What a plan comes to in a day: known for one by time; for one by message at a rate of messages a second; null without a rate, and while nothing comes. */
export function priceOfDay({ kind, unitPrice }: Pick<StreamPlanView, 'kind' | 'unitPrice'>, ratePerSecond: number | null): bigint | null {
  if (kind === 'period') return unitPrice * DAY_SECONDS;
  return ratePerSecond === null || ratePerSecond === 0 ? null : (unitPrice * BigInt(Math.round(ratePerSecond * 1000)) * DAY_SECONDS) / 1000n;
}
