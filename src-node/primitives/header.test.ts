import { describe, expect, it } from 'vitest';
import { fromHex, toHex, utf8 } from '../base/bytes.ts';
import { keccak256Parts } from '../crypto/keccak.ts';
import { recoverAddress } from '../crypto/secp256k1.ts';
import { readVectorJson } from '../testing/vectors.ts';
import { bodyToRlp, decodeBlock, encodeBlock } from './block.ts';
import { deriveRoot } from './derive-root.ts';
import { decodeHeader, encodeHeader, headerHash, isImpeach } from './header.ts';
import { encode } from './rlp/index.ts';
import { encodeTransaction } from './transaction.ts';

interface HeaderVector {
  readonly name: string;
  readonly rlp: string;
  readonly hash: string;
  readonly seal?: string;
  readonly sealSigner?: string;
  readonly recoveredProposer?: string;
  readonly recoveredValidators?: readonly string[];
  readonly prepareDigest?: string;
  readonly bodyRlp?: string;
  readonly txsRoot?: string;
}

interface SealVector {
  readonly headerRlp: string;
  readonly hash: string;
  readonly impeachment: boolean;
  readonly recoveredProposer?: string;
  readonly recoveredCommit: readonly string[];
}

const vectors = readVectorJson<readonly HeaderVector[]>('headers/header-vectors.json');
const headers = vectors.filter(({ bodyRlp }) => bodyRlp === undefined);

describe('headers', () => {
  it.each(headers.map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    const header = decodeHeader(fromHex(vector.rlp));
    expect(toHex(encodeHeader(header))).toBe(vector.rlp);
    expect(toHex(headerHash(header))).toBe(vector.hash);
    const proposer = vector.sealSigner ?? vector.recoveredProposer;
    if (proposer !== undefined) expect(toHex(recoverAddress(headerHash(header), header.dpor.seal) ?? new Uint8Array())).toBe(proposer);
    if (vector.prepareDigest !== undefined) expect(toHex(keccak256Parts(utf8('Prepare'), headerHash(header)))).toBe(vector.prepareDigest);
  });

  it.each(readVectorJson<readonly SealVector[]>('seals/dpor-seals.json').map((vector) => [vector.hash, vector] as const))('sealed %s', (hash, vector) => {
    const header = decodeHeader(fromHex(vector.headerRlp));
    expect(toHex(headerHash(header))).toBe(hash);
    expect(isImpeach(header)).toBe(vector.impeachment);
    expect(toHex(recoverAddress(fromHex(hash), header.dpor.seal) ?? new Uint8Array())).toBe(vector.recoveredProposer ?? '0x');
    const signers = header.dpor.sigs.map((signature) => recoverAddress(fromHex(hash), signature));
    expect(signers.filter((signer) => signer !== null).map(toHex)).toEqual(vector.recoveredCommit.filter((address) => address !== ''));
  });
});

describe('blocks', () => {
  it('holds a header and its transactions', () => {
    const vector = vectors.find(({ bodyRlp }) => bodyRlp !== undefined);
    const block = decodeBlock(fromHex(vector?.rlp ?? ''));
    expect(toHex(encodeBlock(block))).toBe(vector?.rlp);
    expect(toHex(headerHash(block.header))).toBe(vector?.hash);
    expect(toHex(encode(bodyToRlp(block.transactions)))).toBe(vector?.bodyRlp);
    expect(toHex(deriveRoot(block.transactions.map(encodeTransaction)))).toBe(vector?.txsRoot);
  });
});
