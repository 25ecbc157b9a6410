/** What brings messages in. A device is told "taken" only when its message is on this machine's disk. */
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PublishedStreamView, SourceView } from '../../../src-node/api/contract/index.ts';
import { grouped } from '../../models/format.ts';
import { usePublishingActs } from '../../models/streams-desk.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useErrorText } from '../../ui/error-text.ts';
import { Pill } from '../../ui/pill.tsx';
import { Time } from '../../ui/time.tsx';
import { toast } from '../../ui/toast.ts';
import { SourceSheet } from './source-sheet.tsx';

const TONES = { running: 'ok', waiting: 'wait', stopped: 'idle', failed: 'bad' } as const;

export function SourcesTab({ stream: { card, sources, state } }: { readonly stream: PublishedStreamView }) {
  const { t } = useTranslation('stream-desk');
  const acts = usePublishingActs(card.id);
  const errorText = useErrorText();
  const [open, setOpen] = useState(false);
  const copyToken = (source: string): void => acts.sourceToken.mutate(source, { onSuccess: ({ token }) => void navigator.clipboard.writeText(token).then(() => toast(t('source.token_copied'), { text: t('source.token_text') })) });
  const add = <Button icon={<Plus aria-hidden />} disabledReason={state === 'ended' ? t('cannot.ended') : undefined} onClick={() => setOpen(true)}>{t('source.add')}</Button>;
  const columns: readonly Column<SourceView>[] = [
    { key: 'kind', header: t('source.kind'), cell: ({ kind, address, problem }) => <span className="two-lines"><span className="t-medium">{t(`source.kinds.${kind}`)}</span><small title={address} className={problem === null ? 't-mono' : 'c-bad'}>{problem === null ? address : errorText(problem).message}</small></span> },
    { key: 'state', header: t('source.state'), width: '124px', cell: ({ state: one }) => <Pill tone={TONES[one]}>{t(`source.states.${one}`)}</Pill> },
    { key: 'taken', header: t('source.taken'), width: '92px', align: 'right', cell: ({ taken }) => grouped(taken) },
    { key: 'refused', header: t('source.refused'), width: '76px', align: 'right', cell: ({ refused }) => <span className={refused > 0 ? 'c-warn' : undefined}>{grouped(refused)}</span> },
    { key: 'last', header: t('source.last'), width: '86px', align: 'right', optional: true, cell: ({ lastAt }) => (lastAt === null ? '–' : <Time at={lastAt} style="age" />) },
    {
      key: 'act', header: <span className="unseen">{t('table.act')}</span>, width: '236px', align: 'right', cell: (row) => (
        <span className="row desk__acts">
          {(row.kind === 'post' || row.kind === 'socket') && <CopyButton text={row.address} label={t('source.copy_address')} />}
          {row.needsToken && <Button size="small" onClick={() => copyToken(row.id)}>{t('source.token')}</Button>}
          <Button size="small" onClick={() => acts.setSource.mutate({ source: row.id, running: row.state === 'stopped' })}>{t(row.state === 'stopped' ? 'source.start' : 'source.stop')}</Button>
          <Button size="small" variant="quiet" onClick={() => acts.removeSource.mutate(row.id)}>{t('source.remove')}</Button>
        </span>
      ),
    },
  ];
  const error = acts.setSource.error ?? acts.removeSource.error ?? acts.sourceToken.error;
  return (
    <>
      {sources.length === 0 ? <Empty title={t('source.none')} action={add}>{t('source.none_text')}</Empty> : (
        <>
          <div className="row apart wrap"><p className="c-2">{t('source.text')}</p>{add}</div>
          <DataTable label={t('tab.sources')} columns={columns} rows={sources} rowKey={({ id }) => id} />
        </>
      )}
      {error !== null && <ErrorPanel error={error} />}
      <SourceSheet stream={card.id} open={open} onClose={() => setOpen(false)} />
    </>
  );
}
