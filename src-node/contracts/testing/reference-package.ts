/**
 * The package format written down once more for tests, straight from docs/protocol/11 §4.5 and without regard to speed, so that
 * contracts and packer are checked against a second opinion. It can lie where a seller could.
 */
import { createCipheriv } from 'node:crypto';
import { concat, u32be, u64be, utf8, type Bytes } from '../../base/bytes.ts';
import { sha256Parts } from '../../crypto/hash.ts';
import type { LeafFields, UnitFields } from '../proofs.ts';

const UNIT = 4096;

export interface PackageInput {
  readonly seller: Bytes;
  readonly versionSalt: Bytes;
  /** K, 32 bytes. */
  readonly key: Bytes;
  readonly chunks: readonly { readonly plain: Bytes; readonly salt: Bytes }[];
  /** This unit is committed as other bytes than it decrypts to. */
  readonly lyingUnit?: { readonly chunk: number; readonly unit: number };
  /** This chunk is encrypted and committed under a key that K does not give. */
  readonly lyingKey?: number;
}

export interface ReferenceUnit {
  readonly plain: Bytes;
  readonly cipher: Bytes;
  /** h_iu as committed. */
  readonly plainHash: Bytes;
  /** m_iu. */
  readonly node: Bytes;
}

export interface ReferenceChunk {
  readonly facts: LeafFields;
  readonly chunkKey: Bytes;
  readonly units: readonly ReferenceUnit[];
  readonly leaf: Bytes;
}

export interface ReferencePackage {
  readonly input: PackageInput;
  readonly keyCommit: Bytes;
  readonly chunks: readonly ReferenceChunk[];
  readonly dataRoot: Bytes;
}

export function referencePackage(input: PackageInput): ReferencePackage {
  const chunks = input.chunks.map((_, index) => packChunk(input, index));
  return {
    input,
    keyCommit: sha256Parts(utf8('PDC0'), input.seller, input.versionSalt, input.key),
    chunks,
    dataRoot: treeRoot(chunks.map(({ leaf }) => leafNode(leaf))),
  };
}

function packChunk(input: PackageInput, index: number): ReferenceChunk {
  const { plain, salt } = input.chunks[index] ?? { plain: new Uint8Array(0), salt: new Uint8Array(16) };
  const honestKey = sha256Parts(utf8('PDK1'), input.key, u64be(index), salt);
  const chunkKey = input.lyingKey === index ? sha256Parts(honestKey) : honestKey;
  const units = Array.from({ length: Math.ceil(plain.length / UNIT) }, (_, unit) => {
    const lies = input.lyingUnit?.chunk === index && input.lyingUnit.unit === unit;
    return packUnit(chunkKey, unit, plain.subarray(unit * UNIT, (unit + 1) * UNIT), lies);
  });
  const facts: LeafFields = {
    index,
    length: plain.length,
    salt,
    unitRoot: treeRoot(units.map(({ node }) => node)),
    keyCommit: sha256Parts(utf8('PDC1'), chunkKey),
  };
  return { facts, chunkKey, units, leaf: leafHash(input, facts) };
}

/** Counter block: 12 zero bytes and the counter, which starts at 2 + 256·u. */
export function counterOf(unit: number): Bytes {
  return concat(new Uint8Array(12), u32be(2 + 256 * unit));
}

function packUnit(chunkKey: Bytes, unit: number, plain: Bytes, lies: boolean): ReferenceUnit {
  const cipher = createCipheriv('aes-256-ctr', chunkKey, counterOf(unit)).update(plain);
  const promised = lies ? Uint8Array.from(plain, (byte, at) => (at === plain.length - 1 ? byte ^ 1 : byte)) : plain;
  const plainHash = sha256Parts(utf8('PDU1'), chunkKey, u32be(unit), promised);
  return { plain, cipher, plainHash, node: unitNode(unit, cipher, plainHash) };
}

export function unitNode(unit: number, cipher: Bytes, plainHash: Bytes): Bytes {
  return sha256Parts(Uint8Array.of(0), utf8('PDX1'), u32be(unit), sha256Parts(cipher), plainHash);
}

export function leafHash({ seller, versionSalt }: Pick<PackageInput, 'seller' | 'versionSalt'>, facts: LeafFields): Bytes {
  return sha256Parts(
    utf8('PDL1'), seller, versionSalt, u64be(facts.index), u32be(facts.length), facts.salt, facts.unitRoot, facts.keyCommit,
  );
}

export function leafNode(leaf: Bytes): Bytes {
  return sha256Parts(Uint8Array.of(0), leaf);
}

function levelAbove(nodes: readonly Bytes[]): readonly Bytes[] {
  const above: Bytes[] = [];
  for (let i = 0; i < nodes.length; i += 2) {
    const [left, right] = nodes.slice(i, i + 2);
    if (left !== undefined) above.push(right === undefined ? left : sha256Parts(Uint8Array.of(1), left, right));
  }
  return above;
}

export function treeRoot(nodes: readonly Bytes[]): Bytes {
  return nodes.length > 1 ? treeRoot(levelAbove(nodes)) : (nodes[0] ?? new Uint8Array(32));
}

export function treePath(nodes: readonly Bytes[], index: number): readonly Bytes[] {
  if (nodes.length <= 1) return [];
  const sibling = nodes[index ^ 1];
  return [...(sibling === undefined ? [] : [sibling]), ...treePath(levelAbove(nodes), index >> 1)];
}

export function leafPath(pack: ReferencePackage, chunk: number): readonly Bytes[] {
  return treePath(pack.chunks.map(({ leaf }) => leafNode(leaf)), chunk);
}

/** Everything that «bad unit» needs about a unit, as the honest holder of the bytes would show it. */
export function unitFields(chunk: ReferenceChunk, unit: number): UnitFields {
  const { cipher, plainHash } = chunk.units[unit] ?? { cipher: new Uint8Array(0), plainHash: new Uint8Array(32) };
  return { index: unit, chunkKey: chunk.chunkKey, plainHash, cipher, path: treePath(chunk.units.map(({ node }) => node), unit) };
}
