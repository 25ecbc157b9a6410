/** A duration as programs in Go write it: "1.297254ms". */
export function durationText(millis: number): string {
  const nanos = Math.round(millis * 1e6);
  if (nanos === 0) return '0s';
  if (nanos < 1e3) return `${nanos}ns`;
  if (nanos < 1e6) return `${nanos / 1e3}µs`;
  return nanos < 1e9 ? `${nanos / 1e6}ms` : `${nanos / 1e9}s`;
}
