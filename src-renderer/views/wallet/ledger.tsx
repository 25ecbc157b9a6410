/** Movements with their filters; older ones on request. */
import { Search } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fitsFilter, useMovementPages, type MovementFilter } from '../../models/movements.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Panel } from '../../ui/panel.tsx';
import { TextInput } from '../../ui/text-input.tsx';
import { useShellState } from '../shell/shell-state.ts';
import { MovementTable } from './movement-table.tsx';
import { useMovementTitle } from './movement-text.ts';

const FILTERS: readonly MovementFilter[] = ['all', 'in', 'out', 'market', 'staking'];

export function Ledger({ account }: { readonly account: string }) {
  const { t } = useTranslation('wallet');
  const pages = useMovementPages(account);
  const title = useMovementTitle();
  const show = useShellState((state) => state.show);
  const [filter, setFilter] = useState<MovementFilter>('all');
  const [text, setText] = useState('');
  const words = text.trim().toLowerCase();
  return (
    <div className="above-4">
      <div className="row wrap">
        <TextInput look="small" className="ledger__search" icon={<Search aria-hidden />} data-search="" aria-label={t('search')} placeholder={t('search')} value={text} onChange={(event) => setText(event.target.value)} />
        {FILTERS.map((one) => <Chip key={one} on={one === filter} onClick={() => setFilter(one)}>{t(`filter.${one}`)}</Chip>)}
      </div>
      <Panel plain query={pages} rows={8} empty={(data) => (data.pages.every((page) => page.entries.length === 0) ? <Empty title={t('empty.title')} action={<Button onClick={() => show({ kind: 'receive', account })}>{t('receive')}</Button>}>{t('empty.text')}</Empty> : null)}>
        {(data) => {
          const shown = data.pages.flatMap((page) => page.entries).filter((one) => fitsFilter(one, filter) && (words === '' || `${title(one)} ${one.hash} ${one.counterparty ?? ''}`.toLowerCase().includes(words)));
          return (
            <>
              {shown.length === 0 ? <p className="c-3 above-4">{t('none_fit')}</p> : <MovementTable movements={shown} />}
              {pages.hasNextPage && <div className="above-3"><Button busy={pages.isFetchingNextPage ? t('reading') : false} onClick={() => void pages.fetchNextPage()}>{t('older')}</Button></div>}
            </>
          );
        }}
      </Panel>
    </div>
  );
}
