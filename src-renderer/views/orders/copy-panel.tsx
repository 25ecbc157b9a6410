/** The buyer's own copy, chunk by chunk, and where it came from. */
import { useTranslation } from 'react-i18next';
import type { OrderView } from '../../../src-node/api/contract/index.ts';
import { bytes, grouped, rate, timeLeft, type Language } from '../../models/format.ts';
import { ChunkMap } from '../../ui/chunk-map.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';

type Copy = OrderView['copy'];
type Source = Copy['sources'][number];

export function CopyPanel({ copy }: { readonly copy: Copy }) {
  const { t, i18n } = useTranslation('orders');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const { state, chunks, chunksSealed, chunksVerified, badChunks, bytesDone, bytesTotal, sources } = copy;
  const columns: readonly Column<Source>[] = [
    { key: 'label', header: t('sources.place'), cell: ({ scheme, label }) => <span className="t-medium">{t(`sources.name.${scheme}`, { defaultValue: label })}</span> },
    { key: 'bytes', header: t('sources.fetched'), width: '110px', align: 'right', cell: (source) => <span className="c-2">{bytes(source.bytes)}</span> },
    { key: 'rate', header: t('sources.rate'), width: '110px', align: 'right', cell: (source) => <span className="c-2">{source.rate === null ? '–' : rate(source.rate)}</span> },
  ];
  return (
    <>
      <section className="panel" aria-labelledby="copy">
        <header className="panel__head">
          <h2 id="copy" className="t-h">{t('copy.title')}</h2>
          <span className="c-2">
            {bytesTotal > 0 && `${t('copy.amount', { done: bytes(bytesDone), total: bytes(bytesTotal) })} · `}
            <span className={state === 'bad' || state === 'failed' ? 'c-bad t-medium' : state === 'verified' || state === 'checked' || state === 'waiting-key' ? 'c-ok t-medium' : undefined}>{t(`copy.${state}`, { chunks: grouped(chunks), count: chunks })}</span>
            {copy.rate !== null && ` · ${rate(copy.rate)}`}
            {copy.rate !== null && copy.rate > 0 && ` · ${t('copy.left', { time: timeLeft(((bytesTotal - bytesDone) / copy.rate) * 1000, language) })}`}
          </span>
        </header>
        {chunks > 0 && <ChunkMap chunks={chunks} sealed={chunksSealed} verified={chunksVerified} bad={badChunks} />}
      </section>
      {sources.length > 0 && <section className="panel" aria-labelledby="sources"><header className="panel__head"><h2 id="sources" className="t-h">{t('sources.title')}</h2></header><DataTable label={t('sources.title')} columns={columns} rows={sources} rowKey={({ label }) => label} height="tight" /></section>}
    </>
  );
}
