import { fromHex, toHex, utf8 } from '../../../base/bytes.ts';
import { keccak256Parts } from '../../../crypto/keccak.ts';
import { recoverAddress, sign } from '../../../crypto/secp256k1.ts';
import { bodyToRlp, decodeBlock, encodeBlock } from '../../../primitives/block.ts';
import { deriveRoot } from '../../../primitives/derive-root.ts';
import { decodeHeader, encodeHeader, headerHash } from '../../../primitives/header.ts';
import { encode } from '../../../primitives/rlp/index.ts';
import { encodeTransaction } from '../../../primitives/transaction.ts';
import { hasFields, same, type VectorCase, type VectorKind } from '../vector-kind.ts';

interface Recorded {
  readonly name: string;
  readonly rlp: string;
  readonly hash: string;
  readonly seal?: string;
  readonly sealSigner?: string;
  readonly sealSignerKey?: string;
  readonly recoveredProposer?: string;
  readonly recoveredValidators?: readonly string[];
  readonly prepareDigest?: string;
  readonly bodyRlp?: string;
  readonly txsRoot?: string;
}

/** Named headers, and a block among them. */
export const headers: VectorKind = {
  name: 'headers',
  recognises: ({ records }) => records.length > 0 && records.every((one) => hasFields(one, ['name', 'rlp', 'hash'])) && records.some((one) => hasFields(one, ['sealSigner'])),
  *cases({ records }) {
    for (const one of records as readonly Recorded[]) yield* one.bodyRlp === undefined ? casesOfHeader(one) : casesOfBlock(one);
  },
};

function* casesOfHeader(recorded: Recorded): Generator<VectorCase> {
  const { name, hash } = recorded;
  const header = decodeHeader(fromHex(recorded.rlp));
  const proposer = recorded.sealSigner ?? recorded.recoveredProposer;
  yield same(`${name}: encoding`, () => toHex(encodeHeader(header)), recorded.rlp);
  yield same(`${name}: hash`, () => toHex(headerHash(header)), hash);
  if (proposer !== undefined) yield same(`${name}: who sealed it`, () => signerOf(hash, header.dpor.seal), proposer);
  if (recorded.sealSignerKey !== undefined) yield same(`${name}: seal`, () => toHex(sign(headerHash(header), fromHex(recorded.sealSignerKey ?? ''))), recorded.seal);
  if (recorded.recoveredValidators !== undefined) yield same(`${name}: who signed it`, () => header.dpor.sigs.map((signature) => signerOf(hash, signature)), recorded.recoveredValidators);
  if (recorded.prepareDigest !== undefined) yield same(`${name}: digest of "prepare"`, () => toHex(keccak256Parts(utf8('Prepare'), headerHash(header))), recorded.prepareDigest);
}

function* casesOfBlock({ name, rlp, hash, bodyRlp, txsRoot }: Recorded): Generator<VectorCase> {
  const block = decodeBlock(fromHex(rlp));
  yield same(`${name}: encoding`, () => toHex(encodeBlock(block)), rlp);
  yield same(`${name}: hash`, () => toHex(headerHash(block.header)), hash);
  yield same(`${name}: body`, () => toHex(encode(bodyToRlp(block.transactions))), bodyRlp);
  yield same(`${name}: root of the transactions`, () => toHex(deriveRoot(block.transactions.map(encodeTransaction))), txsRoot);
}

function signerOf(hash: string, signature: Uint8Array): string {
  const signer = recoverAddress(fromHex(hash), signature);
  return signer === null ? '' : toHex(signer);
}
