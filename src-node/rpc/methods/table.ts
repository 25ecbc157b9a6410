import type { RpcBackend } from '../backend.ts';
import type { BlockFeed } from '../filters/block-feed.ts';
import type { FilterRegistry } from '../filters/filter-registry.ts';
import { PendingBlocks } from '../pending-blocks.ts';
import type { RpcMethod } from '../protocol/method.ts';
import { accountMethods } from './account-methods.ts';
import { adminMethods } from './admin-methods.ts';
import { blockMethods } from './block-methods.ts';
import { campaignMethods } from './campaign-methods.ts';
import { committeeMethods } from './committee-methods.ts';
import { databaseMethods } from './database-methods.ts';
import { debugMethods } from './debug-methods.ts';
import { dporMethods } from './dpor-methods.ts';
import { filterMethods } from './filter-methods.ts';
import { inspectionMethods } from './inspection-methods.ts';
import { modulesMethod, nodeMethods } from './node-methods.ts';
import { poolMethods } from './pool-methods.ts';
import { signatureMethods } from './signature-methods.ts';
import { stateMethods } from './state-methods.ts';
import { subscriptionMethods } from './subscription-methods.ts';
import { traceChainMethods } from './trace-chain-methods.ts';
import { traceMethods } from './trace-methods.ts';
import { transactionMethods } from './transaction-methods.ts';

/** All methods of the server. None touches a private key: what asks for a signature asks a person. */
export function allMethods(backend: RpcBackend, feed: BlockFeed, filters: FilterRegistry): RpcMethod[] {
  const pending = new PendingBlocks(backend);
  const methods = [
    ...nodeMethods(backend),
    ...accountMethods(backend),
    ...blockMethods(backend, pending),
    ...transactionMethods(backend, pending),
    ...stateMethods(backend, pending),
    ...committeeMethods(backend),
    ...poolMethods(backend),
    ...filterMethods(backend, filters),
    ...subscriptionMethods(backend, feed),
    ...dporMethods(backend),
    ...adminMethods(backend),
    ...campaignMethods(backend),
    ...debugMethods(backend),
    ...databaseMethods(backend),
    ...inspectionMethods(backend),
    ...traceMethods(backend),
    ...traceChainMethods(backend),
    ...signatureMethods(),
  ];
  return [...methods, modulesMethod(methods)];
}
