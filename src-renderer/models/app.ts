/** The program: phase, settings, diagnostics. */
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';
import type { AppStatus, Diagnostics, NetworkName, Settings } from '../../src-node/api/contract/index.ts';
import { useApiAction, useApiQuery } from './query.ts';

const DIAGNOSTICS_EVERY_MILLIS = 5000;

export function useAppStatus(): UseQueryResult<AppStatus, unknown> {
  return useApiQuery({ topic: 'app', name: 'status', read: (api, signal) => api.app.status(undefined, { signal }) });
}

export function useDiagnostics(): UseQueryResult<Diagnostics, unknown> {
  return useApiQuery({ topic: 'app', name: 'diagnostics', every: DIAGNOSTICS_EVERY_MILLIS, read: (api, signal) => api.app.diagnostics(undefined, { signal }) });
}

export function useSaveSettings(): UseMutationResult<Settings, unknown, Partial<Settings>> {
  return useApiAction((api, settings: Partial<Settings>) => api.app.saveSettings(settings), ['app']);
}

export interface NetworkChoice {
  readonly network: NetworkName;
  /** JSON-RPC address of a trusted node, for a network this program does not run itself. */
  readonly remoteUrl?: string;
}

export function useChooseNetwork(): UseMutationResult<AppStatus, unknown, NetworkChoice> {
  return useApiAction((api, choice: NetworkChoice) => api.app.chooseNetwork(choice), ['app', 'node', 'wallet']);
}

/** What to do with a practice chain of an older version. */
export function useAnswerOldChain(): UseMutationResult<AppStatus, unknown, { readonly keep: boolean }> {
  return useApiAction((api, answer: { readonly keep: boolean }) => api.app.answerOldChain(answer), ['app', 'node', 'wallet']);
}
