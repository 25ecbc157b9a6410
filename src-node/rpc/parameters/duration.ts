import { invalidValue } from './parameter.ts';
import { readString } from './values.ts';

const MILLIS: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1e3, m: 60e3, h: 3600e3 };
const DURATION = /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

/** Milliseconds of a duration as programs in Go write it: "300ms", "1m30s". */
export function readDuration(value: unknown): number {
  const text = readString(value);
  if (!DURATION.test(text)) throw invalidValue(`time: invalid duration ${text}`);
  const parts = [...text.matchAll(/([\d.]+)([a-zµμ]+)/g)];
  const millis = parts.reduce((sum, [, number = '', unit = '']) => sum + Number(number) * (MILLIS[unit] ?? 0), 0);
  return text.startsWith('-') ? -millis : millis;
}
