/** The newest lines of the log, and all of them as a file. It never holds secrets. */
import { Download } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Diagnostics } from '../../../src-node/api/contract/index.ts';
import { useDiagnostics } from '../../models/app.ts';
import { zoneLabel } from '../../models/format.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusIcon, type Tone } from '../../ui/status-icon.tsx';
import { Time } from '../../ui/time.tsx';

type Line = Diagnostics['log'][number] & { readonly key: string };

const SHOWN = 12;
const TONES: Readonly<Record<string, Tone>> = { error: 'bad', fatal: 'bad', warn: 'warn' };

export function LogPanel() {
  const { t } = useTranslation('node');
  const query = useDiagnostics();
  const columns: readonly Column<Line>[] = [
    { key: 'at', header: t('log.at', { zone: zoneLabel(Date.now()) }), width: '132px', cell: ({ at }) => <span className="c-2"><Time at={at} style="point" /></span> },
    { key: 'level', header: t('log.level'), width: '96px', cell: ({ level }) => <span className={`row gap-1 c-${TONES[level] ?? '3'}`}><StatusIcon tone={TONES[level] ?? 'idle'} />{level}</span> },
    { key: 'module', header: t('log.module'), width: '110px', cell: ({ module }) => <span className="t-mono c-2">{module}</span> },
    { key: 'message', header: t('log.message'), cell: ({ message }) => <span title={message}>{message}</span> },
  ];
  return (
    <div className="above-6">
      <Panel title={t('log.title')} aside={query.data !== undefined && <Button size="small" icon={<Download aria-hidden />} onClick={() => save(query.data)}>{t('log.save')}</Button>} query={query}>
        {(data) => <DataTable label={t('log.title')} columns={columns} rows={data.log.slice(-SHOWN).toReversed().map((line, index) => ({ ...line, key: `${line.at} ${index}` }))} rowKey={({ key }) => key} height="tight" />}
      </Panel>
    </div>
  );
}

function save(diagnostics: Diagnostics): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(diagnostics, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'cpchain-diagnostics.json';
  link.click();
  URL.revokeObjectURL(url);
}
