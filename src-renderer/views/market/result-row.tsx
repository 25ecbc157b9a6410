import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ListingCard } from '../../../src-node/api/contract/index.ts';
import { bytes, grouped } from '../../models/format.ts';
import { Address } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { DataPrint } from '../../ui/data-print.tsx';
import { Pill } from '../../ui/pill.tsx';

export function ResultRow({ listing }: { readonly listing: ListingCard }) {
  const { t } = useTranslation('market');
  return (
    <li className="market__row">
      <DataPrint bars={listing.print} />
      <div className="grow market__words">
        <Link to="/market/$listing" params={{ listing: listing.id }} className="t-medium market__title"><bdi>{listing.title ?? t(`text.${listing.textState}`)}</bdi></Link>
        <p className="t-small c-2 cut"><bdi>{listing.summary ?? listing.textReason ?? t('text.wait')}</bdi></p>
        <p className="t-small c-3 row wrap">
          <span>{t(`category.${listing.category}`)}</span>
          {listing.format !== null && <span>{listing.format}</span>}
          {listing.rows !== null && <span>{t('rows', { count: listing.rows, rows: grouped(listing.rows) })}</span>}
          <span>{bytes(listing.totalBytes)}</span>
          <Address address={listing.seller} />
        </p>
      </div>
      <div className="market__price">
        {listing.price === null ? '–' : <Amount value={listing.price} unit />}
        <span className="t-small c-3">{t('sold', { count: listing.settled })}</span>
        {listing.mine ? <Pill tone="idle">{t('mine')}</Pill> : listing.status !== 'live' && <Pill tone="warn">{t(`status.${listing.status}`)}</Pill>}
      </div>
    </li>
  );
}
