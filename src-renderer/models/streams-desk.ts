/** The publisher's desk of streams. */
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import type { MqttSettings, NewSource, NewStream, Proposal, PublishedStreamView, StreamDesk, StreamGatewayView, TestReport } from '../../src-node/api/contract/index.ts';
import { useApi } from './api-context.ts';
import { useApiAction, useApiQuery } from './query.ts';

const LOOK_AGAIN_MILLIS = 2000;

export function useStreamDesk(): UseQueryResult<StreamDesk, unknown> {
  return useApiQuery({ topic: 'stream-desk', name: 'view', every: LOOK_AGAIN_MILLIS, read: (api, signal) => api.streamDesk.view(undefined, { signal }) });
}

export function usePublishedStream(id: string): UseQueryResult<PublishedStreamView, unknown> {
  return useApiQuery({ topic: 'stream-desk', name: 'stream', input: id, every: LOOK_AGAIN_MILLIS, read: (api, signal) => api.streamDesk.stream({ id }, { signal }) });
}

/** Those that a stream can name. */
export function useOfferedGateways(): UseQueryResult<readonly StreamGatewayView[], unknown> {
  return useApiQuery({ topic: 'gateway', name: 'offered', read: (api, signal) => api.streamDesk.gateways(undefined, { signal }) });
}

/** Of one, at the price of gas of now. */
export function useCheckpointFee(): UseQueryResult<bigint, unknown> {
  return useApiQuery({ topic: 'stream-desk', name: 'checkpoint-fee', read: (api, signal) => api.streamDesk.checkpointFee(undefined, { signal }) });
}

export interface PublisherSteps {
  readonly create: (stream: NewStream) => Promise<Proposal>;
  readonly act: (id: string, action: 'end' | 'new-generation' | 'redeem') => Promise<Proposal>;
  readonly gateways: (id: string, gateways: readonly string[]) => Promise<Proposal>;
}

/** Simulates; nothing is signed by it. */
export function usePublisherSteps(): PublisherSteps {
  const api = useApi();
  return { create: (stream) => api.streamDesk.prepareCreate(stream), act: (id, action) => api.streamDesk.prepare({ id, action }), gateways: (id, gateways) => api.streamDesk.prepareGateways({ id, gateways: [...gateways] }) };
}

export interface PublishingActs {
  readonly publishing: UseMutationResult<PublishedStreamView, unknown, boolean>;
  readonly addSource: UseMutationResult<PublishedStreamView, unknown, NewSource>;
  readonly setSource: UseMutationResult<PublishedStreamView, unknown, { readonly source: string; readonly running: boolean }>;
  readonly removeSource: UseMutationResult<PublishedStreamView, unknown, string>;
  readonly sourceToken: UseMutationResult<{ readonly token: string }, unknown, string>;
  readonly revoke: UseMutationResult<{ readonly actsAt: number; readonly epoch: number }, unknown, string>;
}

export function usePublishingActs(id: string): PublishingActs {
  return {
    publishing: useApiAction((api, on: boolean) => api.streamDesk.setPublishing({ id, on }), ['stream-desk']),
    addSource: useApiAction((api, source: NewSource) => api.streamDesk.addSource({ id, source }), ['stream-desk']),
    setSource: useApiAction((api, { source, running }: { readonly source: string; readonly running: boolean }) => api.streamDesk.setSource({ id, source, running }), ['stream-desk']),
    removeSource: useApiAction((api, source: string) => api.streamDesk.removeSource({ id, source }), ['stream-desk']),
    sourceToken: useApiAction((api, source: string) => api.streamDesk.sourceToken({ id, source })),
    revoke: useApiAction((api, channel: string) => api.streamDesk.revoke({ id, channel }), ['stream-desk']),
  };
}

export function useTestMqtt(): UseMutationResult<TestReport, unknown, MqttSettings> {
  return useApiAction((api, settings: MqttSettings) => api.streamDesk.testMqtt(settings));
}
