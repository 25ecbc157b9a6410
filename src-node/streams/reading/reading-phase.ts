import type { Millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import { dayOf } from '../client/spend.ts';
import type { StreamEvent } from '../client/stream-event.ts';
import type { ReadingGap, ReadingState } from './views.ts';

type Phase = 'off' | 'connecting' | 'connected' | 'ended' | 'failed';
type Unpaid = Extract<StreamEvent, { type: 'paused' }>['why'];

/** What the state of a reading depends on beside its connection. */
export interface PhaseFacts {
  readonly isRunning: boolean;
  readonly isOpen: boolean;
  readonly isWanted: boolean;
  readonly lastArrived: Millis | null;
}

const SILENT_MILLIS = 15_000;

/** How the connection of a reading stands, and what keeps it from going on. */
export class ReadingPhase {
  #phase: Phase = 'off';
  #since: Millis;
  #problem: CodedError | null = null;
  #unpaid: { readonly why: Unpaid; readonly day: number } | null = null;
  #waitsForKey = false;

  constructor(now: Millis) {
    this.#since = now;
  }

  get name(): Phase {
    return this.#phase;
  }

  /** Why nothing more is signed; null while it is. */
  get unpaid(): Unpaid | null {
    return this.#unpaid?.why ?? null;
  }

  /** As a page shows it. */
  get problem(): CodedError | null {
    if (this.unpaid === 'deposit') return new CodedError('DEPOSIT_USED', 'The deposit of this subscription is used up; nothing more was signed.', { help: 'Top it up, or let it end.' });
    if (this.unpaid === 'unverified') return new CodedError('UNVERIFIED_WINDOW', 'What was paid last brought nothing that could be verified, so nothing more was signed.', { help: 'Resume reading to pay for one more window, or close the subscription to bring the rest of the deposit back.' });
    return this.#problem;
  }

  /** @returns whether it was another one */
  to(phase: Phase, problem: CodedError | null, now: Millis): boolean {
    if (phase === this.#phase && problem?.code === this.#problem?.code) return false;
    if (phase !== this.#phase) this.#since = now;
    this.#phase = phase;
    this.#problem = problem;
    if (phase === 'off') this.#waitsForKey = false;
    return true;
  }

  stopped(why: Unpaid, now: Millis): void {
    this.#unpaid = { why, day: dayOf(now) };
  }

  paid(): void {
    this.#unpaid = null;
  }

  /** Whether the cap that stopped it was of a day that is over. */
  isCapOver(now: Millis): boolean {
    return this.#unpaid?.why === 'cap' && this.#unpaid.day !== dayOf(now);
  }

  waitsForKey(waits: boolean): void {
    this.#waitsForKey = waits;
  }

  /** A hole that lasts since nothing came; null while there is none. */
  silence(lastArrived: Millis | null, now: Millis): { readonly reason: ReadingGap['reason']; readonly from: Millis } | null {
    const isTrying = this.#phase === 'connected' || this.#phase === 'connecting';
    if (!isTrying || !this.#isQuiet(lastArrived, now)) return null;
    return { reason: this.#phase === 'connected' ? 'publisher' : 'gateway', from: lastArrived ?? this.#since };
  }

  state({ isRunning, isOpen, isWanted, lastArrived }: PhaseFacts, now: Millis): ReadingState {
    if (this.#phase === 'ended' || this.#phase === 'failed') return this.#phase;
    if (!isRunning) return isOpen ? (isWanted ? 'connecting' : 'paused') : 'ended';
    if (this.#unpaid !== null) return this.#unpaid.why === 'cap' ? 'cap' : 'pay';
    if (this.#phase === 'connecting') return 'connecting';
    if (this.#waitsForKey) return 'waiting-key';
    return this.#isQuiet(lastArrived, now) ? 'silent' : 'live';
  }

  #isQuiet(lastArrived: Millis | null, now: Millis): boolean {
    return now - Math.max(lastArrived ?? 0, this.#since) > SILENT_MILLIS;
  }
}
