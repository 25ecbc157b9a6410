/** Speeding up and cancelling what is sent and not mined: other transactions under the same nonces, of which the chain takes one. */
import { CodedError } from '../base/errors.ts';
import type { ActionRecord, OutboxEntry, ReplacementPurpose } from './action.ts';
import { currentOf, isPublic, leastPrice } from './attempts.ts';
import type { DraftCall, DraftProposal } from './proposals.ts';

const NOTHING = new Uint8Array(0);
const TRANSFER_GAS = 21_000n;

/** What a replacement would be, before a price is chosen. */
export interface ReplacementOffer {
  /** The act that is possible: what is being cancelled can only be cancelled faster. */
  readonly purpose: ReplacementPurpose;
  /** What the network asks for, and at least a tenth more than before; base units per gas. */
  readonly gasPrice: bigint;
  /** Below it no node takes the replacement. */
  readonly leastPrice: bigint;
  /** Gas of all its transactions, at most. */
  readonly gasLimit: bigint;
  readonly entries: readonly OutboxEntry[];
}

/** @throws ALREADY_MINED, NOT_REPLACEABLE */
export function offerReplacement(record: ActionRecord, asked: ReplacementPurpose, networkPrice: bigint): ReplacementOffer {
  const entries = record.entries.filter(isPublic);
  const [first] = entries;
  if (first === undefined) throw new CodedError('ALREADY_MINED', 'It was mined in the meantime, so there is nothing left to replace; nothing was signed.', { help: 'Look at how things stand now.' });
  if (first.authority.kind === 'delivery') throw new CodedError('NOT_REPLACEABLE', 'The delivery account raises the price of its transactions by itself, up to the limit in the settings.', { help: 'Raise that limit, if it is reached.' });
  const least = entries.map(leastPrice).reduce((highest, price) => (price > highest ? price : highest));
  const purpose = isCancelling(record) ? 'cancel' : asked;
  return {
    purpose,
    gasPrice: least > networkPrice ? least : networkPrice,
    leastPrice: least,
    gasLimit: entries.reduce((sum, { call }) => sum + (purpose === 'cancel' ? TRANSFER_GAS : call.gasLimit), 0n),
    entries,
  };
}

/** Whether what may be mined next is a cancellation. */
export function isCancelling({ entries }: ActionRecord): boolean {
  return entries.some((entry) => isPublic(entry) && currentOf(entry).purpose === 'cancel');
}

/** @throws REPLACEMENT_UNDERPRICED */
export function draftReplacement(record: ActionRecord, offer: ReplacementOffer, gasPrice: bigint): DraftProposal {
  if (gasPrice < offer.leastPrice) throw new CodedError('REPLACEMENT_UNDERPRICED', 'The price is not high enough to take the place of the other transaction; nothing was signed.', { help: 'Raise the gas price by at least 10 %.', meta: { least: offer.leastPrice.toString() } });
  const { purpose, entries } = offer;
  const calls = entries.map(({ account, call }): DraftCall => (purpose === 'cancel' ? { to: account, value: 0n, payload: NOTHING, gasLimit: TRANSFER_GAS, gasPrice } : { ...call, gasPrice }));
  return { kind: purpose, title: record.title, account: record.account, calls, subject: record.subject, permissions: [], replaces: { action: record.id, purpose, steps: entries.map(({ step }) => step) } };
}
