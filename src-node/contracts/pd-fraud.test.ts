import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, fromBigInt, fromHex, hexOf, toHex, u64be, utf8, type Bytes } from '../base/bytes.ts';
import { hkdfSha256, sha256 } from '../crypto/hash.ts';
import { CURVE_N, CURVE_P, publicKeyOf } from '../crypto/secp256k1.ts';
import * as fraud from './bindings/pd-fraud.gen.ts';
import { keyOpening, pointOf } from './proofs.ts';
import { orderId } from './terms.ts';
import { chunkOf, FraudCourt, packOf } from './testing/fraud-court.ts';
import { wrapKey } from './testing/market.ts';
import { counterOf, leafNode, leafPath, referencePackage, treePath, unitFields, unitNode, type PackageInput, type ReferencePackage } from './testing/reference-package.ts';

const repeat = (byte: string, count: number): Bytes => fromHex(byte.repeat(count));
const seller = repeat('51', 20);
const versionSalt = repeat('a1', 32);
const key = hkdfSha256(repeat('07', 32), versionSalt, concat(utf8('PDK0'), u64be(337), seller), 32);
const first = Uint8Array.from({ length: 10_000 }, (_, j) => j % 251);
const input: PackageInput = {
  seller,
  versionSalt,
  key,
  chunks: [
    { plain: first, salt: repeat('c5', 16) },
    { plain: Uint8Array.of(0x2a), salt: repeat('c6', 16) },
    { plain: first.subarray(0, 4096), salt: repeat('c7', 16) },
  ],
};
const honest = referencePackage(input);
const order = orderId({ contract: toHex(repeat('e5', 20)), chainId: 337n, creator: toHex(repeat('b1', 20)), nonce: 0n });
const scalar = (value: bigint): Bytes => fromBigInt(value, 32);
const b = scalar(5n);
const flipped = (bytes: Bytes, at = 0): Bytes => Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ 1 : byte));
const court = new FraudCourt();

describe('the fixed vector (docs/protocol/11 §4.7)', () => {
  it('has the keys, hashes and roots that are published', () => {
    const [chunk] = honest.chunks;
    expect(hexOf(key)).toBe('bb99b89aa082a8b46c0aff26fb3f774738c1a0b4d845e9668c7a7a6d63b66864');
    expect(hexOf(honest.keyCommit)).toBe('c9b86d4feabd21aa3a0b30478875920eed1a46f868699591e755ea77dbbc7f73');
    expect(chunk && hexOf(chunk.chunkKey)).toBe('6405da0f7622a8d0d22776c9d32031c14d3aaf570b0afe14ea67e8208ec6db70');
    expect(chunk && hexOf(chunk.facts.keyCommit)).toBe('e6b7a81ffd7db0a4e7bb0c9a123008d1912348720c6108a3d459e8af9509e453');
    expect(chunk?.units.map(({ plainHash }) => hexOf(plainHash)).filter((_, u) => u !== 1)).toEqual([
      '2672a7104483072ec47a8ee17522dc85fb4bdd291bee020d7e51d18832512330', 'e68576c21229e83efce80537bac69211c4924638f4b87cf0d7936be84a4503c1',
    ]);
    expect(hexOf(sha256(concat(...(chunk?.units ?? []).map(({ cipher }) => cipher))))).toBe('58034bcfbafae1dbc7d852558c58026b39934b22a126fa48f854d5936a5b6e3c');
    expect(chunk?.units[0] && hexOf(sha256(chunk.units[0].cipher))).toBe('f73922d8da21a7289394fbfb56b9a5ddc2eed230ed4f3540108a2bf7addf0826');
    expect(chunk?.units[0] && hexOf(chunk.units[0].node)).toBe('0fb1d1c93b12168514aa62b26967fec18add5df9e1892fd78ef3f17b8023db4d');
    expect(chunk && hexOf(chunk.facts.unitRoot)).toBe('416c24547f36b5026fa05f91c49d0de3f2a9a3dbaa0d39b6cd4ae7e70f37d07c');
    expect(honest.chunks.map(({ leaf }) => hexOf(leaf))).toEqual([
      '38a04bc720b043b5348cb4eac88a8ae7491faf017816f3589eede96fca456c76',
      'b3fa9074a744432573809784c5ec0d0869e5a636155a81dce3f5b828095f5a83',
      '40c09d9b6dcc1bcb789bb185dde5937053796cbf798d49404053360ab47172b7',
    ]);
    expect(hexOf(honest.dataRoot)).toBe('52dab39ed6bd279dc5620f39609d4c09f239ac6f6b3b60dca9087bf91e1ec155');
    expect(leafPath(honest, 2).map(hexOf)).toEqual(['874571dfcc8c47cb28c359bc3e4497252e33fdc94cdb6b7f36bd85508a227aee']);
    expect(order).toBe('0x77b900da4646be1a7e9efc545fbd32f8b41190f1b7cf5e1d7e02ae22a0dfcb15');
  });

  it('wraps the key for both parities of E as published, and the contract opens both', () => {
    const wrapped = { 7: '2352a93774ab864c61931f3f65e9cb6604b13ea420ce85c23b2e0e9d6a2444f9', 6: '3d98b6e9ef98415f74d3ac43f11f8134184dbd8b584b045c844b79d471040785' };
    for (const [e, expected] of Object.entries(wrapped)) {
      const posted = wrapKey({ id: order, b }, key, scalar(BigInt(e)));
      expect(hexOf(posted.wrapped)).toBe(expected);
      expect(court.wrongKey(packOf(honest), order, keyOpening(b, posted))).toBe('NO_FRAUD');
      expect(court.wrongKey(packOf(honest), order, keyOpening(b, { ...posted, wrapped: flipped(posted.wrapped, 31) }))).toBe('PROVEN');
    }
  });
});

describe('wrong key', () => {
  const pack = packOf(honest);
  const lie = wrapKey({ id: order, b }, flipped(key), scalar(7n));
  const proof = keyOpening(b, lie);

  it('is proven with the true points only', () => {
    expect(court.wrongKey(pack, order, proof)).toBe('PROVEN');
    const other = keyOpening(scalar(6n), lie);
    expect(court.wrongKey(pack, order, { ...proof, shared: other.shared })).toBe('NOT_THE_PRODUCT');
    expect(court.wrongKey(pack, order, { ...proof, shared: { ...proof.shared, y: CURVE_P - proof.shared.y } })).toBe('NOT_THE_PRODUCT');
    expect(court.wrongKey(pack, order, { ...proof, b: proof.b + 1n })).toBe('NOT_THE_PRODUCT');
    expect(court.wrongKey(pack, order, { ...proof, b: CURVE_N + proof.b })).toBe('NOT_THE_PRODUCT');
    expect(court.wrongKey(pack, order, { ...proof, buyerKey: other.buyerKey })).toBe('NOT_THE_PRODUCT');
  });

  it('takes no honest seller: the right key under other points is refused as well', () => {
    const posted = wrapKey({ id: order, b }, key, scalar(7n));
    const right = keyOpening(b, posted);
    for (const wrong of [0n, 1n, 4n, 6n, CURVE_N - 5n, CURVE_N, CURVE_N + 5n]) {
      expect(court.wrongKey(pack, order, { ...right, b: wrong })).toBe('NOT_THE_PRODUCT');
    }
    expect(court.wrongKey(pack, order, { ...right, shared: { ...right.shared, y: CURVE_P - right.shared.y } })).toBe('NOT_THE_PRODUCT');
  });

  it('works for the scalars 1 and n−1, and refuses 0 and n', () => {
    for (const edge of [1n, CURVE_N - 1n]) {
      for (const e of [6n, 7n]) {
        expect(court.wrongKey(pack, order, keyOpening(scalar(edge), wrapKey({ id: order, b: scalar(edge) }, key, scalar(e))))).toBe('NO_FRAUD');
        expect(court.wrongKey(pack, order, keyOpening(scalar(edge), wrapKey({ id: order, b: scalar(edge) }, flipped(key), scalar(e))))).toBe('PROVEN');
      }
    }
    const nothing = { x: 0n, y: 0n };
    for (const edge of [0n, CURVE_N]) expect(court.wrongKey(pack, order, { ...proof, b: edge, buyerKey: nothing, shared: nothing })).toBe('NOT_THE_PRODUCT');
  });

  it('refuses an E that no seller could have posted', () => {
    const g = pointOf(publicKeyOf(scalar(1n)));
    const xIsN = { x: CURVE_N, y: 0x98f66641cb0ae1776b463ebdee3d77fe2658f021db48e2c8ac7ab4c92f83621en };
    expect((xIsN.y * xIsN.y - xIsN.x ** 3n - 7n) % CURVE_P).toBe(0n); // on the curve, and refused all the same
    for (const ephemeral of [{ x: 0n, y: 0n }, { x: g.x, y: g.y + 1n }, { x: g.x, y: CURVE_P }, { x: g.x, y: 0n }, xIsN, { x: CURVE_P, y: g.y }]) {
      expect(court.wrongKey(pack, order, { ...proof, ephemeral })).toBe('BAD_POINT');
    }
  });

  it('agrees with the curve library for random scalars', () => {
    const anyScalar = fc.bigInt(1n, CURVE_N - 1n).map(scalar);
    fc.assert(fc.property(anyScalar, anyScalar, fc.boolean(), (mine, e, lies) => {
      const posted = wrapKey({ id: order, b: mine }, lies ? flipped(key) : key, e);
      return court.wrongKey(pack, order, keyOpening(mine, posted)) === (lies ? 'PROVEN' : 'NO_FRAUD');
    }), { numRuns: 60 });
  });

  it('knows points of the curve', () => {
    const onCurve = (x: bigint, y: bigint): boolean => fraud.decodeOnCurveResult(court.harness.read(court.address, fraud.encodeOnCurve({ x, y })));
    const g = pointOf(publicKeyOf(scalar(1n)));
    expect([onCurve(g.x, g.y), onCurve(g.x, CURVE_P - g.y), onCurve(g.x, g.y + 1n), onCurve(0n, 0n)]).toEqual([true, true, false, false]);
  });
});

describe('bad key leaf', () => {
  const lying = referencePackage({ ...input, lyingKey: 1 });
  const right = keyOpening(b, wrapKey({ id: order, b }, key, scalar(7n)));

  it('is proven where K does not give the key of the chunk', () => {
    expect(court.badKeyLeaf(lying, order, right, 1)).toBe('PROVEN');
    expect(court.badKeyLeaf(lying, order, right, 0)).toBe('NO_FRAUD');
    expect(court.badKeyLeaf(lying, order, right, 2)).toBe('NO_FRAUD');
    for (const chunk of [0, 1, 2]) expect(court.badKeyLeaf(honest, order, right, chunk)).toBe('NO_FRAUD');
  });

  it('needs the committed K and the true leaf at its place', () => {
    const wrongKey = keyOpening(b, wrapKey({ id: order, b }, flipped(key), scalar(7n)));
    expect(court.badKeyLeaf(honest, order, wrongKey, 1)).toBe('KEY_NOT_COMMITTED');
    const [zero, one] = [leafPath(honest, 0), leafPath(honest, 1)];
    expect(court.badKeyLeaf(honest, order, right, 1, { leaf: { index: 0 } })).toBe('NOT_IN_VERSION');
    expect(court.badKeyLeaf(honest, order, right, 1, { leaf: { index: 3 }, leafPath: one })).toBe('NOT_IN_VERSION');
    expect(court.badKeyLeaf(honest, order, right, 1, { leaf: { keyCommit: repeat('00', 32) } })).toBe('NOT_IN_VERSION');
    expect(court.badKeyLeaf(honest, order, right, 1, { leafPath: zero })).toBe('NOT_IN_VERSION');
    expect(court.badKeyLeaf(honest, order, right, 1, { leafPath: one.slice(0, 1) })).toBe('NOT_IN_VERSION');
    expect(court.badKeyLeaf(honest, order, right, 1, { leafPath: [...one, repeat('00', 32)] })).toBe('NOT_IN_VERSION');
    expect(court.badKeyLeaf(honest, order, right, 2, { pack: { chunkCount: 4 } })).toBe('NOT_IN_VERSION');
    expect(court.badKeyLeaf(honest, order, right, 2, { pack: { chunkCount: 2 } })).toBe('NOT_IN_VERSION');
  });
});

describe('bad unit', () => {
  const unitOf = (pack: ReferencePackage, chunk: number, unit: number): ReturnType<typeof unitFields> => unitFields(chunkOf(pack, chunk), unit);

  it('is proven for a lie of one bit in any unit, of any length, and never for an honest one', () => {
    for (const [chunk, unit] of [[0, 0], [0, 1], [0, 2], [1, 0], [2, 0]] as const) {
      const lying = referencePackage({ ...input, lyingUnit: { chunk, unit } });
      expect(court.badUnit(lying, chunk, unitOf(lying, chunk, unit))).toBe('PROVEN');
      expect(court.badUnit(honest, chunk, unitOf(honest, chunk, unit))).toBe('NO_FRAUD');
    }
  });

  it('takes nothing but the committed bytes at their place', () => {
    const [u0, u1, last] = [unitOf(honest, 0, 0), unitOf(honest, 0, 1), unitOf(honest, 0, 2)];
    const one = unitOf(honest, 1, 0);
    const cases: readonly (readonly [string, Parameters<FraudCourt['badUnit']>, string])[] = [
      ['off by one', [honest, 0, { ...u0, index: 1 }], 'NOT_IN_CHUNK'],
      ['unit beyond the last', [honest, 0, { ...last, index: 3 }], 'NOT_IN_CHUNK'],
      ['cipher of another unit', [honest, 0, { ...u0, cipher: u1.cipher }], 'NOT_IN_CHUNK'],
      ['h of another unit', [honest, 0, { ...u0, plainHash: u1.plainHash }], 'NOT_IN_CHUNK'],
      ['cipher, h and path of another unit', [honest, 0, { ...u1, index: 0 }], 'NOT_IN_CHUNK'],
      ['unit of another chunk', [honest, 0, { ...unitOf(honest, 2, 0), chunkKey: u0.chunkKey }], 'NOT_IN_CHUNK'],
      ['key of another chunk', [honest, 0, { ...u0, chunkKey: one.chunkKey }], 'KEY_NOT_COMMITTED'],
      ['padded last unit', [honest, 0, { ...last, cipher: concat(last.cipher, new Uint8Array(4096 - last.cipher.length)) }], 'WRONG_LENGTH'],
      ['cut last unit', [honest, 0, { ...last, cipher: last.cipher.subarray(0, -1) }], 'WRONG_LENGTH'],
      ['changed len', [honest, 0, last, { leaf: { length: 12_288 } }], 'NOT_IN_VERSION'],
      ['len of nothing', [honest, 1, one, { leaf: { length: 0 } }], 'NOT_IN_VERSION'],
      ['spare element in the unit path', [honest, 0, { ...u0, path: [...u0.path, u0.plainHash] }], 'NOT_IN_CHUNK'],
      ['missing element in the unit path', [honest, 0, { ...u0, path: u0.path.slice(0, -1) }], 'NOT_IN_CHUNK'],
      ['spare element at a promoted unit', [honest, 0, { ...last, path: [last.plainHash, ...last.path] }], 'NOT_IN_CHUNK'],
      ['spare element in the leaf path', [honest, 0, u0, { leafPath: [...leafPath(honest, 0), u0.plainHash] }], 'NOT_IN_VERSION'],
      ['leaf of another place', [honest, 0, u0, { leaf: { index: 1 }, leafPath: leafPath(honest, 1) }], 'NOT_IN_VERSION'],
      ['other seller', [honest, 0, u0, { pack: { seller: toHex(repeat('52', 20)) } }], 'NOT_IN_VERSION'],
      ['other version salt', [honest, 0, u0, { pack: { versionSalt: toHex(repeat('a2', 32)) } }], 'NOT_IN_VERSION'],
      ['unknown suite', [honest, 0, u0, { pack: { suite: 2 } }], 'UNKNOWN_SUITE'],
      ['suite 0', [honest, 0, u0, { pack: { suite: 0 } }], 'UNKNOWN_SUITE'],
    ];
    for (const [name, args, verdict] of cases) expect([name, court.badUnit(...args)]).toEqual([name, verdict]);
  });

  it('does not take an inner node for an item, nor an item for an inner node', () => {
    const chunk = chunkOf(honest, 0);
    const nodes = chunk.units.map(({ node }) => node);
    const [, , third] = nodes;
    const inner = treePath(nodes, 2)[0];
    expect(third && inner && court.badUnit(honest, 0, { ...unitOf(honest, 0, 0), path: [third] })).toBe('NOT_IN_CHUNK');
    const forged = unitNode(0, new Uint8Array(32), leafNode(new Uint8Array(32)));
    expect(court.badUnit(honest, 1, unitOf(honest, 1, 0), { leaf: { unitRoot: forged } })).toBe('NOT_IN_VERSION');
  });

  it('decrypts every length and place like the library: the unit must match its hash to the byte', () => {
    const lengths = [1, 15, 16, 17, 31, 32, 33, 223, 224, 225, 255, 256, 257, 479, 480, 481, 1808, 4080, 4081, 4095, 4096];
    for (const length of lengths) {
      const salt = sha256(utf8(`salt ${length}`)).subarray(0, 16);
      const plain = createCipheriv('aes-256-ctr', sha256(salt), new Uint8Array(16)).update(new Uint8Array(4096 * (length % 5) + length));
      const pack = referencePackage({ ...input, key: sha256(utf8(`key ${length}`)), chunks: [{ plain, salt }] });
      expect([length, court.badUnit(pack, 0, unitFields(chunkOf(pack, 0), length % 5))]).toEqual([length, 'NO_FRAUD']);
    }
  });

  it('counts on to the last unit of a full chunk', () => {
    const plain = new Uint8Array(1 << 20).map((_, j) => (j * 31) & 0xff);
    const chunks = [{ plain, salt: repeat('c9', 16) }];
    expect(hexOf(counterOf(255))).toBe('00000000000000000000000000000000'.slice(0, 24) + '0000ff02');
    for (const unit of [254, 255]) {
      const lying = referencePackage({ ...input, chunks, lyingUnit: { chunk: 0, unit } });
      expect(court.badUnit(lying, 0, unitOf(lying, 0, unit))).toBe('PROVEN');
      expect(court.badUnit(lying, 0, unitOf(lying, 0, 509 - unit))).toBe('NO_FRAUD');
    }
  });
});
