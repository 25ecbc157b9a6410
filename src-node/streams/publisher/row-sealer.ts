/** Takes rows out of the spool, seals and signs them in batches, and writes these to the outbox (docs/protocol/11 §4.11). */
import type { Bytes } from '../../base/bytes.ts';
import { millis, type Clock, type Millis } from '../../base/clock.ts';
import { MAX_BATCH_FRAMES } from '../format/batch.ts';
import { PublishingRun, type StreamPosition } from '../format/seal-run.ts';
import type { StreamRecord } from '../stream-chain.ts';
import type { PublisherKeys } from './keys.ts';
import type { Outbox } from './outbox.ts';
import type { Spool, SpooledRow } from './spool.ts';

export interface RowSealerOptions {
  readonly schemaVersion: number;
  /** A row waits at most so long for others to be signed with it. */
  readonly maxDelayMillis: Millis;
  /** While so much waits for gateways nothing more is sealed. */
  readonly maxWaitingBytes: number;
}

export interface RowSealerModules {
  readonly spool: Spool;
  readonly outbox: Outbox;
  readonly keys: PublisherKeys;
  readonly clock: Clock;
}

const READ_BYTES = 1024 * 1024;

export class RowSealer {
  readonly #options: RowSealerOptions;
  readonly #modules: RowSealerModules;
  #runId: Bytes | null = null;
  #progressed: () => void = () => undefined;

  constructor(options: RowSealerOptions, modules: RowSealerModules) {
    this.#options = options;
    this.#modules = modules;
  }

  /** Drawn by the run that goes on now, 16 bytes. */
  get runId(): Bytes | null {
    return this.#runId;
  }

  /** Until `signal` aborts. @param after what the first batch follows @throws what `keys` throws */
  async run({ streamId, generation, startSeconds, epochSeconds }: StreamRecord, after: StreamPosition, signal: AbortSignal): Promise<void> {
    const run = new PublishingRun({ streamId, generation, startSeconds, epochSeconds, after }, this.#modules);
    this.#runId = run.runId;
    try {
      await this.#seal(run, after, signal);
    } finally {
      this.#runId = null;
    }
  }

  /** The outbox holds less. */
  progressed(): void {
    this.#progressed();
  }

  async #seal(run: PublishingRun, after: StreamPosition, signal: AbortSignal): Promise<void> {
    const { spool, outbox, clock } = this.#modules;
    let row = outbox.rowsTo;
    /** Number in the spool behind the row of each record that is in no signed batch yet; the first has number `from`. */
    let open: number[] = [];
    let from = after.nextSeq;
    let due: number | null = null;
    while (!signal.aborted) {
      const rows: readonly SpooledRow[] = (await spool.read(row, READ_BYTES)).slice(0, MAX_BATCH_FRAMES - open.length);
      for (const { number, body } of rows) {
        await run.add({ contentType: 'json', schemaVersion: this.#options.schemaVersion, body });
        open.push(number + 1);
        row = number + 1;
      }
      if (open.length > 0) due ??= clock.now() + this.#options.maxDelayMillis;
      const left = due === null ? null : due - clock.now();
      if (open.length < MAX_BATCH_FRAMES && (left === null || left > 0)) {
        await this.#grown(row, left, signal);
        continue;
      }
      const signed = await run.take({ all: true });
      const batches = signed.map((batch) => {
        const to = Number(batch.fields.firstSeq - from) + batch.fields.count;
        return { ...batch, rowsTo: open[to - 1] ?? row };
      });
      await outbox.add(batches);
      from += BigInt(open.length);
      open = [];
      due = null;
      await spool.dropBefore(outbox.rowsTo);
      await this.#outboxRoom(signal);
    }
  }

  /** Resolves with the next row behind `row`, after `left`, or when `signal` aborts. */
  async #grown(row: number, left: number | null, signal: AbortSignal): Promise<void> {
    const { spool, clock } = this.#modules;
    if (spool.next > row) return;
    const woken = new AbortController();
    const off = spool.onGrown(() => woken.abort());
    const either = AbortSignal.any([signal, woken.signal]);
    if (left !== null) await clock.sleep(millis(left), either);
    else await new Promise<void>((resolve) => (either.aborted ? resolve() : either.addEventListener('abort', () => resolve(), { once: true })));
    off();
  }

  /** While no gateway takes batches nothing more is sealed, so that rows wait in the spool and their sources with them. */
  async #outboxRoom(signal: AbortSignal): Promise<void> {
    while (this.#modules.outbox.bytes > this.#options.maxWaitingBytes && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#progressed = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }
}
