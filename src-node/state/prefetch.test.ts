import { describe, expect, it } from 'vitest';
import { byteKey } from '../base/byte-key.ts';
import { concat, fromBigInt, u64be, type Bytes } from '../base/bytes.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { Bucket } from '../db/bucket.ts';
import { MemoryStore } from '../db/memory-store.ts';
import { encode } from '../primitives/rlp/index.ts';
import { EMPTY_TRIE_ROOT } from '../primitives/trie-root.ts';
import { prefetchAccounts } from './prefetch.ts';
import { State } from './state.ts';
import { TrieNodeStore } from './trie-node-store.ts';

/** Counts what it is asked for one by one, and how often for many. */
class CountingStore extends MemoryStore {
  single = 0;
  rounds = 0;

  override get(key: Bytes): Bytes | undefined {
    this.single += 1;
    return super.get(key);
  }

  override getMany(keys: readonly Bytes[]): Promise<(Bytes | undefined)[]> {
    this.rounds += 1;
    return Promise.resolve(keys.map((key) => super.get(key)));
  }
}

const address = (number: number): Bytes => fromBigInt(BigInt(number), 20);
const MANY = 3000;

async function stored(): Promise<{ readonly store: CountingStore; readonly nodes: TrieNodeStore; readonly root: Bytes }> {
  const store = new CountingStore();
  const state = new State(new TrieNodeStore({}, { store }), EMPTY_TRIE_ROOT);
  for (let number = 1; number <= MANY; number++) state.addBalance(address(number), BigInt(number));
  state.finalise();
  const batch = store.batch();
  const root = state.commit(batch, 1n);
  await batch.write();
  const nodes = new TrieNodeStore({}, { store });
  store.single = store.rounds = 0;
  return { store, nodes, root };
}

describe('accounts read ahead', () => {
  it('are found in memory, present and absent ones, after one read a level', async () => {
    const { store, nodes, root } = await stored();
    const some = Array.from({ length: 500 }, (_, i) => address(MANY - 250 + i));
    await prefetchAccounts(nodes, root, some);
    expect(store.rounds).toBeLessThan(8);
    const state = new State(nodes, root);
    expect(some.map((each) => state.balanceOf(each))).toEqual(some.map((_, i) => (i <= 250 ? BigInt(MANY - 250 + i) : 0n)));
    expect(store.single).toBe(0);
    const rounds = store.rounds;
    await prefetchAccounts(nodes, root, some);
    expect(store.rounds).toBe(rounds); // nothing is read twice
  });

  it('are left out where the state is not stored, or is empty', async () => {
    const { nodes, root } = await stored();
    await prefetchAccounts(nodes, keccak256(root), [address(1)]);
    await prefetchAccounts(nodes, EMPTY_TRIE_ROOT, [address(1)]);
    expect(nodes.cachedNode(byteKey(root))).toBeUndefined();
  });

  it('come to an end in nodes that lead to themselves', async () => {
    const { store, nodes } = await stored();
    const reference = new Uint8Array(32).fill(7);
    const loop = encode([...Array.from({ length: 16 }, () => reference), new Uint8Array()]);
    const batch = store.batch();
    new Bucket('stateNodes', store).put(batch, reference, concat(u64be(1n), loop));
    await batch.write();
    await prefetchAccounts(nodes, reference, [address(1)]);
    expect(nodes.cachedNode(byteKey(reference))).toMatchObject({ kind: 'branch' });
  });
});
