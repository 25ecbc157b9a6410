import type { Bytes } from '../base/bytes.ts';
import { childHeader } from '../chain/build/child-header.ts';
import type { HashedHeader } from '../chain/header-verifier.ts';
import { SIGNATURE_LENGTH, type Header } from '../primitives/header.ts';

/** The unsigned header of the block that stands in for one that was not delivered (docs/protocol/06 §9). */
export function impeachHeader(parent: HashedHeader, proposers: readonly Bytes[], timeMillis: bigint): Header {
  return childHeader(parent, proposers, timeMillis, SIGNATURE_LENGTH);
}
