import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, concat, equal, hexOf, type Bytes } from '../base/bytes.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { MemoryStore } from '../db/memory-store.ts';
import { EMPTY_TRIE_ROOT } from '../primitives/trie-root.ts';
import { changedLeaves } from './changed-leaves.ts';
import { TrieNodeStore } from './trie-node-store.ts';
import { Trie } from './trie.ts';

/** Keys that part late stand below extensions, which come and go with them. */
const lateKey = fc.tuple(fc.nat(3), fc.nat(255)).map(([a, b]) => Uint8Array.from({ length: 32 }, (_, i) => (i === 30 ? a * 16 : i === 31 ? b : 7)));
const earlyKey = fc.nat(60).map((n) => keccak256(Uint8Array.of(n)));
type Entries = ReadonlyMap<string, { readonly key: Bytes; readonly value: Bytes }>;
const entries: fc.Arbitrary<Entries> = fc.array(fc.tuple(fc.oneof(lateKey, earlyKey), fc.uint8Array({ minLength: 1, maxLength: 40 })), { maxLength: 40 }).map((list) => new Map(list.map(([key, value]) => [hexOf(key), { key, value }] as const)));

const sorted = (of: Entries): { readonly key: Bytes; readonly value: Bytes }[] => [...of.values()].sort((a, b) => compare(a.key, b.key));

class Nodes {
  readonly store = new MemoryStore();
  readonly nodes = new TrieNodeStore({ retainedStates: null }, this);

  async commit(from: Bytes, removed: Entries, added: Entries): Promise<Bytes> {
    const trie = new Trie(this.nodes, from, '');
    for (const { key } of removed.values()) trie.delete(key);
    for (const { key, value } of added.values()) trie.put(key, value);
    const batch = this.store.batch();
    let root = EMPTY_TRIE_ROOT;
    this.nodes.commit(batch, 0n, (write) => (root = trie.commit(write)));
    await batch.write();
    return root;
  }
}

describe('the entries of a trie', () => {
  it('come in the order of their keys, from any key or beginning of one on, stored or not', async () => {
    await fc.assert(
      fc.asyncProperty(entries, entries, fc.oneof(fc.uint8Array({ maxLength: 3 }), lateKey, earlyKey), async (stored, put, from) => {
        const nodes = new Nodes();
        const trie = new Trie(nodes.nodes, await nodes.commit(EMPTY_TRIE_ROOT, new Map(), stored), '');
        for (const { key, value } of put.values()) trie.put(key, value);
        const wanted = sorted(new Map([...stored, ...put])).filter(({ key }) => compare(key, from) >= 0);
        expect([...trie.leaves(from)].map(({ key, value }) => hexOf(concat(key, value)))).toEqual(wanted.map(({ key, value }) => hexOf(concat(key, value))));
      }),
      { numRuns: 200 },
    );
  });

  it('that are new or others than in another trie are found', async () => {
    await fc.assert(
      fc.asyncProperty(entries, entries, entries, async (before, removed, added) => {
        const nodes = new Nodes();
        const old = await nodes.commit(EMPTY_TRIE_ROOT, new Map(), before);
        const now = await nodes.commit(old, removed, added);
        const after = new Map([...[...before].filter(([name]) => !removed.has(name)), ...added]);
        const wanted = sorted(after).filter(({ key, value }) => !equal(before.get(hexOf(key))?.value ?? new Uint8Array(), value));
        expect([...changedLeaves(nodes.nodes, old, now, () => undefined)].map(hexOf)).toEqual(wanted.map(({ key }) => hexOf(key)));
      }),
      { numRuns: 200 },
    );
  });

  it('are found without reading what both tries have', async () => {
    const nodes = new Nodes();
    const all: Entries = new Map(Array.from({ length: 2000 }, (_, i) => keccak256(Uint8Array.of(i >> 8, i))).map((key) => [hexOf(key), { key, value: key }]));
    const [one] = all.values();
    if (one === undefined) throw new TypeError('no entry');
    const old = await nodes.commit(EMPTY_TRIE_ROOT, new Map(), all);
    const now = await nodes.commit(old, new Map(), new Map([['', { ...one, value: Uint8Array.of(1) }]]));
    let visits = 0;
    expect([...changedLeaves(nodes.nodes, old, now, () => visits++)].map(hexOf)).toEqual([hexOf(one.key)]);
    expect(visits).toBeLessThan(100);
  });
});
