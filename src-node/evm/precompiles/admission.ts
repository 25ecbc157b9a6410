/**
 * 0x6a and 0x6b: proofs of work that admit a node as a candidate, by SHA-256 and by scrypt (docs/protocol/03 §6.6). The
 * reference has no result for inputs below 128 bytes or difficulties above 256; here such a frame fails.
 */
import { scryptSync } from 'node:crypto';
import { concat, toBigInt, type Bytes } from '../../base/bytes.ts';
import { sha256 } from '../../crypto/hash.ts';
import type { Precompile } from './precompile.ts';

const INPUT_BYTES = 128;
const SCRYPT = { N: 4096, r: 8, p: 1 };
const DIGEST_BITS = 256n;

function admission(digestOf: (data: Bytes) => Bytes): Precompile {
  return {
    gas: () => 200,
    run(input) {
      if (input.length < INPUT_BYTES) return undefined;
      const address = input.subarray(12, 32);
      const nonce = Uint8Array.from(input.subarray(56, 64)).reverse(); // hashed as little-endian; `slice` of a Buffer would turn the input around
      const blockHash = input.subarray(64, 96);
      const difficulty = toBigInt(input.subarray(120, 128));
      if (difficulty > DIGEST_BITS) return undefined;
      const output = new Uint8Array(32);
      const digest = toBigInt(digestOf(concat(address, blockHash, nonce)));
      output[31] = digest <= 1n << (DIGEST_BITS - difficulty) ? 1 : 0;
      return output;
    },
  };
}

export const cpuAdmission = admission(sha256);

export const memoryAdmission = admission((data) => scryptSync(data, data.subarray(0, 8), 32, SCRYPT));
