/** How often each name came, in the order in which they first came. */
export class Tally {
  readonly #counts = new Map<string, number>();
  readonly #grow: (characters: number) => void;

  /** @param grow told of the characters that each new name makes the answer longer by */
  constructor(grow: (characters: number) => void) {
    this.#grow = grow;
  }

  add(name: string): void {
    const count = this.#counts.get(name) ?? 0;
    if (count === 0) this.#grow(name.length + 12);
    this.#counts.set(name, count + 1);
  }

  view(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
