/** NewSigner: a member of the committee shows its key to another one (docs/protocol/08 §5). */
import { utf8, type Bytes } from '../../base/bytes.ts';
import { keccak256 } from '../../crypto/keccak.ts';
import { recoverAddress } from '../../crypto/secp256k1.ts';
import { bytesIn, encodeUint, listIn, uintIn, type RlpItem } from '../../primitives/rlp/index.ts';

export interface NewSigner {
  /** 65. */
  readonly version: bigint;
  /** `cpchain|` and the time, RFC 3339 with seconds and zone; UTF-8. */
  readonly mac: Bytes;
  /** Of `mac`: R ‖ S ‖ recovery id, 65 bytes when it is any. */
  readonly signature: Bytes;
}

export const NEW_SIGNER_VERSION = 65n;
const MAC_PREFIX = 'cpchain|';

/** @param time RFC 3339 with seconds and zone @param sign turns a digest into R ‖ S ‖ recovery id */
export function newSigner(time: string, sign: (digest: Bytes) => Bytes): NewSigner {
  const mac = utf8(MAC_PREFIX + time);
  return { version: NEW_SIGNER_VERSION, mac, signature: sign(keccak256(mac)) };
}

/** Who signed, or null when the signature gives no address. Whether the time is near is the caller's to check. */
export function signerOf({ mac, signature }: NewSigner): Bytes | null {
  return recoverAddress(keccak256(mac), signature);
}

export function newSignerToRlp({ version, mac, signature }: NewSigner): RlpItem {
  return [encodeUint(version), mac, signature];
}

/** @throws BAD_RLP */
export function newSignerFromRlp(item: RlpItem): NewSigner {
  const [version, mac, signature] = listIn(item, 3);
  return { version: uintIn(version, 4), mac: bytesIn(mac), signature: bytesIn(signature) };
}
