/** The rows of a stream as charts, table or raw text, with the figures of the reading. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SubscriptionView } from '../../../src-node/api/contract/index.ts';
import { grouped, zoneLabel } from '../../models/format.ts';
import type { LiveSnapshot } from '../../models/streams-live.ts';
import { ALL_KEYS, keyColumn, measures } from '../../models/streams-series.ts';
import { Chip } from '../../ui/chip.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { LiveCharts } from './live-charts.tsx';
import { LiveFacts } from './live-facts.tsx';
import { LiveTable } from './live-table.tsx';
import { RawRows } from './raw-rows.tsx';
import { ReadingNote } from './reading-note.tsx';

const LOOKS = ['chart', 'table', 'raw'] as const;
/** Drawn before anything is chosen. */
const CHARTS = 2;
const MOST_CHARTS = 6;

export function LiveBody({ subscription, live }: { readonly subscription: SubscriptionView; readonly live: LiveSnapshot }) {
  const { t } = useTranslation('streams');
  const { columns, reading } = subscription;
  const lines = measures(columns);
  const [look, setLook] = useState<(typeof LOOKS)[number]>(lines.length > 0 ? 'chart' : 'table');
  const [chosenKey, setKey] = useState<string | null>(null);
  const [drawn, setDrawn] = useState(lines.slice(0, CHARTS));
  const keys = live.series.keys();
  const byKey = keyColumn(columns);
  // A line is of one device unless it is asked otherwise; rows are all of them.
  const key = chosenKey ?? (look === 'chart' ? keys[0] : undefined) ?? ALL_KEYS;
  const shownRows = look === 'chart' || key === ALL_KEYS ? live.rows : live.rows.filter(({ values }) => values[byKey] === key);
  const toggle = (at: number): void => setDrawn(drawn.includes(at) ? drawn.filter((one) => one !== at) : [...drawn, at].toSorted((a, b) => a - b).slice(0, MOST_CHARTS));
  return (
    <section className="live__main" aria-label={t('live.data')}>
      <div className="row apart wrap">
        <div className="row wrap">
          <Segmented label={t('live.look')} value={look} onChange={setLook} options={LOOKS.map((value) => ({ value, label: t(`live.looks.${value}`) }))} />
          {keys.length > 1 && <span className="live__key"><Select hideLabel label={columns[byKey]?.name ?? ''} value={key} onChange={setKey} options={[...keys.map((value) => ({ value, label: value })), { value: ALL_KEYS, label: t('live.all_keys') }]} /></span>}
        </div>
        <span className="t-small c-3">{look === 'chart' ? t('live.span', { zone: zoneLabel(reading.at) }) : t('live.newest', { count: shownRows.length, rows: grouped(shownRows.length), zone: zoneLabel(reading.at) })}</span>
      </div>
      <ReadingNote subscription={subscription} error={live.error} />
      {look === 'chart' && lines.length > CHARTS && <div className="row wrap">{lines.map((at) => <Chip key={at} on={drawn.includes(at)} onClick={() => toggle(at)}><bdi>{columns[at]?.name}</bdi></Chip>)}</div>}
      {look === 'chart' && <LiveCharts columns={columns} drawn={drawn} streamKey={key} live={live} />}
      <LiveFacts reading={reading} gaps={live.gaps} skipped={live.skipped} />
      {look === 'raw' ? <RawRows rows={shownRows} columns={columns} /> : <LiveTable rows={shownRows} columns={columns} tall={look === 'table'} waiting={reading.state} />}
    </section>
  );
}
