/** Gas of one block: what its transactions have used and what is left for the next one. */
export class GasPool {
  readonly limit: bigint;
  #used = 0n;

  constructor(limit: bigint) {
    this.limit = limit;
  }

  get used(): bigint {
    return this.#used;
  }

  get left(): bigint {
    return this.limit - this.#used;
  }

  /** Counts the gas of a transaction that fitted (`gas` ≤ `left`). */
  use(gas: bigint): void {
    this.#used += gas;
  }
}
