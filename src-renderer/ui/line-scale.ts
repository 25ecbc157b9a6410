/** The scales of a line chart: round values, four lines at most. */

export interface Scale {
  readonly low: number;
  readonly high: number;
  /** From the lowest to the highest. */
  readonly lines: readonly number[];
}

const MOST_STEPS = 3;
const STEPS = [1, 2, 2.5, 5, 10] as const;
const TIME_STEPS = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].map((seconds) => seconds * 1000);

/** Around the values; a line need not begin at zero. Without values, or with one, there is room on both sides. */
export function valueScale(values: readonly (number | null)[]): Scale {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value === null) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least > most) return { low: 0, high: 1, lines: [0, 1] };
  if (least === most) [least, most] = [least - (Math.abs(least) || 1) / 2, most + (Math.abs(most) || 1) / 2];
  for (let unit = 10 ** Math.floor(Math.log10((most - least) / MOST_STEPS)); ; unit *= 10) {
    for (const factor of STEPS) {
      const step = unit * factor;
      const first = Math.floor(least / step);
      const last = Math.ceil(most / step);
      if (last - first > MOST_STEPS) continue;
      const lines = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
      return { low: lines[0] ?? 0, high: lines.at(-1) ?? 1, lines };
    }
  }
}

/** The lines as they are written: all with the same decimals. */
export function lineTexts(lines: readonly number[]): readonly string[] {
  const decimals = lines.reduce((most, line) => Math.max(most, /\.(\d+)$/.exec(String(line))?.[1]?.length ?? 0), 0);
  return lines.map((line) => line.toFixed(decimals));
}

/** Round times between two, at most `most` of them; all milliseconds. */
export function timeLines(from: number, to: number, most: number): readonly number[] {
  const step = TIME_STEPS.find((one) => (to - from) / one <= most) ?? 3_600_000 * Math.ceil((to - from) / most / 3_600_000);
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, i) => first + i * step);
}
