/** Subscriptions, over connections that can notify (docs/protocol/05 §4). */
import { toHex } from '../../base/bytes.ts';
import type { NodeStatus, RpcBackend } from '../backend.ts';
import type { BlockFeed } from '../filters/block-feed.ts';
import { checkRange, followsBlock, logsOfBlock } from '../filters/log-search.ts';
import { IDENTIFIER, LOG_CRITERIA, OPTIONAL_VALUE } from '../parameters/index.ts';
import { readParameters } from '../parameters/parameter.ts';
import { noSuchMethod, rpcError } from '../protocol/errors.ts';
import { method, type RpcMethod } from '../protocol/method.ts';
import { connected, type Session } from '../protocol/session.ts';
import { headerView } from '../views/header-view.ts';
import { logView } from '../views/log-view.ts';

type Start = Parameters<Session['subscribe']>[0];

export function subscriptionMethods(backend: RpcBackend, feed: BlockFeed): RpcMethod[] {
  return [
    method('eth_subscribe', [IDENTIFIER, OPTIONAL_VALUE], ([name, extra], { session }) => connected(session).subscribe(startOf(backend, feed, name, extra))),
    unsubscribeMethod('eth_unsubscribe'),
  ];
}

export function unsubscribeMethod(name: string): RpcMethod {
  return method(name, [IDENTIFIER], ([identifier], { session }) => {
    if (!connected(session).unsubscribe(identifier)) throw rpcError('CALL_FAILED', 'subscription not found');
    return true;
  });
}

function startOf({ chain, pool, node }: RpcBackend, feed: BlockFeed, name: string, extra: unknown): Start {
  if (name === 'newHeads') return (notify) => feed.on(({ header, hash }) => notify(headerView(header, hash)));
  if (name === 'newPendingTransactions') return (notify) => pool.events.on('promoted', ({ hash }) => notify(toHex(hash)));
  if (name === 'syncing') return (notify) => syncStates(node, feed, notify);
  if (name !== 'logs') throw noSuchMethod(`eth_${name}`);
  const [criteria] = readParameters([LOG_CRITERIA], extra === undefined ? [] : [extra]) as [ReturnType<typeof LOG_CRITERIA.read>];
  checkRange(criteria);
  return (notify) => feed.on((block) => {
    if (!followsBlock(criteria, block.header.number)) return;
    for (const log of logsOfBlock(chain, criteria, block)) notify(logView(log));
  });
}

/** Tells when syncing begins and when it has ended, as each block shows it. */
function syncStates(node: NodeStatus, feed: BlockFeed, notify: (result: unknown) => void): () => void {
  let wasSyncing = node.syncProgress() !== null;
  return feed.on(() => {
    const progress = node.syncProgress();
    if ((progress !== null) === wasSyncing) return;
    wasSyncing = progress !== null;
    if (progress === null) return notify(false);
    const { startingBlock, currentBlock, highestBlock } = progress;
    notify({ syncing: true, status: { StartingBlock: Number(startingBlock), CurrentBlock: Number(currentBlock), HighestBlock: Number(highestBlock), PulledStates: Number(startingBlock), KnownStates: Number(highestBlock) } });
  });
}
