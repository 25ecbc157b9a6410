import { describe, expect, it } from 'vitest';
import { hexOf, type Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import { network } from '../../networks/network.ts';
import { blocksIn } from '../../testing/chains.ts';
import { readVector } from '../../testing/vectors.ts';
import { BlockExaminer } from '../examination/block-examiner.ts';
import { examineAhead, type ExaminedBlock } from './examine-ahead.ts';

const file = blocksIn(readVector('blocks/dev-chain.rlp'));
const many = Array.from({ length: 5 }, () => file).flat();
const { chainId } = network('dev');

async function* failingAfter(blocks: readonly Bytes[]): AsyncGenerator<Bytes> {
  yield* blocks;
  throw await Promise.resolve(new CodedError('BAD_BLOCK_FILE', 'The file ends in the middle of a block.'));
}

describe.each([0, 1, 2])('blocks examined with %i workers', (workers) => {
  let soon: string[] = [];
  async function examined(blocks: AsyncIterable<Bytes> | Iterable<Bytes>, take: (block: ExaminedBlock) => boolean): Promise<void> {
    const examiner = new BlockExaminer({ chainId, workers });
    soon = [];
    try {
      for await (const block of examineAhead(blocks, examiner, ({ hash }) => soon.push(hexOf(hash)))) if (!take(block)) break;
    } finally {
      await examiner.close();
    }
  }

  it('come in their order, each with its own result', async () => {
    const here = new BlockExaminer({ chainId, workers: 0 }).examineHere(file);
    const found: ExaminedBlock[] = [];
    await examined(many, (block) => {
      expect('examination' in block.result && soon.includes(hexOf(block.result.examination.hash))).toBe(true);
      return found.push(block) > 0;
    });
    expect(soon).toHaveLength(many.length);
    expect(found.map(({ encoded }) => hexOf(encoded))).toEqual(many.map(hexOf));
    expect(found.slice(-file.length).map(({ result }) => JSON.stringify(result))).toEqual(here.map((result) => JSON.stringify(result)));
  });

  it('come out before the failure of what is read', async () => {
    let count = 0;
    await expect(examined(failingAfter(many), () => ++count > 0)).rejects.toMatchObject({ code: 'BAD_BLOCK_FILE' });
    expect(count).toBe(many.length);
  });

  it('can be left early', async () => {
    let count = 0;
    await examined(many, () => ++count < 3);
    expect(count).toBe(3);
  });
});
