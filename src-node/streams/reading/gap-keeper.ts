import type { Hex } from '../../base/bytes.ts';
import type { Clock, Millis } from '../../base/clock.ts';
import type { StreamGap } from '../client/verify.ts';
import { GapList } from './gap-list.ts';
import type { ReadingTable } from './reading-table.ts';
import type { ReadingGap } from './views.ts';

export interface GapKeeperModules {
  readonly table: Pick<ReadingTable, 'setGaps'>;
  readonly clock: Clock;
  readonly onGap: (gap: ReadingGap) => void;
}

/** The holes of one channel: told at once, written down now and then. */
export class GapKeeper {
  readonly #channel: Hex;
  readonly #modules: GapKeeperModules;
  readonly #gaps: GapList;
  #hasChanged = false;

  constructor(channel: Hex, saved: readonly ReadingGap[], modules: GapKeeperModules) {
    this.#channel = channel;
    this.#gaps = new GapList(saved);
    this.#modules = modules;
  }

  all(now: Millis): readonly ReadingGap[] {
    return this.#gaps.all(now);
  }

  /** Nothing if one lasts already. */
  begin(reason: ReadingGap['reason'], from: Millis): void {
    this.#tell(this.#gaps.begin(reason, from));
  }

  end(): void {
    this.#tell(this.#gaps.end(this.#modules.clock.now()));
  }

  add(gap: ReadingGap): void {
    this.#gaps.add(gap);
    this.#tell(gap);
  }

  save(): void {
    if (!this.#hasChanged) return;
    this.#hasChanged = false;
    this.#modules.table.setGaps(this.#channel, this.#gaps.all(this.#modules.clock.now()));
  }

  #tell(gap: ReadingGap | null): void {
    if (gap === null) return;
    this.#hasChanged = true;
    this.#modules.onGap(gap);
  }
}

/** @param told why, by the gateway that left them out; null when it said nothing */
export function gapReason(reason: StreamGap['reason'], told: string | null): ReadingGap['reason'] {
  if (reason === 'wrong_key' || reason === 'unreadable') return 'refused';
  if (told === 'retention') return 'retention';
  if (told === 'unpaid') return 'paused';
  return reason === 'missing' && told === null ? 'gateway' : 'publisher';
}
