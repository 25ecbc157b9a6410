/** What happens with the money, in the good case and in each bad one. */
import { Clock, Download, Scale } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ListingView, MarketStatus } from '../../../src-node/api/contract/index.ts';
import { cpc, duration, type Language } from '../../models/format.ts';
import { refundByProof } from '../../models/market.ts';

export interface MoneyHeldProps {
  readonly price: bigint;
  readonly times: ListingView['terms'];
  readonly terms: MarketStatus['terms'];
}

export function MoneyHeld({ price, times, terms }: MoneyHeldProps) {
  const { t, i18n } = useTranslation('listing');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const refund = terms === null ? null : cpc(refundByProof(price, { ...terms, bondBps: times.bondBps }), { unit: true });
  return (
    <section aria-labelledby="held">
      <h2 id="held" className="t-h">{t('held.title')}</h2>
      <ul className="listing__held c-2">
        <li><Download aria-hidden />{t('held.first')}</li>
        <li><Clock aria-hidden />{t('held.no_key', { time: duration(times.keyMillis, language), price: cpc(price, { unit: true }) })}</li>
        <li><Scale aria-hidden />{refund === null ? t('held.wrong') : t('held.wrong_sum', { refund })}</li>
        <li><Clock aria-hidden />{t('held.silent', { time: duration(times.disputeMillis, language) })}</li>
      </ul>
    </section>
  );
}
