/** Counters of a gateway in the text form of Prometheus. */
import type { GatewayErrorCode } from './error-codes.ts';

const COUNTERS = {
  requests: 'Requests over HTTP.',
  published_batches: 'Batches that were written to a log.',
  published_frames: 'Frames of batches that were written to a log.',
  published_bytes: 'Bytes of batches that were written to a log.',
  read_batches: 'Batches that were given to readers.',
  read_frames: 'Frames of batches that were given to readers.',
  read_bytes: 'Bytes of batches that were given to readers.',
  gaps: 'Holes that readers were told of.',
  forgiven_frames: 'Frames that were given to readers, reached none of them, and are owed no more.',
  vouchers: 'Vouchers that were taken.',
  tickets: 'Tickets that were given out.',
} as const;

export type Counter = keyof typeof COUNTERS;

export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly value: number;
}

/** Upper bounds, in seconds, of what publishing took. */
const BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5] as const;

export class Metrics {
  readonly #counts = new Map<Counter, number>();
  readonly #refusals = new Map<GatewayErrorCode, number>();
  readonly #buckets = BUCKETS.map(() => 0);
  #publishSeconds = 0;
  #publishes = 0;

  add(counter: Counter, amount = 1): void {
    this.#counts.set(counter, (this.#counts.get(counter) ?? 0) + amount);
  }

  refused(code: GatewayErrorCode): void {
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
  }

  published(elapsedSeconds: number): void {
    this.#publishes++;
    this.#publishSeconds += elapsedSeconds;
    BUCKETS.forEach((bound, i) => {
      if (elapsedSeconds <= bound) this.#buckets[i] = (this.#buckets[i] ?? 0) + 1;
    });
  }

  count(counter: Counter): number {
    return this.#counts.get(counter) ?? 0;
  }

  text(gauges: readonly Gauge[]): string {
    const lines: string[] = [];
    const head = (name: string, kind: string, help: string): number => lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`);
    for (const [counter, help] of Object.entries(COUNTERS)) {
      const name = `pdash_gateway_${counter}_total`;
      head(name, 'counter', help);
      lines.push(`${name} ${this.#counts.get(counter as Counter) ?? 0}`);
    }
    head('pdash_gateway_refusals_total', 'counter', 'Refusals by their code.');
    for (const [code, count] of this.#refusals) lines.push(`pdash_gateway_refusals_total{code="${code}"} ${count}`);
    head('pdash_gateway_publish_seconds', 'histogram', 'From a batch to its receipt.');
    BUCKETS.forEach((bound, i) => lines.push(`pdash_gateway_publish_seconds_bucket{le="${bound}"} ${this.#buckets[i] ?? 0}`));
    lines.push(`pdash_gateway_publish_seconds_bucket{le="+Inf"} ${this.#publishes}`, `pdash_gateway_publish_seconds_sum ${this.#publishSeconds}`, `pdash_gateway_publish_seconds_count ${this.#publishes}`);
    for (const { name, help, value } of gauges) {
      head(`pdash_gateway_${name}`, 'gauge', help);
      lines.push(`pdash_gateway_${name} ${value}`);
    }
    return `${lines.join('\n')}\n`;
  }
}
