import { Rate, type RateOptions } from '../../base/rate.ts';
import { WorkBudget, type WorkBudgetOptions } from './work-budget.ts';

/** Requests of one program, far beyond what wallets and tools ask; each request of a batch counts. */
export const RPC_RATE: RateOptions = { capacity: 2_000, perSecond: 500 };

/** Half of what all programs together may use: one that uses all of its own leaves as much to the others. */
export const PROGRAM_BUDGET: WorkBudgetOptions = { capacityMillis: 5_000, share: 0.25 };

/** Of all programs together that can take up another name by connecting again: some of the node's time is left to those that cannot. */
export const STRANGERS_BUDGET: WorkBudgetOptions = { capacityMillis: 7_500, share: 0.375 };

/** What one program may ask for: how often, and how much work. */
export class Allowance {
  readonly #rate: Rate;
  readonly #work: WorkBudget;
  readonly #group: WorkBudget | undefined;

  /** @param parts with `group` when what it does is taken from a budget of many as well */
  constructor(parts: { readonly rate?: Rate; readonly work?: WorkBudget; readonly group?: WorkBudget } = {}) {
    this.#rate = parts.rate ?? new Rate(RPC_RATE);
    this.#work = parts.work ?? new WorkBudget(PROGRAM_BUDGET);
    this.#group = parts.group;
  }

  /** Counts a request and gives 0, or gives the milliseconds until the program may ask again. */
  take(): number {
    const wait = this.#rate.take();
    return wait > 0 ? wait : Math.max(this.#work.waitMillis, this.#group?.waitMillis ?? 0);
  }

  /** Does a piece of work and takes its time from the budgets of the program. */
  spend<T>(work: () => T): T {
    const own = (): T => this.#work.spend(work);
    return this.#group === undefined ? own() : this.#group.spend(own);
  }
}
