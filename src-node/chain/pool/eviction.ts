/** What has to go so that the pool keeps its limits (docs/protocol/03 §10.2). Local accounts lose nothing. */
import type { AccountTransactions } from './account-transactions.ts';
import type { PooledTransaction } from './pooled-transaction.ts';

/** The highest nonces of the accounts with the most pending, down to what each account may always have. Of equal ones the account that is longer in the pool goes first. */
export function overPending(accounts: Iterable<AccountTransactions>, excess: number, accountSlots: number): PooledTransaction[] {
  const kept = new Map<AccountTransactions, number>();
  for (const account of accounts) if (!account.isLocal && account.pendingCount > accountSlots) kept.set(account, account.pendingCount);
  for (let left = excess; left > 0; left--) {
    let largest: AccountTransactions | undefined;
    let most = accountSlots;
    for (const [account, count] of kept) if (count > most) [largest, most] = [account, count];
    if (largest === undefined) break;
    kept.set(largest, most - 1);
  }
  return [...kept].flatMap(([account, count]) => account.pending.slice(count));
}

/** Queued ones with the highest nonces, the accounts that were active last first: they are the likeliest to have caused the excess. */
export function overQueued(accounts: Iterable<AccountTransactions>, excess: number): PooledTransaction[] {
  const left = new Set<AccountTransactions>();
  for (const account of accounts) if (!account.isLocal && account.queuedCount > 0) left.add(account);
  const victims: PooledTransaction[] = [];
  while (victims.length < excess) {
    let latest: AccountTransactions | undefined;
    for (const account of left) if (latest === undefined || account.heartbeat > latest.heartbeat) latest = account;
    if (latest === undefined) break;
    victims.push(...latest.queued.slice(victims.length - excess));
    left.delete(latest);
  }
  return victims;
}

/** The `count` cheapest of remote accounts; of equal ones those with the higher nonce first. */
export function cheapest(accounts: Iterable<AccountTransactions>, count: number): PooledTransaction[] {
  const found: PooledTransaction[] = [];
  for (const account of accounts) {
    if (account.isLocal) continue;
    for (const pooled of account.all) {
      let place = found.length;
      for (let above = found[place - 1]; above !== undefined && isCheaper(pooled, above); above = found[place - 1]) place--;
      if (place === count) continue;
      found.splice(place, 0, pooled);
      found.length = Math.min(found.length, count);
    }
  }
  return found;
}

function isCheaper({ transaction: a }: PooledTransaction, { transaction: b }: PooledTransaction): boolean {
  return a.gasPrice === b.gasPrice ? a.nonce > b.nonce : a.gasPrice < b.gasPrice;
}
