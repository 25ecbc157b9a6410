/** Streams that can be subscribed to. */
import { useNavigate } from '@tanstack/react-router';
import { Plus, Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Category } from '../../../src-node/api/contract/index.ts';
import { grouped } from '../../models/format.ts';
import { CATEGORY_ORDER } from '../../models/market.ts';
import { useStreamSearch, useStreamsStatus, type StreamSearch } from '../../models/streams.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { Empty } from '../../ui/empty.tsx';
import { PageHead } from '../../ui/page-head.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { TextInput } from '../../ui/text-input.tsx';
import { PartLinks } from '../shell/part-links.tsx';
import { StreamRow } from './stream-row.tsx';
import { StreamsMissing } from './streams-missing.tsx';
import '../market/market.css';
import './streams.css';

const PAGE = 20;
const SORTS: readonly StreamSearch['sort'][] = ['newest', 'relevance', 'price'];

export function StreamsMarketPage() {
  const { t } = useTranslation(['streams', 'market']);
  const navigate = useNavigate();
  const status = useStreamsStatus();
  const [text, setText] = useState('');
  const [category, setCategory] = useState<Category | null>(null);
  const [narrow, setNarrow] = useState({ mine: false, live: false });
  const [sort, setSort] = useState<StreamSearch['sort']>('newest');
  const [limit, setLimit] = useState(PAGE);
  const words = useDeferredValue(text);
  const ready = status.data?.contracts === 'ready';
  const found = useStreamSearch({ text: words, ...(category === null ? {} : { category }), ...narrow, sort, limit }, ready);
  if (status.data !== undefined && !ready) return <StreamsMissing status={status.data} />;
  const hits = found.data?.categories ?? {};
  const searching = words.trim() !== '' || category !== null || narrow.mine || narrow.live;
  const clear = (): void => {
    setText('');
    setCategory(null);
    setNarrow({ mine: false, live: false });
  };
  const query = status.data === undefined && status.error !== null ? { data: undefined, error: status.error, refetch: status.refetch } : found;
  return (
    <>
      <PageHead
        title={t('market.title')}
        lead={status.data === undefined ? t('market.lead') : t('market.indexed', { block: grouped(status.data.indexedBlock ?? 0), count: status.data.streams, streams: grouped(status.data.streams) })}
        actions={<><PartLinks of="market" at={1} /><Button icon={<Plus aria-hidden />} onClick={() => void navigate({ to: '/desk/streams/new' })}>{t('market.publish')}</Button></>}
      />
      <div className="market__search">
        <TextInput className="market__words-field" type="search" icon={<Search />} placeholder={t('market.search')} aria-label={t('market.search')} maxLength={200} value={text} data-search="" onChange={(event) => { setLimit(PAGE); setText(event.target.value); }} />
        <Select hideLabel label={t('market:sort.label')} value={sort} onChange={setSort} options={SORTS.map((value) => ({ value, label: t(`market:sort.${value}`) }))} />
      </div>
      <div className="row wrap market__chips">
        {CATEGORY_ORDER.filter((one) => one === category || (hits[one] ?? 0) > 0).map((one) => <Chip key={one} on={one === category} onClick={() => setCategory(one === category ? null : one)}>{t(`market:category.${one}`)} <span className="c-3">{grouped(hits[one] ?? 0)}</span></Chip>)}
        <Chip on={narrow.live} onClick={() => setNarrow({ ...narrow, live: !narrow.live })}>{t('market.live')}</Chip>
        <Chip on={narrow.mine} onClick={() => setNarrow({ ...narrow, mine: !narrow.mine })}>{t('market.mine')}</Chip>
      </div>
      <Panel
        title={found.data === undefined ? t('market.reading') : t('market.found', { count: found.data.total, streams: grouped(found.data.total) })}
        aside={searching && <button type="button" className="link t-small" onClick={clear}>{t('market.clear')}</button>}
        query={query} rows={5} cause={t('market.loading')}
        empty={(data) => (data.total > 0 ? null : searching ? <Empty title={t('market.none')} action={<Button onClick={clear}>{t('market.clear')}</Button>}>{t('market.none_text')}</Empty> : <Empty title={t('market.empty')} action={<Button onClick={() => void navigate({ to: '/desk/streams/new' })}>{t('market.publish')}</Button>}>{t('market.empty_text')}</Empty>)}
      >
        {(data) => (
          <>
            <ul>{data.streams.map((stream) => <StreamRow key={stream.id} stream={stream} />)}</ul>
            {data.total > data.streams.length && <Button className="above-4" onClick={() => setLimit(limit + PAGE)}>{t('market.more')}</Button>}
          </>
        )}
      </Panel>
    </>
  );
}
