/** The facets beside the results. */
import { useTranslation } from 'react-i18next';
import { grouped } from '../../models/format.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { shownCategories, type FacetsProps } from './facets.ts';

export function FacetColumn({ facets, hits, onChange }: FacetsProps) {
  const { t } = useTranslation('market');
  return (
    <aside className="market__facets" aria-label={t('facet.label')}>
      <section aria-labelledby="facet-category">
        <h2 id="facet-category" className="t-h">{t('facet.category')}</h2>
        {shownCategories({ facets, hits }).map((one) => (
          <div key={one} className="row apart">
            <Checkbox checked={one === facets.category} onChange={(on) => onChange({ category: on ? one : null })}>{t(`category.${one}`)}</Checkbox>
            <span className="c-3">{grouped(hits[one] ?? 0)}</span>
          </div>
        ))}
      </section>
      <section aria-labelledby="facet-show">
        <h2 id="facet-show" className="t-h">{t('facet.show')}</h2>
        <Checkbox checked={facets.open} onChange={(open) => onChange({ open })}>{t('facet.open')}</Checkbox>
        <Checkbox checked={facets.mine} onChange={(mine) => onChange({ mine })}>{t('facet.mine')}</Checkbox>
      </section>
    </aside>
  );
}
