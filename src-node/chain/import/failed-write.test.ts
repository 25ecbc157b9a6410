import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { toHex, type Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import { MemoryStore } from '../../db/memory-store.ts';
import type { WriteBatch } from '../../db/store.ts';
import { network } from '../../networks/network.ts';
import { TrieNodeStore } from '../../state/trie-node-store.ts';
import { walkState } from '../../state/walk-state.ts';
import { blocksIn, testChain } from '../../testing/chains.ts';
import { readVector } from '../../testing/vectors.ts';

const blocks = blocksIn(readVector('blocks/dev-chain.rlp'));
const dev = network('dev');

/** A disk that takes nothing while it is full, and gives many values late. */
class FullStore extends MemoryStore {
  isFull = false;

  override async getMany(keys: readonly Bytes[]): Promise<(Bytes | undefined)[]> {
    const values = await super.getMany(keys);
    for (let turn = 0; turn < 5; turn++) await setImmediate();
    return values;
  }

  override batch(): WriteBatch {
    const batch = super.batch();
    return { ...batch, write: () => (this.isFull ? Promise.reject(new CodedError('DATABASE_ERROR', 'The disk is full.')) : batch.write()) };
  }
}

describe('after a write that failed', () => {
  it.each([140, 260])('of %i blocks the chain goes on from the head on disk, with all of its state', async (count) => {
    const store = new FullStore();
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
    expect(toHex(chain.head.header.stateRoot)).toBe(toHex((await controlHead()).stateRoot));
  });
});

async function controlHead(): Promise<{ readonly stateRoot: Bytes }> {
  const control = await testChain(dev);
  await control.importBlocks(blocks);
  return control.head.header;
}
