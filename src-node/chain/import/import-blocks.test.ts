import { setTimeout } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import type { Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import { MemoryStore } from '../../db/memory-store.ts';
import type { WriteBatch } from '../../db/store.ts';
import { network } from '../../networks/network.ts';
import { blocksIn, testChain } from '../../testing/chains.ts';
import { readVector } from '../../testing/vectors.ts';
import { ChainStore } from '../store/chain-store.ts';

/** Takes nothing when the disk is full, and reads many values slowly. */
class FullStore extends MemoryStore {
  isFull = false;
  reading = 0;

  override async getMany(keys: readonly Bytes[]): Promise<(Bytes | undefined)[]> {
    this.reading++;
    await setTimeout(5);
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

it('leaves nothing of what it did after a write that failed: the next import goes on from a whole state', async () => {
  const blocks = blocksIn(readVector('blocks/dev-chain.rlp'));
  const first = blocks.length - 200;
  const store = new FullStore();
  const chain = await testChain(network('dev'), store);
  await chain.importBlocks(blocks.slice(0, first));
  store.isFull = true;
  // the first block is written, which fails, and none of the others before the last
  let reads = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (reads++ < 4 ? 0 : 1000));
  await expect(chain.importBlocks(blocks)).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
  vi.restoreAllMocks();
  store.isFull = false;
  await chain.importBlocks(blocks.slice(0, first + 1));
  const reopened = await testChain(network('dev'), store);
  expect(reopened.head.header.number).toBe(BigInt(first));
  expect([...reopened.stateAt(reopened.head.header.stateRoot).accounts()].length).toBeGreaterThan(100);
  expect(new ChainStore(store).hashAt(BigInt(first + 50))).toBeUndefined();
});
