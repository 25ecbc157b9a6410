/** Shape of `resources/contracts/<Name>.json`. */
import type { JsonFragment } from 'ethers';
import type { Hex } from '../base/bytes.ts';

export interface CompiledContract {
  readonly abi: readonly JsonFragment[];
  /** Creation code without constructor arguments. */
  readonly bytecode: Hex;
  /** Code on the chain, with zeros where immutables are written. */
  readonly deployedBytecode: Hex;
  /** Where each immutable stands in the runtime code, by its name in the source. */
  readonly immutableReferences: Readonly<Record<string, readonly { readonly start: number; readonly length: number }[]>>;
  /** Names of the values of each enum, in order. */
  readonly enums: Readonly<Record<string, readonly string[]>>;
  readonly storageLayout: readonly { readonly label: string; readonly slot: number; readonly offset: number; readonly type: string }[];
}
