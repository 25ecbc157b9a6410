/** What a transaction changed, so that any part of it can be taken back, and which accounts it touched. */
export class Journal {
  readonly #undo: (() => void)[] = [];
  /** Per entry: the account it touches, or null. */
  readonly #accounts: (string | null)[] = [];
  /** Entries per touched account. */
  readonly #touches = new Map<string, number>();

  get length(): number {
    return this.#undo.length;
  }

  record(account: string | null, undo: () => void): void {
    this.#undo.push(undo);
    this.#accounts.push(account);
    if (account !== null) this.keepTouched(account);
  }

  /** Counts one touch that no revert takes back. */
  keepTouched(account: string): void {
    this.#touches.set(account, (this.#touches.get(account) ?? 0) + 1);
  }

  /** Takes back every entry from `length` on, the latest first. */
  revertTo(length: number): void {
    while (this.#undo.length > length) {
      this.#undo.pop()?.();
      const account = this.#accounts.pop() ?? null;
      if (account === null) continue;
      const touches = (this.#touches.get(account) ?? 0) - 1;
      if (touches === 0) this.#touches.delete(account);
      else this.#touches.set(account, touches);
    }
  }

  touched(): Iterable<string> {
    return this.#touches.keys();
  }

  clear(): void {
    this.#undo.length = 0;
    this.#accounts.length = 0;
    this.#touches.clear();
  }
}
