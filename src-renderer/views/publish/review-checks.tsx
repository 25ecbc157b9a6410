/** What has been checked before the signature, what the seller has to know, and what leaves his account. */
import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';
import { grouped } from '../../models/format.ts';
import { reserveFor, useMarketStatus } from '../../models/market.ts';
import { useAccountName } from '../../models/wallet.ts';
import { Amount } from '../../ui/amount.tsx';
import { StatusIcon, type Tone } from '../../ui/status-icon.tsx';
import { hasTooFewPlaces } from './wizard-steps.ts';

export function ReviewChecks({ draft }: { readonly draft: DraftView }) {
  const { t } = useTranslation('publish');
  const market = useMarketStatus().data;
  const nameOf = useAccountName();
  const { terms, state } = draft;
  const stored = state === 'packed' || state === 'signing' || state === 'published';
  const covered = terms === null || market?.terms == null ? null : Number(terms.bond / reserveFor(terms.price, market.terms));
  const few = hasTooFewPlaces(draft.places.filter(({ chosen }) => chosen).map(({ id }) => id), draft, market);
  const checks: readonly (readonly [Tone, string])[] = [
    [stored ? 'ok' : 'wait', t(stored ? 'check.stored' : 'check.not_stored')],
    ...(covered === null ? [] : [[covered === 0 ? 'warn' : 'ok', t('check.covers', { count: covered, orders: grouped(covered) })] as const]),
    ...(few ? [['warn', t(draft.onlyThisComputer ? 'check.only_here' : 'check.too_few')] as const] : []),
    ['warn', t('check.online')],
  ];
  return (
    <>
      <ul className="publish__checks">{checks.map(([tone, text]) => <li key={text} className={`row row-top publish__check--${tone}`}><StatusIcon tone={tone} /><span>{text}</span></li>)}</ul>
      {terms !== null && (
        <dl className="publish__sums">
          <dt>{t('review.bond')}</dt><dd><Amount value={terms.bond} unit /></dd>
          <dt>{t('review.gas')}</dt><dd className="c-3">{t('review.gas_later')}</dd>
          <dt>{t('review.leaves')}</dt><dd>{nameOf(terms.seller) ?? t('review.seller')}</dd>
        </dl>
      )}
    </>
  );
}
