import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex, hexOf, type Bytes } from '../../base/bytes.ts';
import { sha256 } from '../../crypto/hash.ts';
import { leafNode, leafNodes, merklePath, merkleRoot, verifyPath } from '../../crypto/merkle.ts';
import { chunkKey, chunkLeaf, matchesFacts, openChunk, sealChunk, unitNodes, type SealedChunk } from './chunk.ts';
import { decodeObject, encodeObject } from './object.ts';
import { SUITE_1 } from './suite.ts';

const repeat = (byte: string, count: number): Bytes => fromHex(byte.repeat(count));
const key = fromHex('bb99b89aa082a8b46c0aff26fb3f774738c1a0b4d845e9668c7a7a6d63b66864');
const packing = { seller: repeat('51', 20), versionSalt: repeat('a1', 32) };
const first = Uint8Array.from({ length: 10_000 }, (_, j) => j % 251);
const seal = (index: number, salt: string, plain: Bytes): SealedChunk => sealChunk(SUITE_1, key, index, repeat(salt, 16), plain);

describe('package format: the fixed vector (docs/protocol/11 §4.7)', () => {
  const chunks = [seal(0, 'c5', first), seal(1, 'c6', Uint8Array.of(0x2a)), seal(2, 'c7', first.subarray(0, 4096))] as const;
  const leaves = chunks.map(({ facts }) => chunkLeaf(packing, facts));

  it('gives the keys, hashes and roots byte for byte', () => {
    const [chunk] = chunks;
    expect(hexOf(chunkKey(key, 0, repeat('c5', 16)))).toBe('6405da0f7622a8d0d22776c9d32031c14d3aaf570b0afe14ea67e8208ec6db70');
    expect(hexOf(chunk.facts.keyCommit)).toBe('e6b7a81ffd7db0a4e7bb0c9a123008d1912348720c6108a3d459e8af9509e453');
    expect(hexOf(sha256(chunk.ciphertext))).toBe('58034bcfbafae1dbc7d852558c58026b39934b22a126fa48f854d5936a5b6e3c');
    expect(hexOf(chunk.strip.subarray(0, 32))).toBe('2672a7104483072ec47a8ee17522dc85fb4bdd291bee020d7e51d18832512330');
    expect(hexOf(chunk.strip.subarray(64))).toBe('e68576c21229e83efce80537bac69211c4924638f4b87cf0d7936be84a4503c1');
    expect(hexOf(sha256(chunk.ciphertext.subarray(0, 4096)))).toBe('f73922d8da21a7289394fbfb56b9a5ddc2eed230ed4f3540108a2bf7addf0826');
    expect(hexOf(unitNodes(SUITE_1, chunk.ciphertext, chunk.strip).subarray(0, 32))).toBe('0fb1d1c93b12168514aa62b26967fec18add5df9e1892fd78ef3f17b8023db4d');
    expect(hexOf(chunk.facts.unitRoot)).toBe('416c24547f36b5026fa05f91c49d0de3f2a9a3dbaa0d39b6cd4ae7e70f37d07c');
    expect(leaves.map(hexOf)).toEqual([
      '38a04bc720b043b5348cb4eac88a8ae7491faf017816f3589eede96fca456c76',
      'b3fa9074a744432573809784c5ec0d0869e5a636155a81dce3f5b828095f5a83',
      '40c09d9b6dcc1bcb789bb185dde5937053796cbf798d49404053360ab47172b7',
    ]);
    const nodes = leafNodes(leaves);
    expect(hexOf(merkleRoot(nodes))).toBe('52dab39ed6bd279dc5620f39609d4c09f239ac6f6b3b60dca9087bf91e1ec155');
    expect(merklePath(nodes, 2).map(hexOf)).toEqual(['874571dfcc8c47cb28c359bc3e4497252e33fdc94cdb6b7f36bd85508a227aee']);
  });
});

describe('a chunk', () => {
  it('comes back from its object at every length around the unit and chunk edges', () => {
    for (const length of [1, 4095, 4096, 4097, 8192, (1 << 20) - 1, 1 << 20]) {
      const plain = Uint8Array.from({ length }, (_, j) => (j * 7) & 0xff);
      const sealed = seal(3, 'c8', plain);
      const { strip, ciphertext } = decodeObject(SUITE_1, sealed.facts, encodeObject(SUITE_1, sealed));
      expect(matchesFacts(SUITE_1, sealed.facts, strip, ciphertext)).toBe(true);
      const opened = openChunk(SUITE_1, key, sealed.facts, strip, ciphertext);
      expect('plain' in opened && Buffer.compare(opened.plain, plain)).toBe(0);
    }
  });

  it('is refused when any byte of the object changed, or some were appended', () => {
    const sealed = seal(0, 'c5', first);
    const object = encodeObject(SUITE_1, sealed);
    const accepted = (bytes: Bytes): boolean => {
      try {
        const parts = decodeObject(SUITE_1, sealed.facts, bytes);
        return matchesFacts(SUITE_1, sealed.facts, parts.strip, parts.ciphertext);
      } catch {
        return false;
      }
    };
    expect(accepted(object)).toBe(true);
    fc.assert(fc.property(fc.nat(object.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const changed = Uint8Array.from(object);
      changed[at] = (changed[at] ?? 0) ^ flip;
      return !accepted(changed);
    }), { numRuns: 300 });
    expect(accepted(Uint8Array.from([...object, ...new Uint8Array(16)]))).toBe(false);
    expect(accepted(object.subarray(0, -1))).toBe(false);
  });

  it('names the lie: a key that is not the committed one, or the first unit that is not what was promised', () => {
    const sealed = seal(0, 'c5', first);
    expect(openChunk(SUITE_1, repeat('01', 32), sealed.facts, sealed.strip, sealed.ciphertext)).toEqual({ fault: 'key-leaf' });
    const lyingStrip = Uint8Array.from(sealed.strip);
    lyingStrip[70] = (lyingStrip[70] ?? 0) ^ 1;
    expect(openChunk(SUITE_1, key, sealed.facts, lyingStrip, sealed.ciphertext)).toEqual({ fault: 'unit', unit: 2 });
  });
});

describe('paths', () => {
  it('hold for their node, index and count, and for nothing else', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), (count, seed) => {
      const nodes = leafNodes(Array.from({ length: count }, (_, i) => Uint8Array.of(i)));
      const index = seed % count;
      const root = merkleRoot(nodes);
      const path = merklePath(nodes, index);
      const node = nodes.subarray(index * 32, index * 32 + 32);
      const spare = [...path, new Uint8Array(32)];
      const others = [
        verifyPath(root, node, index, count, spare),
        path.length > 0 && verifyPath(root, node, index, count, path.slice(0, -1)),
        verifyPath(root, leafNode(Uint8Array.of(200)), index, count, path),
        verifyPath(root, node, count, count, path),
        count > 1 && verifyPath(root, node, (index + 1) % count, count, path),
      ];
      return verifyPath(root, node, index, count, path) && others.every((other) => !other);
    }));
  });
});
