import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byteKey } from '../base/byte-key.ts';
import { concat, equal, hexOf, u64be, type Bytes } from '../base/bytes.ts';
import { BUCKET } from '../db/bucket.ts';
import { BufferedStore } from '../db/buffered-store.ts';
import { MemoryStore } from '../db/memory-store.ts';
import type { WriteBatch } from '../db/store.ts';
import { bytesIn, decode, encode, listIn } from '../primitives/rlp/index.ts';
import { HASH_LENGTH } from '../primitives/trie-node.ts';
import { EMPTY_TRIE_ROOT } from '../primitives/trie-root.ts';
import { stateBuckets } from './state-buckets.ts';
import { StatePruner } from './state-pruner.ts';
import { State } from './state.ts';
import { TrieNodeStore } from './trie-node-store.ts';

/** A store that can list its keys, and gives many values later than it reads them. */
class ListedStore extends MemoryStore {
  readonly keys = new Set<string>();

  override async getMany(keys: readonly Bytes[]): Promise<(Bytes | undefined)[]> {
    const values = await super.getMany(keys);
    await setImmediate();
    return values;
  }

  override batch(): WriteBatch {
    const batch = super.batch();
    const changes: [key: string, isThere: boolean][] = [];
    return {
      put: (key, value) => (changes.push([hexOf(key), true]), batch.put(key, value)),
      delete: (key) => (changes.push([hexOf(key), false]), batch.delete(key)),
      write: () => {
        for (const [key, isThere] of changes) this.keys[isThere ? 'add' : 'delete'](key);
        return batch.write();
      },
    };
  }

  nodes(): string[] {
    return [...this.keys].filter((key) => key.startsWith('09'));
  }
}

/** Keys of all nodes of a state, as the store has them. */
function reachable(nodes: TrieNodeStore, root: Bytes): Set<string> {
  const found = new Set<string>();
  const visit = (owner: Bytes, reference: string, path: readonly number[]): void => {
    if (reference.length === HASH_LENGTH) found.add(hexOf(concat(Uint8Array.of(BUCKET.stateNodes), owner, Buffer.from(reference, 'latin1'))));
    const node = nodes.node(byteKey(owner), reference);
    if (node.kind === 'branch') node.children.forEach((child, i) => typeof child === 'string' && visit(owner, child, [...path, i]));
    else if (node.kind === 'extension' && typeof node.child === 'string') visit(owner, node.child, [...path, ...node.path]);
    else if (node.kind === 'leaf' && owner.length === 0) storage([...path, ...node.path], node.value);
  };
  const storage = (path: readonly number[], record: Bytes): void => {
    const storageRoot = bytesIn(listIn(decode(record))[2]);
    const hash = Uint8Array.from({ length: 32 }, (_, i) => ((path[2 * i] ?? 0) << 4) | (path[2 * i + 1] ?? 0));
    if (!equal(storageRoot, EMPTY_TRIE_ROOT)) visit(hash, byteKey(storageRoot), []);
  };
  if (!equal(root, EMPTY_TRIE_ROOT)) visit(new Uint8Array(), byteKey(root), []);
  return found;
}

function address(last: number): Bytes {
  return Uint8Array.from({ length: 20 }, (_, i) => (i === 19 ? last : 9));
}

const who = fc.integer({ min: 1, max: 5 }).map(address);
type Change = (state: State) => void;
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(who, fc.bigInt({ min: 0n, max: 3n })).map(([a, amount]): Change => (state) => state.addBalance(a, amount)) },
  // few slots and values, so that storages of two accounts are often the same, and come back
  { weight: 6, arbitrary: fc.tuple(who, fc.bigInt({ min: 0n, max: 5n }), fc.bigInt({ min: 0n, max: 2n })).map(([a, slot, value]): Change => (state) => (state.addBalance(a, 1n), state.setStorage(a, slot, value << 240n))) },
  { weight: 1, arbitrary: who.map((a): Change => (state) => state.createAccount(a)) },
  { weight: 1, arbitrary: who.map((a): Change => (state) => state.selfDestruct(a)) },
);
const block = fc.record({ transactions: fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 4 }), isCommitted: fc.boolean(), isReopened: fc.boolean(), isPrunedBeside: fc.boolean() });

describe('states of old blocks', () => {
  it('leave exactly what the kept ones hold', async () => {
    const retained = 2n;
    let removed = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(block, { maxLength: 14 }), async (blocks) => {
        const store = new ListedStore();
        let nodes = new TrieNodeStore({ retainedStates: retained }, { store });
        let state = new State(nodes, EMPTY_TRIE_ROOT);
        const commits: { readonly number: bigint; readonly root: Bytes }[] = [];
        let pruning = Promise.resolve();
        for (const [index, { transactions, isCommitted, isReopened, isPrunedBeside }] of blocks.entries()) {
          for (const changes of transactions) {
            for (const apply of changes) apply(state);
            state.finalise();
          }
          state.root();
          if (!isCommitted) continue;
          const last = BigInt(index + 1);
          const batch = store.batch();
          commits.push({ number: last, root: state.commit(batch, last) });
          const before = store.nodes().length;
          await batch.write();
          await pruning;
          pruning = nodes.prune(last);
          if (isPrunedBeside) continue; // while the next state is committed
          await pruning;
          removed += Math.max(0, before - store.nodes().length);
          const fresh = new TrieNodeStore({ retainedStates: retained, cachedNodes: 1 }, { store });
          // what a commit replaced stays until that commit is `retained` blocks old
          const kept = commits.filter((_, i) => i === commits.length - 1 || (commits[i + 1]?.number ?? 0n) > last - retained);
          const wanted = new Set(kept.flatMap(({ root }) => [...reachable(fresh, root)]));
          expect(store.nodes().sort()).toEqual([...wanted].sort());
          if (!isReopened) continue;
          nodes = fresh;
          state = new State(nodes, commits.at(-1)?.root ?? EMPTY_TRIE_ROOT);
        }
      }),
      { numRuns: 400 },
    );
    expect(removed).toBeGreaterThan(0);
  });
});

describe('what was removed before a write failed', () => {
  it('is removed again', async () => {
    const store = new BufferedStore(new MemoryStore());
    const buckets = stateBuckets(store);
    const key = new Uint8Array(HASH_LENGTH).fill(7);
    const batch = store.batch();
    buckets.nodes.put(batch, key, u64be(1n));
    buckets.replaced.put(batch, u64be(2n), encode([key]));
    await batch.write();
    await store.flush();
    const pruner = new StatePruner(buckets, store);
    await pruner.step(2n, 10);
    expect(buckets.nodes.get(key)).toBeUndefined();
    store.forget();
    expect(buckets.nodes.get(key)).toEqual(u64be(1n));
    await pruner.step(2n, 10);
    expect(buckets.nodes.get(key)).toBeUndefined();
  });
});

describe('a node that is made again while it would be removed', () => {
  it('stays, whatever the moment', async () => {
    const key = new Uint8Array(HASH_LENGTH).fill(7);
    for (let turns = 0; turns < 12; turns++) {
      const store = new MemoryStore();
      const buckets = stateBuckets(store);
      const pruner = new StatePruner(buckets, store);
      const put = (number: bigint): void => {
        const batch = store.batch();
        buckets.nodes.put(batch, key, u64be(number));
        buckets.replaced.put(batch, u64be(2n), encode([key]));
        void batch.write();
      };
      put(1n);
      const pruning = pruner.step(2n, 10);
      for (let i = 0; i < turns; i++) await Promise.resolve();
      pruner.made(byteKey(key));
      put(3n);
      await pruning;
      expect(buckets.nodes.get(key), `after ${turns} turns`).toEqual(u64be(3n));
    }
  });
});
