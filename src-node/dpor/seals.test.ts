import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../base/bytes.ts';
import { sign } from '../crypto/secp256k1.ts';
import { decodeHeader, encodeHeader } from '../primitives/header.ts';
import { readVectorJson } from '../testing/vectors.ts';
import { signHeader } from './seals.ts';
import { hasDefaultProposers, proposerIndexOf, termOf } from './terms.ts';
import { network } from '../networks/network.ts';
import type { NetworkName } from '../networks/network-config.ts';

interface SealVector {
  readonly headerRlp: string;
  readonly hash: string;
  readonly impeachment: boolean;
  readonly proposerPrivateKey: string;
  readonly validators: readonly { readonly privateKey: string; readonly commitSig: string }[];
}

interface TermVector {
  readonly runMode: NetworkName;
  readonly number: number;
  readonly term: number;
  readonly proposerIndex: number | null;
}

describe('seals', () => {
  it.each(readVectorJson<readonly SealVector[]>('seals/dpor-seals.json').map((vector) => [vector.hash, vector] as const))('of %s are the recorded ones', (_, vector) => {
    const recorded = decodeHeader(fromHex(vector.headerRlp));
    const bare = { ...recorded, dpor: { ...recorded.dpor, seal: new Uint8Array(65), sigs: [] } };
    const signers = vector.validators.map(({ privateKey, commitSig }) =>
      recorded.dpor.sigs.some((signature) => toHex(signature) === commitSig) ? (digest: Uint8Array) => sign(digest, fromHex(privateKey)) : null,
    );
    const proposer = vector.impeachment ? null : (digest: Uint8Array) => sign(digest, fromHex(vector.proposerPrivateKey));
    expect(toHex(encodeHeader(signHeader(bare, proposer, signers)))).toBe(vector.headerRlp);
  });
});

describe('terms', () => {
  it('are the recorded ones', () => {
    const vectors = readVectorJson<readonly TermVector[]>('election/terms.json');
    expect(vectors.length).toBeGreaterThan(20);
    for (const { runMode, number, term, proposerIndex } of vectors) {
      const { dpor } = network(runMode);
      expect([runMode, number, termOf(BigInt(number), dpor)]).toEqual([runMode, number, BigInt(term)]);
      if (proposerIndex !== null) expect([runMode, number, proposerIndexOf(BigInt(number), dpor)]).toEqual([runMode, number, proposerIndex]);
    }
  });

  it('have default proposers until term 5 on mainnet and term 15 on dev', () => {
    const terms = (name: NetworkName): bigint[] => Array.from({ length: 30 }, (_, term) => BigInt(term)).filter((term) => hasDefaultProposers(term, network(name).dpor));
    expect([terms('mainnet').at(-1), terms('dev').at(-1)]).toEqual([5n, 15n]);
  });
});
