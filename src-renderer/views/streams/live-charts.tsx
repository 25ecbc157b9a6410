/** Small multiples on one time axis: the last ten minutes of the chosen measures. */
import { useTranslation } from 'react-i18next';
import type { StreamColumn, StreamGap } from '../../../src-node/api/contract/index.ts';
import { duration, type Language } from '../../models/format.ts';
import type { LiveSnapshot } from '../../models/streams-live.ts';
import { SPAN_MILLIS } from '../../models/streams-series.ts';
import { LineChart } from '../../ui/line-chart.tsx';
import { useNow } from '../../ui/use-now.ts';

const HEIGHTS = { few: 112, many: 84 } as const;
const FEW = 2;

export interface LiveChartsProps {
  readonly columns: readonly StreamColumn[];
  /** Positions of the columns. */
  readonly drawn: readonly number[];
  readonly streamKey: string;
  readonly live: LiveSnapshot;
}

export function LiveCharts({ columns, drawn, streamKey, live: { series, gaps } }: LiveChartsProps) {
  const { t, i18n } = useTranslation('streams');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const now = useNow();
  // A publisher whose clock is far off, or who stopped long ago, is shown up to his last row.
  const to = series.newest === 0 || Math.abs(now - series.newest) < SPAN_MILLIS ? Math.max(now, series.newest) : series.newest;
  const from = to - SPAN_MILLIS;
  if (drawn.length === 0) return <p className="c-3">{t('live.no_chart')}</p>;
  const band = (gap: StreamGap) => ({ from: gap.from, to: gap.to ?? to, text: t('live.gap', { time: duration((gap.to ?? to) - gap.from, language) }) });
  return (
    <div className="live__charts">
      {drawn.map((at, index) => {
        const column = columns[at];
        if (column === undefined) return null;
        const { times, values } = series.line(streamKey, at, from, to, gaps);
        const known = values.filter((value) => value !== null);
        const [low, high] = known.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
        return (
          <LineChart
            key={column.name} name={column.name} unit={column.unit} times={times} values={values} from={from} to={to} gaps={gaps.map(band)} color={((index % 6) + 1) as 1 | 2 | 3 | 4 | 5 | 6}
            height={drawn.length > FEW ? HEIGHTS.many : HEIGHTS.few} withTimes={index === drawn.length - 1} group="live"
            summary={known.length === 0 ? t('live.chart_empty', { name: column.name }) : t('live.chart_summary', { name: column.name, last: known.at(-1), low, high, unit: column.unit ?? '', count: gaps.length })}
          />
        );
      })}
    </div>
  );
}
