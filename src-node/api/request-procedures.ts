/** Requests of other programs, and the sheets that answer them. */
import { toHex } from '../base/bytes.ts';
import type { AskedTransaction, ProgramRequest } from '../wallet/program-request.ts';
import type { PreparedProposal } from '../wallet/proposals.ts';
import { unlockWith } from './action-procedures.ts';
import { checksummed } from './address.ts';
import type { NeedsYou } from './contract/orders.ts';
import type { Proposal } from './contract/proposal.ts';
import type { ProgramRequest as RequestView } from './contract/requests.ts';
import { procedures } from './procedures.ts';
import { addressField, amountField, proposalView } from './proposal-view.ts';
import { readableText } from './readable-text.ts';
import type { NetworkServices, Services, WalletServices } from './services.ts';

export const requestProcedures = {
  list: procedures.requests.list.handler(({ context }) => {
    const { services } = context;
    if (!services.hasNetwork()) return [];
    const { wallet } = services.network();
    return wallet.requests.list().map((request) => requestView(request, wallet));
  }),
  prepare: procedures.requests.prepare.handler(({ context, input }) => prepareRequest(context.services, input.id)),
  signMessage: procedures.requests.signMessage.handler(async ({ context, input }) => {
    await unlockWith(context.services, input.password);
    await context.services.network().wallet.requests.signMessage(input.id);
    return { signed: true as const };
  }),
  decline: procedures.requests.decline.handler(({ context, input }) => {
    context.services.network().wallet.requests.decline(input.id);
    return { declined: true as const };
  }),
};

function requestView({ id, asked, link, isRepeated, askedAt, expiresAt }: ProgramRequest, wallet: WalletServices): RequestView {
  return { id, link, account: checksummed(asked.account), accountName: wallet.labels.nameOf(asked.account), what: whatOf(asked, wallet), isRepeated, askedAt, expiresAt };
}

function whatOf(asked: ProgramRequest['asked'], { labels, names }: WalletServices): RequestView['what'] {
  if (asked.kind === 'message') return { kind: 'message', text: readableText(asked.message), hex: toHex(asked.message), bytes: asked.message.length };
  const { to, value, payload } = asked;
  return { kind: 'transaction', to: to === null ? null : checksummed(to), toName: to === null ? null : (labels.nameOf(to) ?? names.contractOf(to)), amount: value, dataBytes: payload.length };
}

/** As an entry among what waits for the person. */
export function requestNeed({ id, asked, expiresAt }: ProgramRequest): NeedsYou {
  const [about, amount] = asked.kind === 'transaction' ? [asked.to ?? asked.account, asked.value] : [asked.account, null];
  const address = checksummed(about);
  return { id: `program:${id}`, key: `program-${asked.kind}`, subject: { kind: 'request', id }, title: `${address.slice(0, 6)}…${address.slice(-4)}`, amount, deadline: expiresAt };
}

async function prepareRequest(services: Services, id: string): Promise<Proposal> {
  const network = services.network();
  const { wallet } = network;
  const prepared = await wallet.requests.prepare(id);
  const request = wallet.requests.get(id);
  const fields = [
    addressField('account', prepared.account, wallet),
    ...prepared.calls.flatMap(({ to, value }) => [...(to === null ? [] : [addressField('to', to, wallet)]), amountField('amount', value)]),
    ...(prepared.nonce === undefined ? [] : [{ key: 'number', value: { kind: 'count' as const, count: Number(prepared.nonce) } }]),
  ];
  return proposalView(prepared, { fields, notes: await notesOf(request, prepared, network), valueReason: 'value' }, wallet);
}

async function notesOf({ asked, link, isRepeated }: ProgramRequest, prepared: PreparedProposal, { reader }: NetworkServices): Promise<Proposal['notes']> {
  const note = (key: string, tone: 'info' | 'warn', values: Proposal['notes'][number]['values'] = {}): Proposal['notes'][number] => ({ key, tone, values });
  const [call] = prepared.calls;
  const isPlain = call?.to != null && call.payload.length === 0;
  const toContract = isPlain && (await reader.codeOf(call.to)).length > 0;
  return [
    note(`program-${link}`, 'info'),
    ...(isRepeated ? [note('program-repeated', 'warn')] : []),
    ...(toContract ? [note('to-contract', 'warn')] : []),
    ...(asked.kind === 'transaction' && (await isShort(asked, reader)) ? [note('program-gas-short', 'warn')] : []),
  ];
}

/** Whether the gas that the program allows is less than the call takes now: it would be spent for nothing. */
async function isShort({ account, to, value, payload, gasLimit }: AskedTransaction, reader: NetworkServices['reader']): Promise<boolean> {
  return gasLimit !== undefined && (await reader.estimateGas({ from: account, to, data: payload, value })) > gasLimit;
}
