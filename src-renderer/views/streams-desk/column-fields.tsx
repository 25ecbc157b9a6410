/** The columns of a stream, with their units: declared once, and every message is checked against them. */
import { Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { StreamColumn } from '../../../src-node/api/contract/index.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { TextInput } from '../../ui/text-input.tsx';

const TYPES = ['number', 'integer', 'text', 'boolean', 'time'] as const;
const MOST = 64;

export function ColumnFields({ columns, onChange }: { readonly columns: readonly StreamColumn[]; readonly onChange: (columns: readonly StreamColumn[]) => void }) {
  const { t } = useTranslation(['stream-desk', 'streams']);
  const set = (at: number, change: Partial<StreamColumn>): void => onChange(columns.map((one, i) => (i === at ? { ...one, ...change } : one)));
  return (
    <div className="column-fields">
      <div className="column-fields__row t-small c-3" aria-hidden><span>{t('streams:column.name')}</span><span>{t('streams:column.type')}</span><span>{t('streams:column.unit')}</span><span /></div>
      {columns.map((column, at) => (
        <div key={at} className="column-fields__row">
          <TextInput mono look="small" aria-label={t('new.column_name', { number: at + 1 })} value={column.name} maxLength={40} onChange={(event) => set(at, { name: event.target.value })} />
          <Select<StreamColumn['type']> hideLabel label={t('new.column_type', { number: at + 1 })} value={column.type} onChange={(type) => set(at, { type })} options={TYPES.map((value) => ({ value, label: t(`streams:type.${value}`) }))} />
          <TextInput look="small" aria-label={t('new.column_unit', { number: at + 1 })} value={column.unit ?? ''} maxLength={20} onChange={(event) => set(at, { unit: event.target.value === '' ? null : event.target.value })} />
          <Button variant="quiet" icon={<X aria-hidden />} aria-label={t('new.remove_column', { number: at + 1 })} onClick={() => onChange(columns.filter((_, i) => i !== at))} />
        </div>
      ))}
      <Button size="small" icon={<Plus aria-hidden />} disabledReason={columns.length >= MOST ? t('new.many_columns', { count: MOST }) : undefined} onClick={() => onChange([...columns, { name: '', type: 'number', unit: null }])}>{t('new.add_column')}</Button>
    </div>
  );
}
