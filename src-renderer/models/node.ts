/** The chain as the node sees it, and what its state means to a person. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { BlockView, NodeView } from '../../src-node/api/contract/index.ts';
import type { ConnectionStatus } from './connection.ts';
import { useApiQuery } from './query.ts';

/** No block for this long is worth a word, whatever the period. */
const BEHIND_MILLIS = 60_000;

export function useNode(): UseQueryResult<NodeView, unknown> {
  return useApiQuery({ topic: 'node', name: 'state', read: (api, signal) => api.node.state(undefined, { signal }) });
}

export function useBlocks(limit: number): UseQueryResult<readonly BlockView[], unknown> {
  return useApiQuery({ topic: 'node', name: 'blocks', input: limit, keep: true, read: (api, signal) => api.node.blocks({ limit }, { signal }) });
}

/** Liveness comes from the age of the last block, never from a switch. */
export type NodeHealth = 'ok' | 'behind' | 'starting' | 'stopped' | 'offline';

/** @param failed the node was asked and gave no answer */
export function nodeHealth(node: NodeView | undefined, connection: ConnectionStatus, now: number, failed = false): NodeHealth {
  if (connection !== 'open') return connection === 'connecting' ? 'starting' : 'offline';
  if (node === undefined) return failed ? 'offline' : 'starting';
  if (node.mode === 'stopped') return 'stopped';
  if (node.head === null) return 'starting';
  return now - node.head.at > BEHIND_MILLIS + node.periodMillis ? 'behind' : 'ok';
}

/** How much of the term has passed, 0..1; null without a head. */
export function termShare(node: NodeView): number | null {
  return node.head === null ? null : (node.blockOfTerm + 1) / (node.termLen * node.viewLen);
}
