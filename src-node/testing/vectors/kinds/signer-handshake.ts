import { fromHex, hexOf, toHex } from '../../../base/bytes.ts';
import { keccak256 } from '../../../crypto/keccak.ts';
import { sign } from '../../../crypto/secp256k1.ts';
import { newSigner, newSignerFromRlp, newSignerToRlp, signerOf } from '../../../p2p/messages/new-signer.ts';
import { decode, encode } from '../../../primitives/rlp/index.ts';
import { recordsKind, same } from '../vector-kind.ts';

interface Recorded {
  readonly mac: string;
  readonly privateKey: string;
  readonly address: string;
  readonly hash: string;
  readonly sig: string;
  readonly newSignerMsgRlp: string;
}

/** What members of the committee sign for each other when they connect. */
export const signerHandshake = recordsKind<Recorded>('handshake of committee members', ['mac', 'newSignerMsgRlp', 'privateKey'], function* (recorded, index) {
  const made = newSigner(recorded.mac.slice(recorded.mac.indexOf('|') + 1), (digest) => sign(digest, fromHex(recorded.privateKey)));
  const read = newSignerFromRlp(decode(fromHex(recorded.newSignerMsgRlp)));
  yield same(`${index}: digest`, () => toHex(keccak256(read.mac)), recorded.hash);
  yield same(`${index}: signature`, () => toHex(made.signature), recorded.sig);
  yield same(`${index}: message`, () => toHex(encode(newSignerToRlp(made))), recorded.newSignerMsgRlp);
  yield same(`${index}: who signed`, () => hexOf(signerOf(read) ?? new Uint8Array()), recorded.address.slice(2));
});
