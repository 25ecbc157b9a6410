/**
 * Examines blocks in groups ahead of their execution, and gives them back in order. Worker threads take the groups from the front;
 * the thread that executes takes one from the back whenever it would have to wait for them.
 */
import { setImmediate } from 'node:timers/promises';
import { concat, type Bytes } from '../../base/bytes.ts';
import { toCoded } from '../../base/errors.ts';
import type { BlockExaminer } from '../examination/block-examiner.ts';
import type { Examination, ExaminationResult } from '../examination/examine-block.ts';

export interface ExaminedBlock {
  /** At least so many blocks come after it. */
  readonly following: number;
  /** RLP. */
  readonly encoded: Bytes;
  readonly result: ExaminationResult;
}

/** Large enough that handing it over costs nothing, small enough to spread the work and to be examined here between two turns. */
const GROUP_BYTES = 16 * 1024;
const GROUP_BLOCKS = 32;
/** Read ahead: this many groups, or fewer large ones. */
const AHEAD = 32;
const AHEAD_BYTES = 16 * 1024 * 1024;
/** Blocks up to here come soon: about 2,000 transactions. */
const SOON_BYTES = 256 * 1024;

/** Told of every examined block some time before it comes out. */
export type ComesSoon = (examination: Examination) => void;

/** When reading `blocks` fails, what was read before comes out first: all good blocks of a broken file are imported. */
export async function* examineAhead(blocks: AsyncIterable<Bytes> | Iterable<Bytes>, examiner: BlockExaminer, comesSoon: ComesSoon): AsyncGenerator<ExaminedBlock> {
  const ahead = new Ahead(examiner, comesSoon);
  try {
    for await (const part of grouped(blocks)) {
      ahead.add(part);
      if (ahead.isFull) yield* await ahead.next();
    }
    while (ahead.length > 0) yield* await ahead.next();
  } finally {
    await ahead.settled();
  }
}

interface Part {
  readonly blocks: readonly Bytes[];
  readonly bytes: number;
  /** Undefined while nobody has taken it. */
  examined?: Promise<readonly ExaminationResult[]>;
  isDone: boolean;
  /** From when it is examined until it was announced. */
  unannounced?: readonly ExaminationResult[];
}

class Ahead {
  readonly #examiner: BlockExaminer;
  readonly #comesSoon: ComesSoon;
  readonly #parts: Part[] = [];
  #withWorkers = 0;

  constructor(examiner: BlockExaminer, comesSoon: ComesSoon) {
    this.#examiner = examiner;
    this.#comesSoon = comesSoon;
  }

  get length(): number {
    return this.#parts.length;
  }

  get isFull(): boolean {
    return this.length >= AHEAD || this.#parts.reduce((sum, { bytes }) => sum + bytes, 0) >= AHEAD_BYTES;
  }

  add(part: Part): void {
    this.#parts.push(part);
    this.#handOver();
  }

  /** The first group, examined. */
  async next(): Promise<ExaminedBlock[]> {
    const first = this.#parts[0];
    while (this.#firstIsOpen()) {
      await setImmediate(); // what workers have done comes in, and whoever waits has a turn before this thread works on
      if (this.#firstIsOpen() && !this.#takeLast()) break;
    }
    const results = (await first?.examined) ?? [];
    this.#parts.shift();
    this.#announce();
    const later = this.#parts.reduce((sum, { blocks }) => sum + blocks.length, 0);
    return results.map((result, i) => ({ encoded: first?.blocks[i] ?? new Uint8Array(), result, following: later + results.length - 1 - i }));
  }

  /** Tells of the examined groups among the next ones, each once. */
  #announce(): void {
    let bytes = 0;
    for (const part of this.#parts) {
      for (const result of part.unannounced ?? []) if ('examination' in result) this.#comesSoon(result.examination);
      delete part.unannounced;
      bytes += part.bytes;
      if (bytes >= SOON_BYTES) return;
    }
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#parts.splice(0).flatMap(({ examined }) => (examined === undefined ? [] : [examined])));
  }

  #firstIsOpen(): boolean {
    return this.#parts[0]?.isDone === false;
  }

  /** Keeps the workers busy: one group under way and one to go on with for each. */
  #handOver(): void {
    for (const part of this.#parts) {
      if (this.#withWorkers >= 2 * this.#examiner.workers) return;
      if (part.examined !== undefined) continue;
      this.#withWorkers += 1;
      this.#begin(part, this.#examiner.examine(part.blocks), () => {
        this.#withWorkers -= 1;
        this.#handOver();
      });
    }
  }

  /** Examines the last group that no worker has; false when there is none. */
  #takeLast(): boolean {
    const last = this.#parts.findLast(({ examined }) => examined === undefined);
    if (last !== undefined) this.#begin(last, Promise.resolve(this.#examiner.examineHere(last.blocks)), () => undefined);
    return last !== undefined;
  }

  #begin(part: Part, examined: Promise<readonly ExaminationResult[]>, done: () => void): void {
    part.examined = examined;
    const end = (): void => {
      part.isDone = true;
      done();
    };
    examined.then((results) => {
      part.unannounced = results;
      end();
      this.#announce();
    }, end); // a failure comes out in its turn
  }
}

async function* grouped(blocks: AsyncIterable<Bytes> | Iterable<Bytes>): AsyncGenerator<Part> {
  let group: Bytes[] = [];
  let bytes = 0;
  try {
    for await (const block of blocks) {
      group.push(block);
      bytes += block.length;
      if (bytes < GROUP_BYTES && group.length < GROUP_BLOCKS) continue;
      yield { blocks: together(group), bytes, isDone: false };
      group = [];
      bytes = 0;
    }
    if (group.length > 0) yield { blocks: together(group), bytes, isDone: false };
  } catch (error) {
    if (group.length > 0) yield { blocks: together(group), bytes, isDone: false };
    const examined = Promise.reject(toCoded(error));
    examined.catch(() => undefined); // comes out in its turn
    yield { blocks: [], bytes, examined, isDone: true };
  }
}

/** Copies of the blocks in memory of their own: a view is handed over to a thread with all that it is a view of. */
function together(blocks: readonly Bytes[]): readonly Bytes[] {
  const all = concat(...blocks);
  let end = 0;
  return blocks.map(({ length }) => all.subarray(end, (end += length)));
}
