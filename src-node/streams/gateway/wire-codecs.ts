/** How numbers and bytes stand in the JSON between a gateway and its clients; each is bounded (docs/protocol/11 §4.13). */
import { z } from 'zod';
import { asBuffer, fromHex, toHex, type Bytes } from '../../base/bytes.ts';

const U64 = (1n << 64n) - 1n;
const U128 = (1n << 128n) - 1n;

export function hexCodec(length: number): z.ZodCodec<z.ZodString, z.ZodCustom<Bytes, Bytes>> {
  const pattern = new RegExp(`^0x[0-9a-f]{${2 * length}}$`);
  return z.codec(z.string().regex(pattern), z.custom<Bytes>((value) => value instanceof Uint8Array && value.length === length), { decode: (text) => fromHex(text), encode: (bytes) => toHex(bytes) });
}

export function integerCodec(max: bigint): z.ZodCodec<z.ZodString, z.ZodBigInt> {
  return z.codec(z.string().regex(/^(?:0|[1-9][0-9]{0,38})$/), z.bigint().min(0n).max(max), { decode: (text) => BigInt(text), encode: (value) => value.toString() });
}

export function base64Codec(max: number): z.ZodCodec<z.ZodString, z.ZodCustom<Bytes, Bytes>> {
  const text = z.string().max(4 * Math.ceil(max / 3)).regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);
  return z.codec(text, z.custom<Bytes>((value) => value instanceof Uint8Array && value.length <= max), {
    decode: (from) => new Uint8Array(Buffer.from(from, 'base64')),
    encode: (bytes) => asBuffer(bytes).toString('base64'),
  });
}

export const hashSchema = hexCodec(32);
export const addressSchema = hexCodec(20);
/** x ‖ y of a public key. */
export const pointSchema = hexCodec(64);
export const signatureSchema = hexCodec(65);
export const u64Schema = integerCodec(U64);
export const amountSchema = integerCodec(U128);
export const u32Schema = z.int().min(0).max(0xffff_ffff);
export const epochSchema = z.int().min(0).max(0xf_ffff);
export const timeSchema = z.int().min(0);
export const cursorSchema = z.string().max(128).regex(/^[A-Za-z0-9_-]+$/);
