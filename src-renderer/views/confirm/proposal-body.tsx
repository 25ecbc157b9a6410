/** A proposal in words, in the order in which people check it. */
import { useTranslation } from 'react-i18next';
import type { Proposal } from '../../../src-node/api/contract/index.ts';
import { grouped } from '../../models/format.ts';
import { Amount } from '../../ui/amount.tsx';
import { Identicon } from '../../ui/identicon.tsx';
import { Note } from '../../ui/note.tsx';
import { ProposalCall } from './proposal-call.tsx';
import { SheetFieldValue } from './sheet-field.tsx';
import { useNoteText } from './note-text.ts';
import { usePartyName } from './use-party-name.ts';
import './proposal.css';

export function ProposalBody({ proposal }: { readonly proposal: Proposal }) {
  const { t } = useTranslation('sheet');
  const noteText = useNoteText();
  const partyName = usePartyName();
  // Nobody who reads what another program asks has begun it himself, so how it came stands first.
  const isAsked = proposal.kind === 'program';
  const notes = (proposal.notes.length > 0 || proposal.mandate !== null) && (
    <section className="proposal__section proposal__notes">
      {proposal.notes.map((note) => <Note key={note.key} tone={note.tone}>{noteText(note)}</Note>)}
      {proposal.mandate !== null && <Note>{noteText({ key: 'mandate', values: { methods: proposal.mandate.methods.map((method) => t(`mandate_does.${method}`, { defaultValue: method })).join(t('list_comma')), fee: proposal.mandate.maxFee, until: proposal.mandate.until } })}</Note>}
    </section>
  );
  return (
    <>
      <p className="t-lead c-2">{t(`kind.${proposal.kind}.line`)}</p>
      {isAsked && notes}
      <section className="proposal__section">
        <header className="row apart"><h3 className="t-label">{t('changes')}</h3><span className="t-label">{t('run_on', { block: grouped(proposal.simulatedOnBlock) })}</span></header>
        <dl className="plate ruled">
          {proposal.changes.map((change, index) => (
            <div key={index} className="proposal__line">
              <dt className="row"><Identicon address={change.account} size={18} /><bdi>{partyName(proposal, change.account, change.accountName)}</bdi><span className="c-3">{t(`reason.${change.reason}`)}</span></dt>
              <dd className="t-h"><Amount value={change.amount} sign /></dd>
            </div>
          ))}
        </dl>
      </section>
      {proposal.fields.length > 0 && (
        <section className="proposal__section">
          <h3 className="t-label">{t('in_words')}</h3>
          <dl className="plate ruled">
            {proposal.fields.map((field) => (
              <div key={field.key} className="proposal__line">
                <dt className="c-3">{t(`field.${field.key}`, { defaultValue: field.key })}</dt>
                <dd className="t-medium"><SheetFieldValue value={field.value} /></dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      <section className="proposal__section">
        <h3 className="t-label">{t('calls')}</h3>
        <div className="plate ruled">{proposal.calls.map((call, index) => <ProposalCall key={index} call={call} kind={proposal.kind} />)}</div>
      </section>
      {!isAsked && notes}
    </>
  );
}
