import { fromHex, toHex, utf8, type Bytes } from '../../../base/bytes.ts';
import { keccak256Parts } from '../../../crypto/keccak.ts';
import { recoverAddress, sign } from '../../../crypto/secp256k1.ts';
import { signHeader, type Signer } from '../../../dpor/seals.ts';
import { decodeHeader, encodeHeader, headerHash, isImpeach, type Header } from '../../../primitives/header.ts';
import { recordsKind, same } from '../vector-kind.ts';

interface Recorded {
  readonly hash: string;
  readonly headerRlp: string;
  readonly headerRlpWithPrepareSigs: string;
  readonly impeachment: boolean;
  readonly prepareSignHash: string;
  readonly proposerPrivateKey: string;
  /** Empty for an impeach block. */
  readonly recoveredProposer?: string;
  readonly recoveredCommit: readonly string[];
  readonly recoveredPrepare: readonly string[];
  readonly validators: readonly { readonly privateKey: string; readonly commitSig: string }[];
}

/** Headers with the keys that sealed and signed them. */
export const seals = recordsKind<Recorded>('seals', ['headerRlp', 'headerRlpWithPrepareSigs', 'proposerPrivateKey'], function* (recorded, index) {
  const header = decodeHeader(fromHex(recorded.headerRlp));
  const prepared = decodeHeader(fromHex(recorded.headerRlpWithPrepareSigs));
  const hash = headerHash(header);
  const prepareHash = keccak256Parts(utf8('Prepare'), hash);
  yield same(`${index}: hash`, () => toHex(hash), recorded.hash);
  yield same(`${index}: digest of "prepare"`, () => toHex(prepareHash), recorded.prepareSignHash);
  yield same(`${index}: impeach block`, () => isImpeach(header), recorded.impeachment);
  yield same(`${index}: who sealed it`, () => recoverAddress(hash, header.dpor.seal), recorded.recoveredProposer === undefined ? null : fromHex(recorded.recoveredProposer));
  yield same(`${index}: who signed it`, () => signersOf(hash, header), recorded.recoveredCommit);
  yield same(`${index}: who prepared it`, () => signersOf(prepareHash, prepared), recorded.recoveredPrepare);
  yield same(`${index}: sealing and signing`, () => {
    const bare = { ...header, dpor: { ...header.dpor, seal: new Uint8Array(65), sigs: [] } };
    const present = new Set(header.dpor.sigs.map(toHex));
    const validators = recorded.validators.map(({ privateKey, commitSig }) => (present.has(commitSig as `0x${string}`) ? signerWith(privateKey) : null));
    return toHex(encodeHeader(signHeader(bare, recorded.impeachment ? null : signerWith(recorded.proposerPrivateKey), validators)));
  }, recorded.headerRlp);
});

function signerWith(privateKey: string): Signer {
  return (digest) => sign(digest, fromHex(privateKey));
}

/** Without the empty slots. */
function signersOf(digest: Bytes, { dpor }: Header): readonly string[] {
  return dpor.sigs.map((signature) => recoverAddress(digest, signature)).filter((signer) => signer !== null).map(toHex);
}
