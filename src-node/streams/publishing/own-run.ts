/** The run of an own stream that signs and sends, why it ended, and when it may go on by itself. */
import type { Hex } from '../../base/bytes.ts';
import type { Clock, Millis } from '../../base/clock.ts';
import { isCoded, toCoded, type CodedError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { Publisher } from '../publisher/publisher.ts';

export interface OwnRunModules {
  readonly clock: Clock;
  readonly log: Logger;
}

interface Run {
  readonly startedAt: Millis;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

const RETRY_MILLIS = 5_000;
/** After these it goes on by itself. */
const KEYS_AWAY = new Set(['STREAM_NOT_HELD', 'KEYS_STOPPED', 'WALLET_LOCKED']);
const PASSING = new Set(['CHAIN_UNREACHABLE', 'DISK_FULL', 'NO_GATEWAY', 'GATEWAY_UNREACHABLE', 'REMOTE_UNREACHABLE']);

export class OwnRun {
  readonly #stream: Hex;
  readonly #modules: OwnRunModules;
  #run: Run | null = null;
  #fault: { readonly error: CodedError; readonly at: Millis } | null = null;

  constructor(options: { readonly stream: Hex }, modules: OwnRunModules) {
    this.#stream = options.stream;
    this.#modules = modules;
  }

  /** Null while none goes on. */
  get startedAt(): Millis | null {
    return this.#run?.startedAt ?? null;
  }

  /** Why the last one ended. `locked`: the keys are not there. `passing`: it is tried again. */
  get fault(): { readonly kind: 'locked' | 'passing' | 'lasting'; readonly error: CodedError } | null {
    if (this.#fault === null) return null;
    const { error } = this.#fault;
    return { kind: KEYS_AWAY.has(error.code) ? 'locked' : PASSING.has(error.code) ? 'passing' : 'lasting', error };
  }

  /** What failed a while ago. */
  get isDue(): boolean {
    return this.#run === null && this.#hasRested;
  }

  forgive(): void {
    this.#fault = null;
  }

  /** Unless one goes on, or what ended the last one stands against it. */
  start(publisher: Pick<Publisher, 'run'>): void {
    const { clock, log } = this.#modules;
    if (this.#run !== null || !this.#mayStart) return;
    const stop = new AbortController();
    this.#fault = null;
    const run: Run = {
      startedAt: clock.now(), stop,
      done: publisher.run(stop.signal).catch((error: unknown) => {
        const coded = toCoded(error);
        if (!isCoded(error)) log.error('publishing failed', { stream: this.#stream }, error);
        else log.warn('publishing stopped', { stream: this.#stream, code: coded.code });
        this.#fault = { error: coded, at: clock.now() };
      }).finally(() => {
        if (this.#run === run) this.#run = null;
      }),
    };
    this.#run = run;
  }

  async end(): Promise<void> {
    const run = this.#run;
    run?.stop.abort();
    await run?.done;
  }

  get #mayStart(): boolean {
    const { fault } = this;
    return fault === null || fault.kind === 'locked' || (fault.kind === 'passing' && this.#hasRested);
  }

  get #hasRested(): boolean {
    return this.#fault !== null && this.#modules.clock.now() - this.#fault.at >= RETRY_MILLIS;
  }
}
