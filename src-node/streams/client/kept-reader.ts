import type { Clock } from '../../base/clock.ts';
import type { ReaderState, ReaderStore } from './reader-store.ts';

export interface KeptReaderModules {
  readonly store: ReaderStore;
  readonly clock: Clock;
}

const SAVE_MILLIS = 250;

/** Where a reader stands and what it signed: in hand at once, on disk when it is saved. */
export class KeptReader {
  readonly #modules: KeptReaderModules;
  #state: ReaderState;
  #savedAt = 0;

  private constructor(state: ReaderState, modules: KeptReaderModules) {
    this.#state = state;
    this.#modules = modules;
  }

  static async open(modules: KeptReaderModules): Promise<KeptReader> {
    return new KeptReader(await modules.store.load(), modules);
  }

  get state(): ReaderState {
    return this.#state;
  }

  change(change: Partial<ReaderState>): void {
    this.#state = { ...this.#state, ...change };
  }

  /** On disk when it returns. */
  async save(): Promise<void> {
    this.#savedAt = this.#modules.clock.now();
    await this.#modules.store.save(this.#state);
  }

  /** Unless it was saved just now: a place that is a little behind costs nothing but reading some again. */
  async saveSometimes(): Promise<void> {
    if (this.#modules.clock.now() - this.#savedAt >= SAVE_MILLIS) await this.save();
  }
}
