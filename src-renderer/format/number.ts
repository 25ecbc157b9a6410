/** Counts and shares. */

/** "15,702,104": the same in every language. */
export function grouped(value: bigint | number): string {
  return value.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** "31 %", "0.9 %": whole from 10, one decimal below. `share` is 0..1. */
export function percent(share: number): string {
  const value = share * 100;
  const rounded = Math.abs(value) >= 9.95 ? Math.round(value).toString() : value.toFixed(1).replace(/\.0$/, '');
  return `${rounded}\u2009%`;
}

/** Three figures of a measured quantity: 1.23, 12.3, 123. */
export function threeFigures(value: number): string {
  return value >= 99.95 ? Math.round(value).toString() : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}
