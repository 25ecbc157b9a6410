import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ListingCard } from '../../../src-node/api/contract/index.ts';
import { bytes, grouped } from '../../models/format.ts';
import { useTitle } from '../../models/title.ts';
import { Address } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { DataPrint } from '../../ui/data-print.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Tag } from '../../ui/tag.tsx';

const TEXT_TONES = { 'on-its-way': 'wait', invalid: 'bad' } as const;

export function ResultRow({ listing }: { readonly listing: ListingCard }) {
  const { t } = useTranslation('market');
  const titleOf = useTitle();
  const { textState } = listing;
  return (
    <li className="market__row">
      <DataPrint bars={listing.print} size="large" />
      <div className="market__words">
        <div className="row wrap">
          <Link to="/market/$listing" params={{ listing: listing.id }} className="t-h market__title"><bdi>{titleOf(listing) ?? t('no_title')}</bdi></Link>
          {textState !== 'ready' && <Pill tone={TEXT_TONES[textState]}>{t(`text.${textState}`)}</Pill>}
          {listing.mine && <Tag>{t('mine')}</Tag>}
          {listing.myOrder !== null && <Tag>{t('bought')}</Tag>}
        </div>
        <p className="c-2 market__summary"><bdi>{listing.summary ?? listing.textReason ?? t('text.wait')}</bdi></p>
        <p className="t-small c-2 row wrap market__facts">
          <Address address={listing.seller} />
          <span>{bytes(listing.totalBytes)}</span>
          {listing.rows !== null && <span>{t('rows', { count: listing.rows, rows: grouped(listing.rows) })}</span>}
          {listing.format !== null && <span>{listing.format.toUpperCase()}</span>}
          <span>{t(`category.${listing.category}`)}</span>
        </p>
      </div>
      <div className="market__price">
        <span className="t-h market__figure">{listing.price === null ? '–' : <Amount value={listing.price} />}</span>
        <span className="t-small c-3">{t('once')}</span>
        <span className="t-small c-3">{t('sold', { count: listing.settled, times: grouped(listing.settled) })}</span>
        {listing.status !== 'live' && <span className="t-small c-warn">{t(`status.${listing.status}`)}</span>}
      </div>
    </li>
  );
}
