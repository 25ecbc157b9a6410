import { RequestRate } from './request-rate.ts';
import { WorkBudget, type WorkBudgetOptions } from './work-budget.ts';

/** Half of what all programs together may use: one that uses all of its own leaves as much to the others. */
export const PROGRAM_BUDGET: WorkBudgetOptions = { capacityMillis: 5_000, share: 0.25 };

/** What one program may ask for: how often, and how much work. */
export class Allowance {
  readonly #rate: RequestRate;
  readonly #work: WorkBudget;

  constructor(parts: { readonly rate?: RequestRate; readonly work?: WorkBudget } = {}) {
    this.#rate = parts.rate ?? new RequestRate();
    this.#work = parts.work ?? new WorkBudget(PROGRAM_BUDGET);
  }

  /** Counts a request and gives 0, or gives the milliseconds until the program may ask again. */
  take(): number {
    const wait = this.#rate.take();
    return wait > 0 ? wait : this.#work.waitMillis;
  }

  /** Does a piece of work and takes its time from the budget of the program. */
  spend<T>(work: () => T): T {
    return this.#work.spend(work);
  }
}
