/** The vertical scale of the income chart, in base units: four lines at most, at round sums. */
import type { Language } from '../../models/format.ts';
import { moment } from '../../models/format.ts';

const MOST_LINES = 4n;
const STEPS = [1n, 2n, 5n] as const;

export function scaleOf(amounts: readonly bigint[]): { readonly top: bigint; readonly lines: readonly bigint[] } {
  const most = amounts.reduce((max, amount) => (amount > max ? amount : max), 1n);
  const step = stepFor(most);
  const count = (most + step - 1n) / step;
  return { top: step * count, lines: Array.from({ length: Number(count) + 1 }, (_, i) => step * BigInt(i)) };
}

function stepFor(most: bigint): bigint {
  for (let unit = 1n; ; unit *= 10n) {
    const found = STEPS.find((factor) => (most + unit * factor - 1n) / (unit * factor) <= MOST_LINES);
    if (found !== undefined) return unit * found;
  }
}

/** "23 Nov" of a day that the node counts in UTC. */
export function dayLabel(day: string, language: Language): string {
  const noon = Date.parse(`${day}T12:00:00Z`);
  return moment(noon, { language, now: noon - 2 * 86_400_000, timeZone: 'UTC' }).replace(/[,\u00a0 ]*\d\d:\d\d$/, '');
}
