/** What was measured in the file, column by column, beside the description. */
import { useTranslation } from 'react-i18next';
import type { Column } from '../../../src-node/api/contract/index.ts';
import { percent } from '../../models/format.ts';

export function ColumnList({ columns }: { readonly columns: readonly Column[] }) {
  const { t } = useTranslation('publish');
  return (
    <aside className="publish__columns">
      <header className="row apart"><h2 className="t-h">{t('measured')}</h2><span className="c-3">{columns.length}</span></header>
      <ul className="ruled">
        {columns.map(({ name, type, nullPct }) => (
          <li key={name} className="row apart"><bdi className="t-mono cut">{name}</bdi><span className="row c-2 no-wrap">{t(`type.${type}`)}<span className="publish__missing">{percent(nullPct / 100)}</span></span></li>
        ))}
      </ul>
      <p className="t-small c-3">{t('measured_help')}</p>
    </aside>
  );
}
