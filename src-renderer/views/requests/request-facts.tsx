/** What a program asks and how it came, in words. Who asks is never said: it is not known. */
import { useTranslation } from 'react-i18next';
import type { ProgramRequest } from '../../../src-node/api/contract/index.ts';
import { grouped } from '../../models/format.ts';
import { Note } from '../../ui/note.tsx';
import { useNoteText } from '../confirm/note-text.ts';
import { SheetFieldValue } from '../confirm/sheet-field.tsx';
import '../confirm/proposal.css';

export function RequestFacts({ request }: { readonly request: ProgramRequest }) {
  const { t } = useTranslation(['requests', 'sheet']);
  const noteText = useNoteText();
  const { account, accountName, link, isRepeated, what } = request;
  const bytes = what.kind === 'message' ? what.bytes : what.dataBytes;
  return (
    <>
      <section className="proposal__section">
        <h3 className="t-label">{t('sheet:in_words')}</h3>
        <dl className="plate ruled">
          <div className="proposal__line"><dt className="c-3">{t('sheet:field.account')}</dt><dd className="t-medium"><SheetFieldValue value={{ kind: 'address', address: account, name: accountName }} /></dd></div>
          {what.kind === 'transaction' && what.to !== null && <div className="proposal__line"><dt className="c-3">{t('sheet:field.to')}</dt><dd className="t-medium"><SheetFieldValue value={{ kind: 'address', address: what.to, name: what.toName }} /></dd></div>}
          {what.kind === 'transaction' && <div className="proposal__line"><dt className="c-3">{t('sheet:field.amount')}</dt><dd className="t-medium"><SheetFieldValue value={{ kind: 'amount', amount: what.amount }} /></dd></div>}
          {bytes > 0 && <div className="proposal__line"><dt className="c-3">{t(`length.${what.kind}`)}</dt><dd className="t-medium">{t('bytes', { bytes: grouped(bytes) })}</dd></div>}
        </dl>
      </section>
      <section className="proposal__section proposal__notes">
        <Note>{noteText({ key: `program-${link}`, values: {} })}</Note>
        {isRepeated && <Note tone="warn">{noteText({ key: 'program-repeated', values: {} })}</Note>}
      </section>
    </>
  );
}
