/** The facets in a row: on the home of the market, and on narrow windows. */
import { useTranslation } from 'react-i18next';
import { grouped } from '../../models/format.ts';
import { Chip } from '../../ui/chip.tsx';
import { shownCategories, type FacetsProps } from './facets.ts';

export function FacetChips({ facets, hits, onChange }: FacetsProps) {
  const { t } = useTranslation('market');
  return (
    <div className="row wrap market__chips">
      {shownCategories({ facets, hits }).map((one) => (
        <Chip key={one} on={one === facets.category} onClick={() => onChange({ category: one === facets.category ? null : one })}>{t(`category.${one}`)} <span className="c-3">{grouped(hits[one] ?? 0)}</span></Chip>
      ))}
      <Chip on={facets.open} onClick={() => onChange({ open: !facets.open })}>{t('facet.open')}</Chip>
      <Chip on={facets.mine} onClick={() => onChange({ mine: !facets.mine })}>{t('facet.mine')}</Chip>
    </div>
  );
}
