/** Sizes and rates in decimal units with three figures. */
import { threeFigures } from './number.ts';

const UNITS = ['kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** "42.6 GB", "512 B". */
export function bytes(count: number): string {
  if (count < 1000) return `${Math.round(count)}\u00a0B`;
  let value = count / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${threeFigures(value)}\u00a0${UNITS[unit] ?? 'PB'}`;
}

/** "9.40 MB/s" of bytes a second. */
export function rate(bytesPerSecond: number): string {
  return `${bytes(bytesPerSecond)}/s`;
}
