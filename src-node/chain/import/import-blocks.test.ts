import { setTimeout } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import type { Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import { MemoryStore } from '../../db/memory-store.ts';
import type { WriteBatch } from '../../db/store.ts';
import { network } from '../../networks/network.ts';
import { blocksIn, testChain } from '../../testing/chains.ts';
import { readVector } from '../../testing/vectors.ts';

/** Takes nothing when the disk is full, and reads many values slowly. */
class FullStore extends MemoryStore {
  isFull = false;
  reading = 0;

  override async getMany(keys: readonly Bytes[]): Promise<(Bytes | undefined)[]> {
    this.reading++;
    await setTimeout(50);
    this.reading--;
    return super.getMany(keys);
  }

  override batch(): WriteBatch {
    const batch = super.batch();
    return { ...batch, write: () => (this.isFull ? Promise.reject(new CodedError('DATABASE_ERROR', 'The disk is full.')) : batch.write()) };
  }
}

it('has ended its reading when it fails to write, so that the store can be closed', async () => {
  const store = new FullStore();
  const blocks = blocksIn(readVector('blocks/dev-chain.rlp'));
  await (await testChain(network('dev'), store)).importBlocks(blocks.slice(0, blocks.length / 2));
  const chain = await testChain(network('dev'), store); // with nothing in memory
  const getMany = vi.spyOn(store, 'getMany');
  store.isFull = true;
  await expect(chain.importBlocks(blocks)).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
  expect(getMany).toHaveBeenCalled();
  expect(store.reading).toBe(0);
});
