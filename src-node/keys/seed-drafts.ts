/** Words that were shown and not yet proved to be written down. Held in memory for a while, never on disk. */
import { randomInt, randomUUID } from 'node:crypto';
import type { Bytes } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import { newEntropy, wordsOf } from './seed.ts';

const LIFETIME_MILLIS = 30 * 60_000;
const QUESTIONS = 3;

interface Draft {
  readonly entropy: Bytes;
  readonly ask: readonly number[];
  readonly until: number;
}

export interface BackupAnswer {
  readonly position: number;
  readonly word: string;
}

export class SeedDrafts {
  readonly #clock: Clock;
  #current: (Draft & { readonly id: string }) | null = null;

  constructor(modules: { readonly clock: Clock }) {
    this.#clock = modules.clock;
  }

  /** A new draft; the one before is forgotten. */
  start(): { readonly draftId: string; readonly words: readonly string[]; readonly ask: readonly number[] } {
    const entropy = newEntropy();
    const ask = pickPositions(24, QUESTIONS);
    this.#current = { id: randomUUID(), entropy, ask, until: this.#clock.now() + LIFETIME_MILLIS };
    return { draftId: this.#current.id, words: wordsOf(entropy), ask };
  }

  /** The entropy, when every asked word is right. @throws DRAFT_EXPIRED, BACKUP_CHECK_FAILED */
  check(draftId: string, answers: readonly BackupAnswer[]): Bytes {
    const draft = this.#current;
    if (draft?.id !== draftId || this.#clock.now() >= draft.until) {
      throw new CodedError('DRAFT_EXPIRED', 'These words are no longer held by the program.', { help: 'Start again: new words will be made. Cross out the old ones.' });
    }
    const words = wordsOf(draft.entropy);
    const given = new Map(answers.map(({ position, word }) => [position, word.trim().toLowerCase()]));
    const wrong = draft.ask.find((position) => given.get(position) !== words[position]);
    if (wrong !== undefined) {
      throw new CodedError('BACKUP_CHECK_FAILED', `Word ${wrong + 1} is not the one that was shown.`, { help: 'Look at your written words again.', meta: { position: wrong } });
    }
    return draft.entropy;
  }

  forget(): void {
    this.#current?.entropy.fill(0);
    this.#current = null;
  }
}

/** `count` different positions below `total`, ascending. */
function pickPositions(total: number, count: number): readonly number[] {
  const picked = new Set<number>();
  while (picked.size < count) picked.add(randomInt(total));
  return [...picked].sort((a, b) => a - b);
}
