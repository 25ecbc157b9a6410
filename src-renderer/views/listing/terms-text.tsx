/** The terms in words: licence, times, and when money comes back. */
import { useTranslation } from 'react-i18next';
import type { ListingView } from '../../../src-node/api/contract/index.ts';
import { duration, percent, type Language } from '../../models/format.ts';
import { useLicenceWords } from '../../ui/licence-words.ts';

export function TermsText({ listing }: { readonly listing: ListingView }) {
  const { t, i18n } = useTranslation(['listing', 'licence']);
  const { titleOf, summaryOf } = useLicenceWords();
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const { terms, licence } = listing;
  return (
    <div className="listing__terms">
      <h3 className="t-h">{licence === null ? t('licence') : <bdi>{titleOf(licence.template?.id, licence.title)}</bdi>}</h3>
      {licence === null ? <p>{t('text_wait')}</p> : (
        <>
          {licence.template !== null && <p>{summaryOf(licence.template)}</p>}
          <p className="t-small c-3">{t('licence:original')}</p>
          <p><bdi>{licence.text}</bdi></p>
        </>
      )}
      <h3 className="t-h">{t('money.title')}</h3>
      <ul>
        <li>{t('money.no_key', { time: duration(terms.keyMillis, language) })}</li>
        <li>{t('money.wrong', { share: percent(terms.bondBps / 10_000) })}</li>
        <li>{t('money.silent', { time: duration(terms.disputeMillis, language) })}</li>
        <li>{t('money.cancel')}</li>
        <li>{t('money.right')}</li>
      </ul>
    </div>
  );
}
