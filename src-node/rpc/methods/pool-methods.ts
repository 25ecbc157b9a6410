/** What waits in the pool (docs/protocol/05 §3.3, §5). */
import type { AccountTransactions } from '../../chain/pool/account-transactions.ts';
import type { PooledTransaction } from '../../chain/pool/pooled-transaction.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import type { RpcBackend } from '../backend.ts';
import { method, type RpcMethod } from '../protocol/method.ts';
import { checksummed } from '../views/address-view.ts';
import { quantity } from '../views/quantity.ts';
import { transactionView } from '../views/transaction-view.ts';

export function poolMethods({ pool }: RpcBackend): RpcMethod[] {
  const sum = (count: (account: AccountTransactions) => number): number => [...pool.accounts()].reduce((total, account) => total + count(account), 0);
  const both = (view: (pooled: PooledTransaction) => unknown): object => {
    const accounts = [...pool.accounts()];
    return { pending: byAccount(accounts, ({ pending }) => pending, view), queued: byAccount(accounts, ({ queued }) => queued, view) };
  };
  return [
    method('txpool_status', [], () => ({ pending: quantity(sum(({ pendingCount }) => pendingCount)), queued: quantity(sum(({ queuedCount }) => queuedCount)) })),
    method('txpool_content', [], () => both(viewOf)),
    method('txpool_inspect', [], () => both(({ transaction }) => summaryOf(transaction))),
    method('eth_pendingTransactions', [], () => [...pool.accounts()].filter(({ isLocal }) => isLocal).flatMap(({ pending }) => pending.map(viewOf))),
  ];
}

function viewOf({ transaction, sender }: PooledTransaction): object {
  return transactionView(transaction, sender, null);
}

type Listed = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** By checksummed address, then by decimal nonce. */
function byAccount(accounts: readonly AccountTransactions[], part: (account: AccountTransactions) => readonly PooledTransaction[], view: (pooled: PooledTransaction) => unknown): Listed {
  const entries = accounts.filter((account) => part(account).length > 0).map((account): [string, Readonly<Record<string, unknown>>] => {
    const byNonce = part(account).map((pooled): [string, unknown] => [pooled.transaction.nonce.toString(), view(pooled)]);
    return [checksummed(account.sender), Object.fromEntries(byNonce)];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function summaryOf({ to, value, gasLimit, gasPrice }: Transaction): string {
  const target = to === null ? 'contract creation' : checksummed(to);
  return `${target}: ${value} wei + ${gasLimit} gas × ${gasPrice} wei`;
}
