/** The gateway that this program runs. */
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import type { EngineSettings, GatewayLogLine, GatewayQuotas, GatewayView, Proposal, TestReport } from '../../src-node/api/contract/index.ts';
import { useApi } from './api-context.ts';
import { useApiAction, useApiQuery } from './query.ts';

const LOOK_AGAIN_MILLIS = 2000;
const LOG_LINES = 50;
const DEFAULT_PORT = 9092;

export function useGateway(): UseQueryResult<GatewayView, unknown> {
  return useApiQuery({ topic: 'gateway', name: 'view', every: LOOK_AGAIN_MILLIS, read: (api, signal) => api.gateway.view(undefined, { signal }) });
}

export function useGatewayLog(): UseQueryResult<readonly GatewayLogLine[], unknown> {
  return useApiQuery({ topic: 'gateway', name: 'log', every: LOOK_AGAIN_MILLIS, read: (api, signal) => api.gateway.log({ limit: LOG_LINES }, { signal }) });
}

export interface GatewayActs {
  readonly running: UseMutationResult<GatewayView, unknown, boolean>;
  readonly test: UseMutationResult<TestReport, unknown, EngineSettings>;
  readonly use: UseMutationResult<GatewayView, unknown, EngineSettings>;
  readonly quotas: UseMutationResult<GatewayView, unknown, GatewayQuotas>;
  readonly oldPaths: UseMutationResult<GatewayView, unknown, boolean>;
}

export function useGatewayActs(): GatewayActs {
  return {
    running: useApiAction((api, on: boolean) => api.gateway.setRunning({ on }), ['gateway']),
    test: useApiAction((api, settings: EngineSettings) => api.gateway.testEngine(settings)),
    use: useApiAction((api, settings: EngineSettings) => api.gateway.useEngine(settings), ['gateway']),
    quotas: useApiAction((api, quotas: GatewayQuotas) => api.gateway.setQuotas(quotas), ['gateway']),
    oldPaths: useApiAction((api, on: boolean) => api.gateway.setOldPaths({ on }), ['gateway']),
  };
}

export interface GatewaySteps {
  readonly register: (owner: string, endpoints: readonly string[], bond: bigint) => Promise<Proposal>;
  readonly endpoints: (id: string, endpoints: readonly string[]) => Promise<Proposal>;
  readonly act: (id: string, action: 'pause' | 'resume' | 'leave' | 'take-bond') => Promise<Proposal>;
}

export function useGatewaySteps(): GatewaySteps {
  const api = useApi();
  return { register: (owner, endpoints, bond) => api.gateway.prepareRegister({ owner, endpoints: [...endpoints], bond }), endpoints: (id, endpoints) => api.gateway.prepare({ id, action: 'set-endpoints', endpoints: [...endpoints] }), act: (id, action) => api.gateway.prepare({ id, action }) };
}

/** Host and port, nothing behind them. */
export function isEndpoint(text: string): boolean {
  return /^https?:\/\/[^\s/@?#]+\/?$/.test(text.trim());
}

/** "one:9092, two" as host and port each, with the usual port where none is named; null when it is no such list. */
export function parseBrokers(text: string): readonly string[] | null {
  const parts = text.split(/[\s,，;]+/u).filter((part) => part !== '');
  const brokers = parts.map((part) => {
    const [, host, port] = /^([^\s:,/]+)(?::(\d{1,5}))?$/.exec(part) ?? [];
    return host === undefined || Number(port ?? DEFAULT_PORT) > 65_535 ? null : `${host}:${port ?? DEFAULT_PORT}`;
  });
  return brokers.length === 0 || brokers.includes(null) ? null : brokers.filter((one) => one !== null);
}
