/** Examines blocks in groups ahead of their execution, and gives them back in order. */
import type { Bytes } from '../../base/bytes.ts';
import { toCoded } from '../../base/errors.ts';
import type { BlockExaminer } from '../examination/block-examiner.ts';
import type { ExaminationResult } from '../examination/examine-block.ts';

export interface ExaminedBlock {
  /** RLP. */
  readonly encoded: Bytes;
  readonly result: ExaminationResult;
}

/** A group is handed to one worker: large enough that the hand-over costs nothing, small enough to spread the work. */
const GROUP_BYTES = 64 * 1024;
const GROUP_BLOCKS = 64;
/** Groups under way at once. */
const AHEAD = 8;

/** When reading `blocks` fails, what was read before comes out first: all good blocks of a broken file are imported. */
export async function* examineAhead(blocks: AsyncIterable<Bytes> | Iterable<Bytes>, examiner: BlockExaminer): AsyncGenerator<ExaminedBlock> {
  const underWay: Promise<ExaminedBlock[]>[] = [];
  try {
    for await (const part of grouped(blocks)) {
      const examined = 'failure' in part ? part.failure : examineGroup(part.group, examiner);
      examined.catch(() => undefined); // comes out in its turn
      underWay.push(examined);
      if (underWay.length >= AHEAD) yield* (await underWay.shift()) ?? [];
    }
    while (underWay.length > 0) yield* (await underWay.shift()) ?? [];
  } finally {
    await Promise.allSettled(underWay);
  }
}

async function examineGroup(group: readonly Bytes[], examiner: BlockExaminer): Promise<ExaminedBlock[]> {
  const results = await examiner.examine(group);
  return results.map((result, i) => ({ encoded: group[i] ?? new Uint8Array(), result }));
}

type Part = { readonly group: readonly Bytes[] } | { readonly failure: Promise<never> };

async function* grouped(blocks: AsyncIterable<Bytes> | Iterable<Bytes>): AsyncGenerator<Part> {
  let group: Bytes[] = [];
  let bytes = 0;
  try {
    for await (const block of blocks) {
      group.push(block);
      bytes += block.length;
      if (bytes < GROUP_BYTES && group.length < GROUP_BLOCKS) continue;
      yield { group };
      group = [];
      bytes = 0;
    }
    if (group.length > 0) yield { group };
  } catch (error) {
    if (group.length > 0) yield { group };
    yield { failure: Promise.reject(toCoded(error)) };
  }
}
