/**
 * One measure over time. A gap is a gap: the line breaks and a band says how long. The last value has a dot, the crosshair moves
 * through all charts of a group, T or the link shows the same as a table.
 */
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { clock } from '../format/moment.ts';
import { lineTexts, timeLines, valueScale, type Scale } from './line-scale.ts';
import { onThemeChange, themeColor } from './theme-color.ts';
import './address.css';
import './data-table.css';
import './line-chart.css';

const AXIS_WIDTH = 44;
const AXIS_HEIGHT = 24;
const DOT_PIXELS = 3;
const LABEL_ROOM = 70;
const MOST_ROWS = 120;

export interface ChartGap {
  readonly from: number;
  readonly to: number;
  /** How long, in words. */
  readonly text: string;
}

export interface LineChartProps {
  readonly name: string;
  readonly unit: string | null;
  /** Milliseconds since the epoch, ascending. */
  readonly times: readonly number[];
  /** Null breaks the line. */
  readonly values: readonly (number | null)[];
  readonly from: number;
  readonly to: number;
  readonly gaps: readonly ChartGap[];
  /** Place in the order of the chart colours. */
  readonly color: 1 | 2 | 3 | 4 | 5 | 6;
  /** Pixels of the plot. */
  readonly height: number;
  /** Times below it: on the last chart of a group. */
  readonly withTimes: boolean;
  /** Charts of one group share their crosshair. */
  readonly group: string;
  /** The chart in one sentence, for readers. */
  readonly summary: string;
}

export function LineChart(props: LineChartProps) {
  const { name, unit, times, values, height, withTimes, summary } = props;
  const { t } = useTranslation('ui');
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<UPlot | null>(null);
  const shown = useRef(props);
  const scale = useRef<Scale>(valueScale(values));
  const [pointed, setPointed] = useState<number | null>(null);
  const [asTable, setAsTable] = useState(false);
  const full = height + (withTimes ? AXIS_HEIGHT : 0);

  useEffect(() => {
    const place = host.current;
    if (place === null) return;
    const plot = new UPlot({ ...options({ place, shown, scale, onPoint: setPointed }), width: Math.max(place.clientWidth, 100), height: full }, [[], []], place);
    chart.current = plot;
    const resized = new ResizeObserver(() => plot.setSize({ width: Math.max(place.clientWidth, 100), height: full }));
    resized.observe(place);
    const unfollow = onThemeChange(() => plot.redraw());
    return () => {
      resized.disconnect();
      unfollow();
      chart.current = null;
      plot.destroy();
    };
  }, [full, withTimes, asTable]);

  useEffect(() => {
    shown.current = props;
    scale.current = valueScale(props.values);
    chart.current?.setData([props.times as number[], props.values as (number | null)[]], true);
  });

  const keys = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() === 't') setAsTable(!asTable);
  };
  const at = pointed === null ? undefined : times[pointed];
  const value = pointed === null ? undefined : values[pointed];
  return (
    <figure className="line-chart" onKeyDown={keys}>
      <figcaption className="line-chart__head t-small">
        <span className="c-2"><bdi>{name}</bdi>{unit !== null && <bdi>, {unit}</bdi>}</span>
        <span className="line-chart__read t-micro c-3">
          {at !== undefined && value !== undefined && value !== null && <><b>{value}</b>{unit === null ? '' : ` ${unit}`} · {clock(at)} · </>}
          <button type="button" className="link" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>{t(asTable ? 'chart.show' : 'chart.table')}</button>
        </span>
      </figcaption>
      {asTable ? <ChartTable name={name} unit={unit} times={times} values={values} /> : <div ref={host} className="line-chart__plot" style={{ height: full }} role="img" aria-label={summary} tabIndex={0} />}
    </figure>
  );
}

/** Thinned to what a person reads. */
function ChartTable({ name, unit, times, values }: Pick<LineChartProps, 'name' | 'unit' | 'times' | 'values'>) {
  const { t } = useTranslation('ui');
  const every = Math.ceil(times.length / MOST_ROWS);
  const rows = times.flatMap((at, i) => (i % every === 0 || values[i] === null ? [{ at, value: values[i] ?? null }] : [])).toReversed();
  return (
    <div className="line-chart__table" tabIndex={0} role="region" aria-label={name}>
      <table className="data-table">
        <caption className="unseen">{name}</caption>
        <thead><tr><th scope="col">{t('chart.time')}</th><th scope="col" className="right">{unit ?? t('chart.value')}</th></tr></thead>
        <tbody>{rows.map(({ at, value }) => <tr key={at}><td>{clock(at)}</td><td className="right">{value ?? t('chart.gap')}</td></tr>)}</tbody>
      </table>
    </div>
  );
}

interface Drawing {
  readonly place: HTMLElement;
  readonly shown: { readonly current: LineChartProps };
  readonly scale: { readonly current: Scale };
  readonly onPoint: (index: number | null) => void;
}

function options({ place, shown, scale, onPoint }: Drawing): Omit<UPlot.Options, 'width' | 'height'> {
  const { withTimes, group } = shown.current;
  const color = (token: string) => () => themeColor(place, token);
  const font = `11px ${getComputedStyle(place).fontFamily}`;
  const line = color(`--c${shown.current.color}`);
  return {
    ms: 1,
    padding: [6, 8, withTimes ? 0 : 6, 0],
    legend: { show: false },
    cursor: { y: false, sync: { key: group }, drag: { x: false, y: false }, points: { size: 7, width: 0, fill: line, stroke: line } },
    scales: { x: { time: false, range: () => [shown.current.from, shown.current.to] }, y: { range: () => [scale.current.low, scale.current.high] } },
    series: [{}, { stroke: line, width: 1.5, points: { show: false }, spanGaps: false }],
    axes: [
      {
        show: withTimes, size: AXIS_HEIGHT, font, stroke: color('--text-3'), gap: 6, grid: { show: false }, ticks: { show: true, size: 4, width: 1, stroke: color('--line-strong') },
        splits: ({ width }) => [...timeLines(shown.current.from, shown.current.to, width > 480 ? 6 : 4)], values: (_, splits) => splits.map((at) => clock(at).slice(0, shown.current.to - shown.current.from > 120_000 ? 5 : 8)),
      },
      { size: AXIS_WIDTH, font, stroke: color('--text-3'), gap: 8, grid: { show: true, width: 1, stroke: color('--line') }, ticks: { show: false }, splits: () => [...scale.current.lines], values: (_, splits) => [...lineTexts(splits)] },
    ],
    hooks: {
      drawClear: [(plot) => drawGaps(plot, shown.current, color('--warn-soft')(), null)],
      draw: [(plot) => {
        drawGaps(plot, shown.current, null, { color: color('--warn')(), font: `500 ${11 * UPlot.pxRatio}px ${getComputedStyle(place).fontFamily}` });
        drawLast(plot, shown.current, line());
      }],
      setCursor: [({ cursor }) => onPoint(cursor.left === undefined || cursor.left < 0 ? null : (cursor.idx ?? null))],
    },
  };
}

function drawGaps(plot: UPlot, { gaps, from, to }: LineChartProps, band: string | null, label: { readonly color: string; readonly font: string } | null): void {
  const { ctx, bbox } = plot;
  ctx.save();
  let free = bbox.left;
  for (const gap of gaps) {
    if (gap.to < from || gap.from > to) continue;
    const start = Math.max(plot.valToPos(gap.from, 'x', true), bbox.left);
    const end = Math.min(plot.valToPos(gap.to, 'x', true), bbox.left + bbox.width);
    if (band !== null) {
      ctx.fillStyle = band;
      ctx.fillRect(start, bbox.top, Math.max(end - start, UPlot.pxRatio), bbox.height);
    }
    const room = LABEL_ROOM * UPlot.pxRatio;
    if (label === null || start < free) continue;
    const after = end + room <= bbox.left + bbox.width;
    ctx.fillStyle = label.color;
    ctx.font = label.font;
    ctx.textBaseline = 'top';
    ctx.textAlign = after ? 'left' : 'right';
    ctx.fillText(gap.text, after ? end + 4 * UPlot.pxRatio : start - 4 * UPlot.pxRatio, bbox.top + 2 * UPlot.pxRatio);
    free = end + room;
  }
  ctx.restore();
}

function drawLast(plot: UPlot, { times, values }: LineChartProps, fill: string): void {
  const at = values.findLastIndex((value) => value !== null);
  const [time, value] = [times[at], values[at]];
  if (time === undefined || value === undefined || value === null) return;
  const { ctx } = plot;
  ctx.save();
  ctx.fillStyle = fill;
  ctx.beginPath();
  ctx.arc(plot.valToPos(time, 'x', true), plot.valToPos(value, 'y', true), DOT_PIXELS * UPlot.pxRatio, 0, 2 * Math.PI);
  ctx.fill();
  ctx.restore();
}
