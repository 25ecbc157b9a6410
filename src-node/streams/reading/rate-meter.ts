/** How much came within a span, by counting in slots of a tenth of it. */
import type { Millis } from '../../base/clock.ts';

const SLOTS = 10;

export class RateMeter {
  readonly #slotMillis: number;
  readonly #began: Millis;
  /** By the number of the slot since 1970; never more than `SLOTS` + 1. */
  readonly #slots = new Map<number, number>();

  constructor(span: Millis, began: Millis) {
    this.#slotMillis = span / SLOTS;
    this.#began = began;
  }

  add(amount: number, now: Millis): void {
    const slot = Math.floor(now / this.#slotMillis);
    this.#slots.set(slot, (this.#slots.get(slot) ?? 0) + amount);
    for (const other of this.#slots.keys()) if (other < slot - SLOTS) this.#slots.delete(other);
  }

  /** Null in the first slot, which says nothing yet. */
  perMilli(now: Millis): number | null {
    const elapsed = now - this.#began;
    if (elapsed < this.#slotMillis) return null;
    const slot = Math.floor(now / this.#slotMillis);
    let sum = 0;
    for (const [number, amount] of this.#slots) if (number > slot - SLOTS) sum += amount;
    const covered = Math.min(elapsed, (SLOTS - 1) * this.#slotMillis + (now - slot * this.#slotMillis));
    return sum / covered;
  }
}
