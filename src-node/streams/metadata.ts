/**
 * The public description of a stream (docs/protocol/11 §4.11): canonical JSON of at most 256 KiB whose SHA-256 stands on the
 * chain. It comes from strangers: every field is bounded, text is text, unknown fields are dropped.
 */
import { z } from 'zod';
import { canonicalJson } from '../base/canonical-json.ts';
import { equal, fromHex, toHex, utf8, type Bytes, type Hex } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { sha256 } from '../crypto/hash.ts';

export const MAX_STREAM_TEXT_BYTES = 256 * 1024;

/** Declared once by the publisher; every message is checked against it. */
const columnSchema = z.object({
  name: z.string().regex(/^[A-Za-z_][\w.]{0,39}$/),
  type: z.enum(['integer', 'number', 'text', 'boolean', 'time']),
  /** As it stands behind a figure. */
  unit: z.string().max(20).nullable(),
});

const metadataSchema = z.object({
  pd: z.literal(1),
  stream: z.string().regex(/^0x[0-9a-f]{64}$/),
  title: z.object({ en: z.string().max(120), zh: z.string().max(120).optional() }),
  summary: z.string().max(300),
  description_md: z.string().max(20_000),
  category: z.string().max(60),
  tags: z.array(z.string().max(40)).max(12),
  schema: z.array(columnSchema).min(1).max(64).refine((columns) => new Set(columns.map(({ name }) => name)).size === columns.length),
  licence: z.object({ id: z.string().max(20), title: z.string().max(120), text: z.string().max(20_000) }),
  /** How much older than the stream its free sample is; null: there is none. */
  peekDelaySeconds: z.number().int().min(60).max(7 * 86_400).nullable(),
  /** How long the publisher means his gateways to keep it; what they do, they say themselves. */
  retentionSeconds: z.number().int().positive().max(10 * 365 * 86_400).nullable(),
});
export type StreamMetadata = z.infer<typeof metadataSchema>;
export type StreamTextColumn = StreamMetadata['schema'][number];

/** @throws STREAM_TEXT_TOO_LARGE, BAD_COLUMNS */
export function encodeStreamMetadata(metadata: StreamMetadata): Bytes {
  const { schema, title, licence, ...rest } = metadata;
  if (!metadataSchema.shape.schema.safeParse(schema).success) throw new CodedError('BAD_COLUMNS', 'Two columns have the same name, or one has a name that cannot be used.', { help: 'Give each column a name of its own: letters, digits, “_” and “.”.' });
  const bytes = utf8(canonicalJson({ ...rest, title: { en: title.en, zh: title.zh }, schema: schema.map((column) => ({ ...column })), licence: { ...licence } }));
  if (bytes.length > MAX_STREAM_TEXT_BYTES) throw new CodedError('STREAM_TEXT_TOO_LARGE', 'The description of the stream is larger than 256 KiB.', { help: 'Shorten it.' });
  return bytes;
}

/** Parses what a place delivered. @throws BAD_STREAM_TEXT saying what is wrong */
export function decodeStreamMetadata(bytes: Bytes, metaHash: Hex, stream: Hex): StreamMetadata {
  if (!equal(sha256(bytes), fromHex(metaHash))) throw bad('it is not the text whose hash is on the chain');
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch (error) {
    throw bad('it is not JSON', error);
  }
  const parsed = metadataSchema.safeParse(json);
  if (!parsed.success) throw bad(`its field ${parsed.error.issues[0]?.path.join('.') ?? '?'} is not of the agreed form`);
  if (parsed.data.stream !== stream) throw bad('it was written for another stream');
  return parsed.data;
}

export function streamMetadataHash(bytes: Bytes): Hex {
  return toHex(sha256(bytes));
}

function bad(why: string, cause?: unknown): CodedError {
  return new CodedError('BAD_STREAM_TEXT', `The description of this stream cannot be shown: ${why}.`, { help: 'Only the publisher can repair it.', meta: { why }, cause });
}
