/** The rows that the seller shows to everybody. */
import { useTranslation } from 'react-i18next';
import type { ListingView } from '../../../src-node/api/contract/index.ts';

export function ListingPreview({ preview }: { readonly preview: NonNullable<ListingView['preview']> }) {
  const { t } = useTranslation('listing');
  return (
    <div className="listing__preview" tabIndex={0} role="region" aria-label={t('tab.preview')}>
      <table className="t-small">
        <thead><tr>{preview.header.map((name, i) => <th key={i} scope="col"><bdi>{name}</bdi></th>)}</tr></thead>
        <tbody>{preview.rows.map((row, i) => <tr key={i}>{row.map((cell, j) => <td key={j}><bdi>{cell}</bdi></td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}
