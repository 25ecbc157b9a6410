import type { Bytes } from '../../base/bytes.ts';
import { cpuAdmission, memoryAdmission } from './admission.ts';
import { bn254Add, bn254Multiply, bn254Pairing } from './bn254.ts';
import { ecrecover } from './ecrecover.ts';
import { identity, ripemd160, sha256 } from './hashes.ts';
import { modexp } from './modexp.ts';
import type { Precompile } from './precompile.ts';

export type { Precompile } from './precompile.ts';

/** By address (docs/protocol/03 §6.5, §6.6). */
const PRECOMPILES: ReadonlyMap<number, Precompile> = new Map([
  [0x01, ecrecover],
  [0x02, sha256],
  [0x03, ripemd160],
  [0x04, identity],
  [0x05, modexp],
  [0x06, bn254Add],
  [0x07, bn254Multiply],
  [0x08, bn254Pairing],
  [0x6a, cpuAdmission],
  [0x6b, memoryAdmission],
]);

/** Whether all but the last byte of an address are zero: no other can be a precompiled contract's. */
export function mayBePrecompile(address: Bytes): boolean {
  for (let i = 0; i < address.length - 1; i++) if (address[i] !== 0) return false;
  return true;
}

/** The precompiled contract at the address that is this word, if there is one. */
export function precompileAt(address: bigint): Precompile | undefined {
  return address <= 0x6bn ? PRECOMPILES.get(Number(address)) : undefined;
}
