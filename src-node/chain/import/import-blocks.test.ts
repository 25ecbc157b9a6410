import { setImmediate, setTimeout } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { toHex, type Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import { MemoryStore } from '../../db/memory-store.ts';
import type { WriteBatch } from '../../db/store.ts';
import { network } from '../../networks/network.ts';
import { TrieNodeStore } from '../../state/trie-node-store.ts';
import { walkState } from '../../state/walk-state.ts';
import { blocksIn, testChain } from '../../testing/chains.ts';
import { readVector } from '../../testing/vectors.ts';
import { ChainStore } from '../store/chain-store.ts';

/** Takes nothing while the disk is full, and gives many values late. */
class FullStore extends MemoryStore {
  isFull = false;
  /** Reads of many values that have not ended. */
  reading = 0;
  readonly #late: () => Promise<unknown>;

  /** @param late what a read of many values waits for */
  constructor(late: () => Promise<unknown>) {
    super();
    this.#late = late;
  }

  override async getMany(keys: readonly Bytes[]): Promise<(Bytes | undefined)[]> {
    const values = await super.getMany(keys);
    this.reading++;
    await this.#late();
    this.reading--;
    return values;
  }

  override batch(): WriteBatch {
    const batch = super.batch();
    return { ...batch, write: () => (this.isFull ? Promise.reject(new CodedError('DATABASE_ERROR', 'The disk is full.')) : batch.write()) };
  }
}

it('has ended its reading when it fails to write, so that the store can be closed', async () => {
  const store = new FullStore(() => setTimeout(5));
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
  const store = new FullStore(() => setTimeout(5));
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

it.each([140, 260])('goes on from the head on disk, with all of its state, after a write of %i blocks that failed', async (count) => {
  const blocks = blocksIn(readVector('blocks/dev-chain.rlp'));
  const dev = network('dev');
  const store = new FullStore(async () => {
    for (let turn = 0; turn < 5; turn++) await setImmediate();
  });
  const chain = await testChain(dev, store);
  store.isFull = true;
  await expect(chain.importBlocks(blocks.slice(0, count))).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
  expect(chain.head.header.number).toBe(0n);
  for (let turn = 0; turn < 20; turn++) await setImmediate(); // what was begun beside it ends
  store.isFull = false;
  for (const [i, block] of blocks.slice(1).entries()) {
    await chain.importBlocks([block]);
    if (i % 20 > 0) continue;
    expect([...walkState(new TrieNodeStore({}, { store }), chain.head.header.stateRoot)].length).toBeGreaterThan(0);
  }
  const control = await testChain(dev);
  await control.importBlocks(blocks);
  expect(toHex(chain.head.header.stateRoot)).toBe(toHex(control.head.header.stateRoot));
});
