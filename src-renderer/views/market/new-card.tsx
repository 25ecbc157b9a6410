/** One of the newest listings. */
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { ListingCard } from '../../../src-node/api/contract/index.ts';
import { bytes } from '../../models/format.ts';
import { useTitle } from '../../models/title.ts';
import { Address } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { DataPrint } from '../../ui/data-print.tsx';
import { Time } from '../../ui/time.tsx';

export function NewCard({ listing }: { readonly listing: ListingCard }) {
  const { t } = useTranslation('market');
  const titleOf = useTitle();
  return (
    <Link to="/market/$listing" params={{ listing: listing.id }} className="plate market__card">
      <DataPrint bars={listing.print} size="large" />
      <span className="market__card-text">
        <bdi className="t-h cut">{titleOf(listing) ?? t(`text.${listing.textState}`)}</bdi>
        <span className="t-small c-3 row"><Address address={listing.seller} /></span>
        <span className="row apart"><span>{listing.price === null ? '–' : <Amount value={listing.price} unit />}</span><span className="t-small c-3">{bytes(listing.totalBytes)} · <Time at={listing.createdAt} style="age" /></span></span>
      </span>
    </Link>
  );
}
