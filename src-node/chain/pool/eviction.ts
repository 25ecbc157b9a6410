import type { AccountTransactions } from './account-transactions.ts';
import type { PoolLimits } from './limits.ts';
import type { PooledTransaction } from './pooled-transaction.ts';

/** What has to go so that the pool keeps its limits (docs/protocol/03 §10.2). Local accounts lose nothing. */
export function overflow(accounts: Iterable<AccountTransactions>, limits: PoolLimits): PooledTransaction[] {
  const all = [...accounts];
  const remote = all.filter((account) => !account.isLocal);
  const overQueued = remote.flatMap((account) => account.queued.slice(limits.accountQueue));
  const pending = all.reduce((sum, account) => sum + account.pendingCount, 0);
  const queued = all.reduce((sum, account) => sum + account.queuedCount, 0) - overQueued.length;
  return [...overQueued, ...overPending(remote, pending - limits.globalSlots, limits), ...overAll(remote, queued - limits.globalQueue, limits)];
}

/** The highest nonces of the accounts with the most pending, down to what each account may always have. */
function overPending(accounts: readonly AccountTransactions[], excess: number, limits: PoolLimits): PooledTransaction[] {
  const kept = new Map(accounts.map((account) => [account, account.pendingCount]));
  for (let left = excess; left > 0; left--) {
    let largest: AccountTransactions | undefined;
    let most = limits.accountSlots;
    for (const [account, count] of kept) if (count > most) [largest, most] = [account, count];
    if (largest === undefined) break;
    kept.set(largest, most - 1);
  }
  return [...kept].flatMap(([account, count]) => account.pending.slice(count));
}

/** Queued ones, the accounts that were active last first: they are the likeliest to have caused the excess. */
function overAll(accounts: readonly AccountTransactions[], excess: number, limits: PoolLimits): PooledTransaction[] {
  const victims: PooledTransaction[] = [];
  for (const account of accounts.toSorted((a, b) => b.heartbeat - a.heartbeat)) {
    const left = excess - victims.length;
    if (left <= 0) break;
    victims.push(...account.queued.slice(0, limits.accountQueue).slice(-left));
  }
  return victims;
}

/** The `count` cheapest of remote accounts; of equal ones those with the higher nonce first. */
export function cheapest(accounts: Iterable<AccountTransactions>, count: number): PooledTransaction[] {
  const remote = [...accounts].filter((account) => !account.isLocal).flatMap(({ all }) => all);
  return remote.sort(byCheapness).slice(0, count);
}

function byCheapness({ transaction: a }: PooledTransaction, { transaction: b }: PooledTransaction): number {
  if (a.gasPrice !== b.gasPrice) return a.gasPrice < b.gasPrice ? -1 : 1;
  return a.nonce > b.nonce ? -1 : 1;
}
