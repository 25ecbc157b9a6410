import type { NeedsYou, ProgramRequest, Proposal } from '../../../src-node/api/contract/index.ts';
import { addressOf, hashOf, LIANHE, MAIN, milli, MINUTE } from './addresses.ts';
import type { SampleOptions } from './options.ts';
import { amountField, type ProposalSeed } from './proposals.ts';

const TEXT = 'data.example asks you to log in.\n\nAddress: 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\nNonce: 8f2c61\nIssued at: 2025-11-24T06:05:00Z';
const BYTES = hashOf('bytes') + hashOf('more bytes').slice(2);

export function sampleRequests({ asked, now }: SampleOptions): readonly ProgramRequest[] {
  if (asked === 'nothing') return [];
  const base = { account: MAIN, accountName: 'Main', link: asked === 'text' || asked === 'unknown' ? ('http' as const) : ('socket' as const), isRepeated: false, askedAt: now, expiresAt: now + 5 * MINUTE };
  const one: ProgramRequest = { ...base, id: 'asked-1', what: whatOf(asked) };
  return asked === 'twice' ? [{ ...one, isRepeated: true }, { ...base, id: 'asked-2', isRepeated: true, what: one.what }] : [one];
}

function whatOf(asked: SampleOptions['asked']): ProgramRequest['what'] {
  if (asked === 'text') return { kind: 'message', text: TEXT, hex: '0x', bytes: TEXT.length };
  if (asked === 'bytes') return { kind: 'message', text: null, hex: BYTES, bytes: 64 };
  const isCall = asked === 'unknown' || asked === 'known';
  return { kind: 'transaction', to: asked === 'known' ? addressOf('escrow') : LIANHE, toName: asked === 'known' ? 'PDEscrow' : null, amount: isCall ? 0n : milli(12_500), dataBytes: isCall ? 4 : 0 };
}

export function sampleRequestNeeds(options: SampleOptions): readonly NeedsYou[] {
  return sampleRequests(options).map(({ id, what, account, expiresAt }) => {
    const about = what.kind === 'transaction' ? (what.to ?? account) : account;
    return { id: `program:${id}`, key: `program-${what.kind}`, subject: { kind: 'request', id }, title: `${about.slice(0, 6)}…${about.slice(-4)}`, amount: what.kind === 'transaction' ? what.amount : null, deadline: expiresAt };
  });
}

/** The sheet of an asked transaction. */
export function requestSeed({ link, what, isRepeated, account }: ProgramRequest): ProposalSeed {
  if (what.kind === 'message') throw new TypeError('a text has no proposal');
  const note = (key: string, tone: 'info' | 'warn'): Proposal['notes'][number] => ({ key, tone, values: {} });
  const call = what.dataBytes === 0 ? {} : { contract: what.toName, method: what.toName === null ? null : 'withdraw', arguments: what.toName === null ? [] : [{ name: 'account', value: MAIN }] };
  return {
    kind: 'program', from: account, to: what.to, value: what.amount, ...call,
    fields: [
      { key: 'account', value: { kind: 'address', address: account, name: 'Main' } }, ...(what.to === null ? [] : [{ key: 'to', value: { kind: 'address' as const, address: what.to, name: what.toName } }]),
      amountField('amount', what.amount), { key: 'number', value: { kind: 'count', count: 41 } },
    ],
    notes: [note(`program-${link}`, 'info'), ...(isRepeated ? [note('program-repeated', 'warn')] : [])],
  };
}
