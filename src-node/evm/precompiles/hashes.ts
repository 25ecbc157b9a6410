/** 0x02 … 0x04: SHA-256, RIPEMD-160 and identity (docs/protocol/03 §6.5). */
import { ripemd160 as ripemd160Of } from '@noble/hashes/legacy.js';
import { padLeft } from '../../base/bytes.ts';
import { sha256 as sha256Of } from '../../crypto/hash.ts';
import { wordsOf } from '../gas.ts';
import type { Precompile } from './precompile.ts';

export const sha256: Precompile = {
  gas: (input) => 60 + 12 * wordsOf(input.length),
  run: sha256Of,
};

export const ripemd160: Precompile = {
  gas: (input) => 600 + 120 * wordsOf(input.length),
  run: (input) => padLeft(ripemd160Of(input), 32),
};

export const identity: Precompile = {
  gas: (input) => 15 + 3 * wordsOf(input.length),
  run: (input) => Uint8Array.from(input),
};
