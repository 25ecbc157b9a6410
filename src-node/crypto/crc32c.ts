/** CRC-32C (Castagnoli), which Kafka asks for: hash-wasm, four times as fast as a table in JavaScript. Compiled once when the module loads. */
import { createCRC32 } from 'hash-wasm';
import { asBuffer, type Bytes } from '../base/bytes.ts';

const CASTAGNOLI = 0x82f63b78;
const hasher = await createCRC32(CASTAGNOLI);

export function crc32c(data: Bytes): number {
  return asBuffer(hasher.init().update(data).digest('binary')).readUInt32BE(0);
}
