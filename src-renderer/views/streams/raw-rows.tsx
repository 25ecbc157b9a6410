/** The messages as programs get them. */
import { useTranslation } from 'react-i18next';
import type { StreamColumn, StreamRow } from '../../../src-node/api/contract/index.ts';
import { rawText } from '../../models/streams-cells.ts';

const SHOWN = 100;

export function RawRows({ rows, columns }: { readonly rows: readonly StreamRow[]; readonly columns: readonly StreamColumn[] }) {
  const { t } = useTranslation('streams');
  return <pre className="live__raw t-mono" tabIndex={0} role="region" aria-label={t('live.looks.raw')}>{rows.slice(0, SHOWN).map((row) => `${rawText(row, columns)}\n`)}</pre>;
}
