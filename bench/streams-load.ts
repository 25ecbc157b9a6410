/** What the benchmarks of streams send and how they measure it, the same for every way of sending. */

export const RECORDS: Readonly<Record<number, number>> = { 200: 60_000, 4096: 15_000 };
export const SIZES = [200, 4096] as const;
/** Records of one batch when as many as possible are sent: as many as a signed batch holds, and below a topic's own bound of a message. */
export const batchOf = (size: number): number => Math.min(256, Math.floor(900_000 / size));
export const RATE = 1000;
export const RATE_SECONDS = 10;
/** At the rate, records go so often. */
const STEP_MILLIS = 10;

export interface Throughput {
  readonly publish: number;
  readonly read: number;
}

/** Milliseconds. */
export interface Latency {
  /** Until it is acknowledged. */
  readonly publish: Percentiles;
  /** Until the application has it. */
  readonly arrive: Percentiles;
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

/** A JSON row of about `size` bytes that says when it was sent. */
export function rowOfSize(size: number, n: number): { readonly n: number; readonly at: number; readonly text: string } {
  const head = { n, at: performance.now(), text: '' };
  return { ...head, text: 'x'.repeat(Math.max(1, size - JSON.stringify(head).length)) };
}

/** Sends so many records a second for a while. @param send told of the number of records that are due, at most `most` at once: a machine that stood still has many */
export async function atRate(most: number, send: (count: number) => Promise<void>): Promise<void> {
  const began = performance.now();
  const sends: Promise<void>[] = [];
  for (let sent = 0; sent < RATE * RATE_SECONDS; ) {
    await new Promise((resolve) => setTimeout(resolve, STEP_MILLIS));
    const due = Math.min(RATE * RATE_SECONDS, Math.floor(((performance.now() - began) / 1000) * RATE));
    for (; sent < due; sent += Math.min(most, due - sent)) sends.push(send(Math.min(most, due - sent)));
  }
  await Promise.all(sends);
}
