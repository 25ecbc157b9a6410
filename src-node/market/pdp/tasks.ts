/** What the worker threads do for packages. Byte fields are transferred where they are large. */
import type { Bytes } from '../../base/bytes.ts';
import type { ChunkFacts } from './chunk.ts';

export type PackageTask =
  | { readonly kind: 'seal'; readonly suite: number; readonly key: Bytes; readonly index: number; readonly plain: Bytes }
  /** Does the object match what the data root commits to? */
  | { readonly kind: 'check'; readonly suite: number; readonly facts: ChunkFacts; readonly object: Bytes }
  /** Check, decrypt, compare every unit; the plain bytes only when `wanted`. */
  | { readonly kind: 'open'; readonly suite: number; readonly key: Bytes; readonly facts: ChunkFacts; readonly object: Bytes; readonly wanted: boolean };

export type PackageResult =
  | { readonly kind: 'sealed'; readonly facts: ChunkFacts; readonly object: Bytes }
  /** `object` comes back to its owner. */
  | { readonly kind: 'checked'; readonly matches: boolean; readonly object: Bytes }
  | { readonly kind: 'opened'; readonly plain: Bytes | null }
  | { readonly kind: 'fault'; readonly fault: 'object' | 'key-leaf' | 'unit'; readonly unit: number | null };
