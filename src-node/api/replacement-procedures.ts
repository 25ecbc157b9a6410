/** The sheet of a transaction that takes the place of another one. */
import { toHex } from '../base/bytes.ts';
import { isCoded } from '../base/errors.ts';
import type { ChainReader } from '../chain/reader.ts';
import type { ReplacementPurpose } from '../wallet/action.ts';
import { currentOf } from '../wallet/attempts.ts';
import { draftReplacement, offerReplacement, type ReplacementOffer } from '../wallet/replacements.ts';
import type { Proposal, SheetField } from './contract/proposal.ts';
import type { ReplacementOffer as OfferView } from './contract/wallet.ts';
import { addressField, amountField, proposalView } from './proposal-view.ts';
import type { NetworkServices, WalletServices } from './services.ts';

export async function replacementOffer({ reader, wallet }: NetworkServices, activity: string, asked: ReplacementPurpose): Promise<OfferView> {
  const { purpose, gasPrice, leastPrice, gasLimit } = offerReplacement(wallet.outbox.get(activity), asked, await reader.gasPrice());
  return { purpose, gasPrice, leastPrice, gasLimit: Number(gasLimit) };
}

export async function prepareReplacement({ reader, wallet }: NetworkServices, activity: string, asked: ReplacementPurpose, gasPrice: bigint): Promise<Proposal> {
  const record = wallet.outbox.get(activity);
  const offer = offerReplacement(record, asked, await reader.gasPrice());
  const prepared = await wallet.proposals.prepare(draftReplacement(record, offer, gasPrice));
  const fee = offer.entries.map(currentOf).reduce((sum, { call }) => sum + call.gasLimit * call.gasPrice, 0n);
  const notes: Proposal['notes'] = [
    { key: `${offer.purpose}-replaces`, tone: 'info', values: { fee } },
    ...(await wouldFail(offer, reader) ? [{ key: 'speed-up-fails', tone: 'warn' as const, values: {} }] : []),
  ];
  return proposalView(prepared, { fields: fieldsOf(offer, record.title, wallet), notes, valueReason: 'value' }, wallet);
}

/** What the first one was to do, in the words of its own sheet where it was a payment. */
function fieldsOf({ entries, purpose }: ReplacementOffer, title: string, wallet: WalletServices): readonly SheetField[] {
  const [first] = entries;
  if (first === undefined) return [];
  const { to, value, payload } = first.call;
  const was = purpose === 'cancel' ? 'was-' : '';
  const hash = currentOf(first).hash;
  return [
    ...(title === '' ? [] : [{ key: 'title', value: { kind: 'text' as const, text: title } }]),
    ...(to !== null && payload.length === 0 ? [addressField(`${was}to`, to, wallet), amountField(`${was}amount`, value)] : []),
    { key: 'number', value: { kind: 'count', count: Number(first.nonce) } },
    ...(hash === null ? [] : [{ key: 'replaces', value: { kind: 'hash' as const, hash: toHex(hash) } }]),
  ];
}

/** Only the next one of its account can be simulated: what comes before another one may change its outcome. */
async function wouldFail({ purpose, entries: [first] }: ReplacementOffer, reader: ChainReader): Promise<boolean> {
  if (purpose === 'cancel' || first === undefined || (await reader.nonceOf(first.account)) !== first.nonce) return false;
  const { to, value, payload } = first.call;
  try {
    await reader.estimateGas({ from: first.account, to, data: payload, value });
    return false;
  } catch (error) {
    if (isCoded(error, 'CALL_FAILS')) return true;
    throw error;
  }
}
