/** The two times of an order, with whose they are and what happens by itself at their end. */
import { useTranslation } from 'react-i18next';
import type { MarketStatus } from '../../../src-node/api/contract/index.ts';
import { duration, percent, type Language } from '../../models/format.ts';

export function SaleClocks({ terms }: { readonly terms: NonNullable<MarketStatus['terms']> }) {
  const { t, i18n } = useTranslation('publish');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  return (
    <dl className="publish__pair">
      <div><dt className="t-label">{t('clock.key')}</dt><dd className="t-medium">{duration(terms.keyMillis, language)}</dd><dd className="t-small c-3">{t('clock.key_missed', { share: percent(terms.expiryBps / 10_000) })}</dd></div>
      <div><dt className="t-label">{t('clock.check')}</dt><dd className="t-medium">{duration(terms.disputeMillis, language)}</dd><dd className="t-small c-3">{t('clock.check_over')}</dd></div>
    </dl>
  );
}
