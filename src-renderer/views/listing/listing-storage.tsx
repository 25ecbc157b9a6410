/** Where the sealed data lies, and what that means for a buyer. */
import { useTranslation } from 'react-i18next';
import type { ListingView } from '../../../src-node/api/contract/index.ts';
import { Note } from '../../ui/note.tsx';

export function ListingStorage({ listing: { places, onlySellersMachine } }: { readonly listing: ListingView }) {
  const { t } = useTranslation('listing');
  if (places.length === 0) return <p className="c-2">{t('text_wait')}</p>;
  return (
    <div className="listing__storage">
      {onlySellersMachine && <Note tone="warn"><b>{t('only_sellers_machine')}</b> {t('only_sellers_machine_text')}</Note>}
      <ul className="ruled">{places.map(({ scheme, label }) => <li key={`${scheme} ${label}`} className="row apart"><span className="t-medium">{t(`place_name.${scheme}`, { defaultValue: label })}</span><span className="c-2">{t(`place.${scheme}`, { defaultValue: scheme })}</span></li>)}</ul>
    </div>
  );
}
