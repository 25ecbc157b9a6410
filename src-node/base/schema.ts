/** Schema pieces for bytes that come from outside. */
import { z } from 'zod';
import type { Bytes } from './bytes.ts';

/** Exactly `length` bytes. */
export function bytesSchema(length: number): z.ZodType<Bytes> {
  return z.custom<Bytes>((value) => value instanceof Uint8Array && value.length === length, `must have ${length} bytes`);
}

/** At most `max` bytes. */
export function bytesUpToSchema(max: number): z.ZodType<Bytes> {
  return z.custom<Bytes>((value) => value instanceof Uint8Array && value.length <= max, `must have at most ${max} bytes`);
}
