/** The public list of a version's chunks (docs/protocol/11 §4.5): canonical JSON, its SHA-256 in the listing's metadata. */
import { z } from 'zod';
import { canonicalJson } from '../../base/canonical-json.ts';
import { equal, fromHex, hexOf, utf8, type Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import { leafNodes, listRoot, merklePath } from '../../crypto/merkle.ts';
import { locatorSchema, type Locator } from './locator.ts';
import { chunkLeaf, type ChunkFacts, type Packing } from './chunk.ts';
import { suiteOf, type Suite } from './suite.ts';

export const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;

const hex = (length: number): z.ZodType<string> => z.string().regex(new RegExp(`^[0-9a-f]{${length * 2}}$`));
const manifestSchema = z.object({
  pd: z.literal(1),
  suite: z.number().int(),
  zstd: z.literal(false),
  versionSalt: hex(32),
  totalBytes: z.number().int().positive(),
  chunks: z.array(z.object({ len: z.number().int().positive(), cs: hex(16), unitRoot: hex(32), kc: hex(32), locators: z.array(locatorSchema).max(8) })).min(1).max(200_000),
});

export interface ManifestChunk {
  readonly facts: ChunkFacts;
  readonly leaf: Bytes;
  readonly locators: readonly Locator[];
}

export interface Manifest {
  readonly suite: Suite;
  readonly packing: Packing;
  readonly totalBytes: number;
  readonly chunks: readonly ManifestChunk[];
  readonly dataRoot: Bytes;
}

export function dataRootOf(leaves: readonly Bytes[]): Bytes {
  return listRoot(leaves);
}

/** Path of chunk `index` under the data root. */
export function leafPath(manifest: Manifest, index: number): readonly Bytes[] {
  return merklePath(leafNodes(manifest.chunks.map(({ leaf }) => leaf)), index);
}

export function encodeManifest(suite: Suite, versionSalt: Bytes, chunks: readonly { readonly facts: ChunkFacts; readonly locators: readonly Locator[] }[]): Bytes {
  return utf8(canonicalJson({
    pd: 1,
    suite: suite.number,
    zstd: false,
    versionSalt: hexOf(versionSalt),
    totalBytes: chunks.reduce((sum, { facts }) => sum + facts.length, 0),
    chunks: chunks.map(({ facts, locators }) => ({ len: facts.length, cs: hexOf(facts.salt), unitRoot: hexOf(facts.unitRoot), kc: hexOf(facts.keyCommit), locators: locators.map((locator) => ({ ...locator })) })),
  }));
}

/** What the chain says of the version; the manifest must agree in every point. */
export interface VersionFacts {
  readonly seller: Bytes;
  readonly versionSalt: Bytes;
  readonly dataRoot: Bytes;
  readonly chunkCount: number;
  readonly totalBytes: bigint;
  readonly suite: number;
}

/** Parses and checks against the chain. @throws BAD_MANIFEST, UNKNOWN_SUITE */
export function decodeManifest(bytes: Bytes, version: VersionFacts): Manifest {
  const json = parse(bytes);
  const suite = suiteOf(json.suite);
  const packing = { seller: version.seller, versionSalt: version.versionSalt };
  const chunks = json.chunks.map(({ len, cs, unitRoot, kc, locators }, index): ManifestChunk => {
    const facts = { index, length: len, salt: fromHex(cs), unitRoot: fromHex(unitRoot), keyCommit: fromHex(kc) };
    return { facts, leaf: chunkLeaf(packing, facts), locators };
  });
  const dataRoot = dataRootOf(chunks.map(({ leaf }) => leaf));
  const sum = chunks.reduce((total, { facts }) => total + facts.length, 0);
  const rules: readonly (readonly [boolean, string])[] = [
    [json.suite === version.suite, 'suite'],
    [equal(fromHex(json.versionSalt), version.versionSalt), 'version salt'],
    [chunks.length === version.chunkCount, 'number of chunks'],
    [sum === json.totalBytes && BigInt(sum) === version.totalBytes, 'size'],
    [chunks.every(({ facts }) => facts.length <= suite.maxChunkBytes), 'chunk length'],
    [equal(dataRoot, version.dataRoot), 'data root'],
  ];
  const broken = rules.find(([holds]) => !holds);
  if (broken !== undefined) throw badManifest(`its ${broken[1]} is not the one on the chain`);
  return { suite, packing, totalBytes: sum, chunks, dataRoot };
}

function parse(bytes: Bytes): z.infer<typeof manifestSchema> {
  if (bytes.length > MAX_MANIFEST_BYTES) throw badManifest('it is too large');
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw badManifest('it is not JSON', error);
  }
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) throw badManifest(`it is wrong at ${parsed.error.issues[0]?.path.join('.') ?? 'the top'}`);
  return parsed.data;
}

function badManifest(why: string, cause?: unknown): CodedError {
  return new CodedError('BAD_MANIFEST', `The seller’s chunk list does not belong to this version: ${why}.`, { help: 'No money is at stake: cancel the order, or wait until the seller repairs it.', meta: { why }, cause });
}
