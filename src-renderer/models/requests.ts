/** What other programs on this computer ask, while they wait for an answer. */
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import type { ProgramRequest, Proposal } from '../../src-node/api/contract/index.ts';
import { useApi } from './api-context.ts';
import { useApiAction, useApiQuery } from './query.ts';

/** Oldest first. */
export function useProgramRequests(): UseQueryResult<readonly ProgramRequest[], unknown> {
  return useApiQuery({ topic: 'requests', name: 'list', read: (api, signal) => api.requests.list(undefined, { signal }) });
}

/** Simulates what a program asks for; nothing is signed by it. */
export function usePrepareRequest(): (id: string) => Promise<Proposal> {
  const api = useApi();
  return (id) => api.requests.prepare({ id });
}

export interface MessageSignature {
  readonly id: string;
  readonly password?: string;
}

export function useSignMessage(): UseMutationResult<{ readonly signed: true }, unknown, MessageSignature> {
  return useApiAction((api, signature: MessageSignature) => api.requests.signMessage(signature), ['requests', 'wallet']);
}

export function useDeclineRequest(): UseMutationResult<{ readonly declined: true }, unknown, string> {
  return useApiAction((api, id: string) => api.requests.decline({ id }), ['requests']);
}

/** Whether its program has gone, or somebody has answered; false while that is not known. */
export function isWithdrawn(id: string, waiting: readonly ProgramRequest[] | undefined): boolean {
  return waiting !== undefined && !waiting.some((one) => one.id === id);
}
