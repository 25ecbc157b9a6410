/**
 * Reading from the node. Every query key begins with the topic that says when it has changed, so that one place maps the
 * node's changes to what is read again.
 */
import { keepPreviousData, QueryClient, useMutation, useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query';
import type { ApiClient, Topic } from '../../src-node/api/contract/index.ts';
import { errorCode } from '../format/error.ts';
import { useApi } from './api-context.ts';

const RETRIES = 2;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: Infinity, // the node says when something changed
        refetchOnWindowFocus: false,
        queryKeyHashFn: hashKey,
        // A coded refusal stays one; a call that broke off with its connection is made again.
        retry: (count, error) => count < RETRIES && errorCode(error) === 'UNKNOWN',
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

/** Inputs may hold amounts, which JSON has no word for. */
export function hashKey(key: readonly unknown[]): string {
  return JSON.stringify(key, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

export interface ApiQuery<Data> {
  readonly topic: Topic;
  readonly name: string;
  readonly input?: unknown;
  readonly read: (api: ApiClient, signal: AbortSignal) => Promise<Data>;
  readonly enabled?: boolean;
  /** For what changes without a topic: read again after this many milliseconds. */
  readonly every?: number;
  /** The rows of a table stay while another page or word of it is read. Not for objects with an id of their own. */
  readonly keep?: boolean;
}

export function useApiQuery<Data>(query: ApiQuery<Data>): UseQueryResult<Data, unknown> {
  const api = useApi();
  return useQuery<Data, unknown>({
    queryKey: [query.topic, query.name, query.input],
    queryFn: ({ signal }) => query.read(api, signal),
    enabled: query.enabled ?? true,
    refetchInterval: query.every ?? false,
    staleTime: query.every ?? Infinity,
    ...(query.keep === true ? { placeholderData: keepPreviousData } : {}),
  });
}

/**
 * An act of the user. What it changed is read again when the node says so; `touches` names what the page must see at once.
 */
export function useApiAction<Input, Result>(act: (api: ApiClient, input: Input) => Promise<Result>, touches: readonly Topic[] = []): UseMutationResult<Result, unknown, Input> {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation<Result, unknown, Input>({
    mutationFn: (input) => act(api, input),
    onSuccess: () => Promise.all(touches.map((topic) => queries.invalidateQueries({ queryKey: [topic] }))),
  });
}
