import { hexOf, type Bytes } from '../../../base/bytes.ts';
import { keccak256 } from '../../../crypto/keccak.ts';
import { MemoryStore } from '../../../db/memory-store.ts';
import { EMPTY_TRIE_ROOT, trieRoot } from '../../../primitives/trie-root.ts';
import { decodeNode } from '../../../state/trie-node.ts';
import { TrieNodeStore } from '../../../state/trie-node-store.ts';
import { Trie } from '../../../state/trie.ts';
import { Random } from '../random.ts';
import { unlessRefused, type FuzzTarget } from '../fuzz-target.ts';

const REFERENCE = 'r'.repeat(32);

/** The input as changes of a trie, one for three bytes, against a trie built anew; and as a stored node. */
export function trie(): FuzzTarget {
  const random = new Random(1);
  return {
    seeds: Array.from({ length: 40 }, (_, i) => Uint8Array.from({ length: 3 * (i + 1) }, () => random.below(256))),
    async check(input) {
      unlessRefused(() => decodeNode(input, REFERENCE), 'BAD_RLP', 'STATE_DAMAGED');
      await compare(input.subarray(0, 600));
    },
  };
}

async function compare(changes: Bytes): Promise<void> {
  const store = new MemoryStore();
  let subject = new Trie(new TrieNodeStore({}, { store }), EMPTY_TRIE_ROOT, '');
  const entries = new Map<string, readonly [Bytes, Bytes]>();
  for (let at = 0; at + 2 < changes.length; at += 3) {
    const [kind = 0, name = 0, value = 0] = changes.subarray(at, at + 3);
    const key = keccak256(Uint8Array.of(name % 64));
    if (kind < 0x90) {
      const content = new Uint8Array(1 + (value % 70)).fill(value | 1);
      subject.put(key, content);
      entries.set(hexOf(key), [key, content]);
    } else if (kind < 0xe0) {
      subject.delete(key);
      entries.delete(hexOf(key));
    } else if (kind < 0xf0) {
      subject.seal();
    } else {
      const batch = store.batch();
      const nodes = new TrieNodeStore({ cachedNodes: 2 }, { store });
      nodes.commit(batch, BigInt(at), (write) => void subject.commit(write));
      await batch.write();
      if (kind >= 0xf8) subject = new Trie(nodes, subject.seal(), '');
    }
  }
  if (hexOf(subject.seal()) !== hexOf(trieRoot(entries.values()))) throw new TypeError('the root is another one');
  for (const [key, value] of entries.values()) if (hexOf(subject.get(key) ?? new Uint8Array()) !== hexOf(value)) throw new TypeError('a value is another one');
}
