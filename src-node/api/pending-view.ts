/** What this wallet signed and no block has yet. */
import { equal, toHex, type Bytes } from '../base/bytes.ts';
import type { ActionRecord } from '../wallet/action.ts';
import { currentOf, isPublic, latestAttempt } from '../wallet/attempts.ts';
import { checksummed } from './address.ts';
import type { ActionKind } from './contract/proposal.ts';
import type { PendingMovement } from './contract/wallet.ts';
import { activityState } from './proposal-view.ts';
import type { Services, WalletServices } from './services.ts';

/** Of one account, or of all that are in the wallet; a delivery account is not. */
export async function pendingMovements(services: Services, account: Bytes | null): Promise<readonly PendingMovement[]> {
  const { wallet } = services.network();
  const own = (await services.keys.call('status', {})).accounts.map(({ address }) => address.toLowerCase());
  return wallet.outbox.pending().filter((record) => (account === null || equal(record.account, account)) && own.includes(toHex(record.account))).flatMap((record) => pendingView(record, wallet) ?? []);
}

function pendingView(record: ActionRecord, { outbox }: WalletServices): PendingMovement | null {
  const entries = record.entries.filter(({ state }) => state === 'planned' || state === 'signed' || state === 'sent');
  const [first] = entries;
  const state = activityState(record);
  if (first === undefined || (state !== 'waiting' && state !== 'sent' && state !== 'replaced' && state !== 'cancelling')) return null;
  const current = entries.map(currentOf);
  const { call, hash } = currentOf(first);
  const refused = latestAttempt(first);
  return {
    activity: record.id,
    kind: record.kind as ActionKind,
    title: record.title,
    from: checksummed(record.account),
    state,
    to: first.call.to === null ? null : checksummed(first.call.to),
    amount: -entries.reduce((sum, entry) => sum + entry.call.value, 0n),
    feeAtMost: current.reduce((sum, one) => sum + one.call.gasLimit * one.call.gasPrice, 0n),
    gasPrice: call.gasPrice,
    nonce: Number(first.nonce),
    hash: hash === null ? null : toHex(hash),
    since: record.createdAt,
    canReplace: entries.some((entry) => isPublic(entry) && entry.authority.kind !== 'delivery'),
    problem: outbox.problemOf(first) ?? (refused?.state === 'refused' && refused.authority.kind === 'sheet' ? refused.refusal : null),
  };
}
