/** Sealing and signing a header: both sign the block hash, which covers neither (docs/protocol/06 §2). */
import type { Bytes } from '../base/bytes.ts';
import { headerHash, SIGNATURE_LENGTH, type Header } from '../primitives/header.ts';

/** R ‖ S ‖ recovery id of a digest, 65 bytes. */
export type Signer = (digest: Bytes) => Bytes;

/** `proposer` seals; null for an impeach block, which has no seal. `validators` sign in their slots; null leaves a slot empty. */
export function signHeader(header: Header, proposer: Signer | null, validators: readonly (Signer | null)[]): Header {
  const hash = headerHash(header);
  const none = new Uint8Array(SIGNATURE_LENGTH);
  return {
    ...header,
    dpor: {
      ...header.dpor,
      seal: proposer === null ? none : proposer(hash),
      sigs: validators.map((validator) => (validator === null ? none : validator(hash))),
    },
  };
}
