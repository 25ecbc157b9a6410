/** The first rows of the file, as a buyer would see them. */
import { useTranslation } from 'react-i18next';
import type { DraftView } from '../../../src-node/api/contract/index.ts';

export type Preview = NonNullable<NonNullable<DraftView['profile']>['preview']>;

export function DataPreview({ preview }: { readonly preview: Preview }) {
  const { t } = useTranslation('publish');
  return (
    <div className="publish__preview" tabIndex={0} role="region" aria-label={t('preview')}>
      <table className="data-table data-table--tight">
        <caption className="unseen">{t('preview')}</caption>
        <thead><tr>{preview.header.map((name, i) => <th key={i} scope="col"><bdi>{name}</bdi></th>)}</tr></thead>
        <tbody>{preview.rows.map((row, i) => <tr key={i}>{row.map((cell, j) => <td key={j}><bdi>{cell}</bdi></td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}
