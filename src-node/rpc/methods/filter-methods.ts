/** Logs and filters (docs/protocol/05 §3.5). */
import type { RpcBackend } from '../backend.ts';
import type { FilterRegistry } from '../filters/filter-registry.ts';
import { searchLogs } from '../filters/log-search.ts';
import { IDENTIFIER, LOG_CRITERIA } from '../parameters/index.ts';
import { method, type RpcMethod } from '../protocol/method.ts';
import { logView } from '../views/log-view.ts';

export function filterMethods({ chain }: RpcBackend, filters: FilterRegistry): RpcMethod[] {
  return [
    method('eth_getLogs', [LOG_CRITERIA], async ([criteria]) => (await searchLogs(chain, criteria)).map(logView)),
    method('eth_newFilter', [LOG_CRITERIA], ([criteria]) => filters.addLogs(criteria)),
    method('eth_newBlockFilter', [], () => filters.addBlocks()),
    method('eth_newPendingTransactionFilter', [], () => filters.addPendingTransactions()),
    method('eth_getFilterChanges', [IDENTIFIER], ([identifier]) => filters.takeChanges(identifier)),
    method('eth_getFilterLogs', [IDENTIFIER], async ([identifier]) => (await searchLogs(chain, filters.criteriaOf(identifier))).map(logView)),
    method('eth_uninstallFilter', [IDENTIFIER], ([identifier]) => filters.remove(identifier)),
  ];
}
