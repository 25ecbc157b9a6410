/** Proposals and actions as the sheet and the activity list show them. */
import { toHex, type Bytes } from '../base/bytes.ts';
import { checksummed } from './address.ts';
import type { ActionKind, Activity, BalanceChange, Proposal, ProposedCall, SheetField } from './contract/proposal.ts';
import type { ActionRecord, OutboxEntry } from '../wallet/action.ts';
import { currentOf, isCancelled, isPublic, outcomeOf } from '../wallet/attempts.ts';
import type { PreparedCall, PreparedProposal, StandingPermission } from '../wallet/proposals.ts';
import { isCancelling } from '../wallet/replacements.ts';
import type { WalletServices } from './services.ts';

/** What only the preparing procedure knows of a call. */
export interface SheetDetails {
  readonly fields: readonly SheetField[];
  readonly notes: Proposal['notes'];
  /** Beside the fee and the value that leaves. */
  readonly changes?: readonly BalanceChange[];
  readonly valueReason: BalanceChange['reason'];
  /** The part of the value that leaves for another reason. */
  readonly valuePart?: { readonly amount: bigint; readonly reason: BalanceChange['reason'] };
}

export function addressField(key: string, address: Bytes, wallet: WalletServices): SheetField {
  return { key, value: { kind: 'address', address: checksummed(address), name: wallet.labels.nameOf(address) ?? wallet.names.contractOf(address) } };
}

export function amountField(key: string, amount: bigint): SheetField {
  return { key, value: { kind: 'amount', amount } };
}

export function proposalView(prepared: PreparedProposal, details: SheetDetails, wallet: WalletServices): Proposal {
  const account = checksummed(prepared.account);
  const accountName = wallet.labels.nameOf(prepared.account);
  const part = details.valuePart ?? { amount: 0n, reason: details.valueReason };
  const own = (amount: bigint, reason: BalanceChange['reason']): readonly BalanceChange[] => (amount === 0n ? [] : [{ account, accountName, amount, reason }]);
  return {
    id: prepared.id,
    kind: prepared.kind as Proposal['kind'],
    from: account,
    fromName: accountName,
    calls: prepared.calls.map((call) => callView(call, wallet)),
    changes: [...own(part.amount - prepared.value, details.valueReason), ...own(-part.amount, part.reason), ...own(-prepared.feeAtMost, 'fee-at-most'), ...(details.changes ?? [])],
    fields: details.fields,
    notes: details.notes,
    totalAtMost: prepared.value + prepared.feeAtMost,
    feeAtMost: prepared.feeAtMost,
    balance: prepared.balance,
    mandate: mandateView(prepared.permissions, wallet),
    simulatedOnBlock: Number(prepared.simulatedOnBlock),
    expiresAt: prepared.expiresAt,
  };
}

/** Data that a known contract would not take is a call of an unknown kind. */
function callView({ to, value, payload, gasLimit, gasEstimate, gasPrice }: PreparedCall, { names }: WalletServices): ProposedCall {
  const given = to === null ? null : names.argumentsOf(to, payload);
  return {
    to: to === null ? null : checksummed(to),
    contract: to === null ? null : names.contractOf(to),
    method: to === null || given === null ? null : names.methodOf(to, payload.subarray(0, 4)),
    arguments: given ?? [],
    value,
    gasLimit: Number(gasLimit),
    gasEstimate: Number(gasEstimate),
    gasPrice,
    dataHex: toHex(payload),
  };
}

function mandateView(permissions: readonly StandingPermission[], wallet: WalletServices): Proposal['mandate'] {
  if (permissions.length === 0) return null;
  return {
    methods: permissions.flatMap(({ contract, methods }) => methods.map((method) => wallet.names.methodOf(contract, method) ?? toHex(method))),
    maxFee: permissions.reduce((sum, { uses, maxGas, maxGasPrice }) => sum + BigInt(uses) * maxGas * maxGasPrice, 0n),
    until: Math.max(...permissions.map(({ expiresAt }) => expiresAt)),
  };
}

/** The least advanced step decides. */
const ORDER = ['planned', 'signed', 'sent', 'mined', 'final'] as const;

export function activityState(record: ActionRecord): Activity['state'] {
  const { entries, error } = record;
  const waiting = entries.filter(isPublic);
  if (isCancelling(record)) return 'cancelling';
  if (isCancelled(record) && waiting.length === 0) return entries.every(({ state }) => state === 'final' || state === 'dropped') ? 'cancelled' : 'cancelling';
  if (error !== null || entries.some(({ ok }) => ok === false)) return 'failed';
  if (waiting.some((entry) => currentOf(entry).purpose === 'speed-up')) return 'replaced';
  const least = Math.min(...entries.flatMap(({ state }) => (state === 'dropped' ? [] : [ORDER.indexOf(state)])));
  return ({ planned: 'waiting', signed: 'waiting', sent: 'sent', mined: 'mined', final: 'final' } as const)[ORDER[least] ?? 'planned'];
}

function transactionOf(entry: OutboxEntry): Activity['transactions'] {
  const { nonce, block, ok, gasUsed } = entry;
  const { hash, call } = currentOf(entry);
  if (hash === null) return [];
  return [{ hash: toHex(hash), nonce: Number(nonce), block: block === null ? null : Number(block), status: ok === null ? null : ok ? 'ok' : 'failed', fee: gasUsed === null ? null : gasUsed * call.gasPrice }];
}

export function activityView(record: ActionRecord): Activity {
  const failed = record.entries.find(({ ok }) => ok === false);
  const refused = { code: 'TRANSACTION_FAILED', message: 'The contract refused the transaction in its block. Only the fee was spent.', help: 'Open it again: the sheet shows how things stand now.' };
  const error = record.error === null ? (failed === undefined ? null : refused) : record.error;
  return {
    id: record.id,
    kind: record.kind as ActionKind,
    title: record.title,
    from: checksummed(record.account),
    state: activityState(record),
    tooLateToCancel: record.entries.some((entry) => outcomeOf(entry) === 'too-late'),
    transactions: record.entries.flatMap(transactionOf),
    createdAt: record.createdAt,
    error,
    subject: record.subject,
  };
}
