/** Spans of epochs whose keys go out together. */
import { EPOCH_COUNT } from '../format/ggm.ts';

export interface EpochSpan {
  /** First and last epoch. */
  readonly from: number;
  readonly to: number;
}

/** Of the epochs that were paid for, those that are not too far ahead. */
export function paidSpans(paid: readonly EpochSpan[], now: number, ahead: number): readonly EpochSpan[] {
  return paid.map(({ from, to }) => ({ from, to: Math.min(to, now + ahead, EPOCH_COUNT - 1) })).filter(({ from, to }) => from <= to);
}

export function aheadSpan(now: number, ahead: number): EpochSpan {
  return { from: now, to: Math.min(now + ahead, EPOCH_COUNT - 1) };
}

/** What of `wanted` is not in `had`, in whole spans. */
export function missing(wanted: readonly EpochSpan[], had: readonly EpochSpan[]): readonly EpochSpan[] {
  let rest = [...wanted];
  for (const { from, to } of had) {
    rest = rest.flatMap((span) => {
      if (span.to < from || span.from > to) return [span];
      return [{ from: span.from, to: from - 1 }, { from: to + 1, to: span.to }].filter((part) => part.from <= part.to);
    });
  }
  return rest;
}

/** Of `wanted` what was handed out before, and so many epochs more. */
export function within(wanted: readonly EpochSpan[], handed: readonly EpochSpan[], more: number): readonly EpochSpan[] {
  const fresh: EpochSpan[] = [];
  let left = more;
  for (const { from, to } of missing(wanted, handed)) {
    if (left <= 0) break;
    fresh.push({ from, to: Math.min(to, from + left - 1) });
    left -= to - from + 1;
  }
  const again = missing(wanted, missing(wanted, handed));
  return joined([...again, ...fresh]);
}

/** Ascending, with none that touch. */
export function joined(spans: readonly EpochSpan[]): readonly EpochSpan[] {
  const out: EpochSpan[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last !== undefined && span.from <= last.to + 1) out[out.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else out.push(span);
  }
  return out;
}

/** Epochs in them. */
export function countOf(spans: readonly EpochSpan[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}
