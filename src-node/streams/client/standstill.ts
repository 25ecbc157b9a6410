/**
 * Notices that a gateway stands for messages that never came here: it asks to be paid for more than was handed on, and nothing is on its
 * way. Who begins reading anew then says what it has, and is owed no more for the rest (docs/protocol/11 §4.13).
 */
import type { Clock, Millis } from '../../base/clock.ts';

export interface StandstillFacts {
  /** Units that this reader handed on or signed for. */
  readonly counted: bigint;
  /** Whether something that came waits: for a hole, for a key, or to be handed on. */
  readonly waits: boolean;
}

const STANDS_MILLIS = 3000;
/** Between two times that reading begins anew. */
const PAUSE_MILLIS = 30_000;

export class Standstill {
  readonly #clock: Clock;
  /** Units that the gateway has a voucher for, while it stands. */
  #signed: bigint | null = null;
  #since: Millis | null = null;
  #last: Millis | null = null;

  constructor({ clock }: { readonly clock: Clock }) {
    this.#clock = clock;
  }

  /** A gateway delivers nothing more, and has a voucher for so many units. */
  begin(signed: bigint): void {
    this.#signed = signed;
  }

  /** It delivers, waits for money, or is another one. */
  end(): void {
    this.#signed = null;
    this.#since = null;
  }

  /** Whether to begin reading anew now; asked again and again. A voucher that may still come, or that the gateway has not taken, is waited for. */
  isDue({ counted, waits }: StandstillFacts): boolean {
    const now = this.#clock.now();
    if (this.#signed === null || counted > this.#signed || waits) {
      this.#since = null;
      return false;
    }
    this.#since ??= now;
    if (now - this.#since < STANDS_MILLIS || (this.#last !== null && now - this.#last < PAUSE_MILLIS)) return false;
    this.#last = now;
    this.end();
    return true;
  }
}
