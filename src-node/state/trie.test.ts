import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_BYTES, fromHex, hexOf, type Bytes } from '../base/bytes.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { MemoryStore } from '../db/memory-store.ts';
import { encode } from '../primitives/rlp/index.ts';
import { EMPTY_TRIE_ROOT, trieRoot } from '../primitives/trie-root.ts';
import { decodeNode } from './trie-node.ts';
import { TrieNodeStore } from './trie-node-store.ts';
import { Trie } from './trie.ts';

/** Keys that part late, so that small values make nodes shorter than a hash. */
const lateKey = fc.tuple(fc.nat(3), fc.nat(255)).map(([a, b]) => Uint8Array.from({ length: 32 }, (_, i) => (i === 30 ? a * 16 : i === 31 ? b : 7)));
const earlyKey = fc.nat(200).map((n) => keccak256(Uint8Array.of(n)));
const key = fc.oneof(lateKey, earlyKey);
const value = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 3 }), fc.uint8Array({ minLength: 1, maxLength: 80 }));
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), key, value }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('seal' as const, 'reopen' as const) }) },
);

async function commit(trie: Trie, store: MemoryStore): Promise<Bytes> {
  let root: Bytes = EMPTY_TRIE_ROOT;
  const batch = store.batch();
  new TrieNodeStore({ retainedStates: null }, { store }).commit(batch, 0n, (write) => (root = trie.commit(write)));
  await batch.write();
  return root;
}

describe('Trie', () => {
  it('has the root of a trie built anew, whatever was put, deleted, sealed and reopened before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const store = new MemoryStore();
        let trie = new Trie(new TrieNodeStore({}, { store }), EMPTY_TRIE_ROOT, '');
        const entries = new Map<string, [Bytes, Bytes]>();
        for (const change of steps) {
          switch (change.kind) {
            case 'put':
              trie.put(change.key, change.value);
              entries.set(hexOf(change.key), [change.key, change.value]);
              break;
            case 'delete':
              trie.delete(change.key);
              entries.delete(hexOf(change.key));
              break;
            case 'seal':
              trie.seal();
              break;
            case 'reopen': {
              const root = await commit(trie, store);
              trie = new Trie(new TrieNodeStore({ cachedNodes: 4 }, { store }), root, '');
            }
          }
        }
        for (const [entryKey, entryValue] of entries.values()) expect(hexOf(trie.get(entryKey) ?? EMPTY_BYTES)).toBe(hexOf(entryValue));
        expect(hexOf(trie.seal())).toBe(hexOf(trieRoot(entries.values())));
      }),
      { numRuns: 300 },
    );
  });

  it('has the same root in whatever order its entries came, and gives them back after a reload', async () => {
    const entries = fc.uniqueArray(fc.record({ key, value }), { selector: (entry) => hexOf(entry.key), maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(entries.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }), fc.shuffledSubarray(list))), async ([list, shuffled, detour]) => {
        const straight = new Trie(new TrieNodeStore({}, { store: new MemoryStore() }), EMPTY_TRIE_ROOT, '');
        for (const entry of list) straight.put(entry.key, entry.value);
        const store = new MemoryStore();
        const other = new Trie(new TrieNodeStore({}, { store }), EMPTY_TRIE_ROOT, '');
        for (const entry of detour) other.put(entry.key, Uint8Array.of(1, ...entry.value));
        for (const entry of detour) other.delete(entry.key);
        expect(hexOf(other.seal())).toBe(hexOf(EMPTY_TRIE_ROOT));
        for (const entry of shuffled) other.put(entry.key, entry.value);
        const root = await commit(other, store);
        expect(hexOf(root)).toBe(hexOf(straight.seal()));
        const reloaded = new Trie(new TrieNodeStore({ cachedNodes: 1 }, { store }), root, '');
        for (const entry of list) expect(hexOf(reloaded.get(entry.key) ?? EMPTY_BYTES)).toBe(hexOf(entry.value));
        expect(reloaded.get(keccak256(Uint8Array.of(255, 255)))).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  it('keeps older roots readable', async () => {
    const store = new MemoryStore();
    const nodes = new TrieNodeStore({}, { store });
    const trie = new Trie(nodes, EMPTY_TRIE_ROOT, '');
    const name = keccak256(Uint8Array.of(1));
    const roots: Bytes[] = [];
    for (let i = 1; i <= 3; i++) {
      trie.put(name, Uint8Array.of(i));
      trie.put(keccak256(Uint8Array.of(i, i)), Uint8Array.of(i));
      roots.push(await commit(trie, store));
    }
    expect(roots.map((root) => [...(new Trie(nodes, root, '').get(name) ?? [])])).toEqual([[1], [2], [3]]);
  });

  it('changes nothing of what another trie reads at the same root', async () => {
    class BufferStore extends MemoryStore {
      override get(key: Bytes): Bytes | undefined {
        const value = super.get(key);
        return value === undefined ? undefined : Buffer.from(value); // as LevelDB gives it: a slice of it is no copy
      }
    }
    const store = new BufferStore();
    const nodes = new TrieNodeStore({}, { store });
    const names = Array.from({ length: 40 }, (_, i) => keccak256(Uint8Array.of(i)));
    const first = new Trie(nodes, EMPTY_TRIE_ROOT, '');
    for (const name of names) first.put(name, Uint8Array.of(1));
    const root = await commit(first, store);
    const changed = new Trie(nodes, root, '');
    changed.put(names[0] ?? EMPTY_BYTES, Uint8Array.of(2));
    changed.seal();
    const other = new Trie(nodes, root, '');
    const control = new Trie(new TrieNodeStore({}, { store }), root, '');
    for (const trie of [other, control]) trie.put(names[1] ?? EMPTY_BYTES, Uint8Array.of(3));
    expect(hexOf(other.seal())).toBe(hexOf(control.seal()));
  });

  it.each(['c28001', 'c24001', `d1${'80'.repeat(16)}01`, 'c0', 'c101'])('takes no damaged node for one (%s)', (hex) => {
    expect(() => decodeNode(fromHex(hex), 'r'.repeat(32))).toThrow(expect.objectContaining({ code: expect.stringMatching(/^(?:STATE_DAMAGED|BAD_RLP)$/) as string }));
  });

  it('ends at a node that leads back to itself', async () => {
    const store = new MemoryStore();
    const hash = keccak256(Uint8Array.of(77));
    const nodes = new TrieNodeStore({}, { store });
    const batch = store.batch();
    nodes.commit(batch, 0n, (write) => write.node('', Buffer.from(hash).toString('latin1'), encode([...new Array<Bytes>(16).fill(hash), EMPTY_BYTES])));
    await batch.write();
    const name = keccak256(Uint8Array.of(1));
    const damage = expect.objectContaining({ code: 'STATE_DAMAGED' }) as Error;
    expect(() => new Trie(nodes, hash, '').get(name)).toThrow(damage);
    expect(() => new Trie(nodes, hash, '').put(name, Uint8Array.of(1))).toThrow(damage);
    expect(() => new Trie(nodes, hash, '').delete(name)).toThrow(damage);
  });

  it('names a root that is not stored', () => {
    const trie = new Trie(new TrieNodeStore({}, { store: new MemoryStore() }), keccak256(Uint8Array.of(9)), '');
    expect(() => trie.get(keccak256(Uint8Array.of(1)))).toThrow(expect.objectContaining({ code: 'STATE_MISSING' }));
  });
});
