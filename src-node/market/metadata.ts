/**
 * The public description of a listing (docs/protocol/11 §4.4): canonical JSON of at most 256 KiB whose SHA-256 stands on the chain.
 * It comes from strangers: every field is bounded, text is text, unknown fields are dropped.
 */
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import { create as createDigest } from 'multiformats/hashes/digest';
import { z } from 'zod';
import { canonicalJson } from '../base/canonical-json.ts';
import { equal, fromHex, hexOf, toHex, utf8, type Bytes, type Hex } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { sha256 } from '../crypto/hash.ts';
import { locatorSchema, type Locator } from './pdp/locator.ts';

export const MAX_METADATA_BYTES = 256 * 1024;
const SHA2_256_CODE = 0x12;

const cell = z.string().max(200);
const columnSchema = z.object({
  name: z.string().max(120),
  type: z.enum(['integer', 'number', 'text', 'boolean', 'date', 'mixed']),
  nullPct: z.number().min(0).max(100),
  min: cell.nullable(),
  max: cell.nullable(),
});
export type MetadataColumn = z.infer<typeof columnSchema>;

const previewSchema = z.object({ kind: z.literal('rows'), header: z.array(cell).max(200), rows: z.array(z.array(cell).max(200)).max(50) });
export type RowsPreview = z.infer<typeof previewSchema>;

const metadataSchema = z.object({
  pd: z.literal(1),
  listing: z.string().regex(/^0x[0-9a-f]{64}$/),
  title: z.object({ en: z.string().max(120), zh: z.string().max(120).optional() }),
  summary: z.string().max(300),
  description_md: z.string().max(20_000),
  category: z.string().max(60),
  tags: z.array(z.string().max(40)).max(12),
  format: z.string().max(40),
  rows: z.number().int().nonnegative().nullable(),
  schema: z.array(columnSchema).max(500),
  preview: z.array(previewSchema).max(1),
  licence: z.object({ id: z.string().max(20), title: z.string().max(120), text: z.string().max(20_000) }),
  personalData: z.object({ present: z.boolean() }),
  versions: z.array(z.object({ no: z.number().int().positive(), manifest: z.object({ locators: z.array(locatorSchema).min(1).max(8), sha256: z.string().regex(/^[0-9a-f]{64}$/) }) })).min(1).max(100),
});
export type Metadata = z.infer<typeof metadataSchema>;

/** @throws METADATA_TOO_LARGE */
export function encodeMetadata(metadata: Metadata): Bytes {
  const { schema, preview, title, ...rest } = metadata;
  const bytes = utf8(canonicalJson({ ...rest, title: { en: title.en, zh: title.zh }, schema: schema.map((column) => ({ ...column })), preview: preview.map((rows) => ({ ...rows })), versions: metadata.versions.map(({ no, manifest }) => ({ no, manifest: { sha256: manifest.sha256, locators: manifest.locators.map((locator) => ({ ...locator })) } })) }));
  if (bytes.length > MAX_METADATA_BYTES) throw new CodedError('METADATA_TOO_LARGE', 'The description with its preview is larger than 256 KiB.', { help: 'Shorten the description, or leave the preview out.' });
  return bytes;
}

/** Parses what a place delivered. @throws BAD_METADATA saying what is wrong */
export function decodeMetadata(bytes: Bytes, metaHash: Hex, listing: Hex): Metadata {
  if (!equal(sha256(bytes), fromHex(metaHash))) throw bad('it is not the text whose hash is on the chain');
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw bad('it is not JSON', error);
  }
  const parsed = metadataSchema.safeParse(json);
  if (!parsed.success) throw bad(`its field ${parsed.error.issues[0]?.path.join('.') ?? '?'} is not of the agreed form`);
  if (parsed.data.listing !== listing) throw bad('it was written for another listing');
  return parsed.data;
}

function bad(why: string, cause?: unknown): CodedError {
  return new CodedError('BAD_METADATA', `The description of this listing cannot be shown: ${why}.`, { help: 'Only the seller can repair it.', meta: { why }, cause });
}

export function metadataHash(bytes: Bytes): Hex {
  return toHex(sha256(bytes));
}

/** Content address of a text that fits one block: known from its hash, before it is stored anywhere. */
export function metadataLocator(metaHash: Hex): Extract<Locator, { scheme: 'ipfs' }> {
  const cid = CID.createV1(raw.code, createDigest(SHA2_256_CODE, Uint8Array.from(fromHex(metaHash))));
  return { otp: 1, scheme: 'ipfs', where: { cid: cid.toString() }, access: 'public' };
}

export function metadataUri(metaHash: Hex): string {
  return `ipfs://${metadataLocator(metaHash).where.cid}`;
}

/** Where the text with this hash may lie: the machine's own copy first, then the content address. */
export function metadataLocators(metaHash: Hex): readonly Locator[] {
  return [{ otp: 1, scheme: 'folder', where: { object: hexOf(fromHex(metaHash)) }, access: 'public' }, metadataLocator(metaHash)];
}
