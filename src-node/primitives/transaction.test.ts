import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../base/bytes.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { sign } from '../crypto/secp256k1.ts';
import { readVectorJson } from '../testing/vectors.ts';
import { deriveRoot } from './derive-root.ts';
import { BASIC_TYPE, decodeTransaction, encodeTransaction, intrinsicGas, senderOf, signingHash, signTransaction, transactionHash } from './transaction.ts';

interface Recorded {
  readonly kind: 'cep1' | 'unprotected' | 'wrong-chain';
  readonly chainId: number | string;
  readonly rlp: string;
  readonly hash: string;
  readonly sigHash: string;
  readonly sender: string;
  readonly intrinsicGas: number;
  readonly supportedType: boolean;
  readonly privateKey: string;
}

interface Named {
  readonly name: string;
  readonly signer: string;
  readonly rlp: string;
  readonly hash: string;
  readonly sigHash: string;
  readonly recoveredSender: string;
  readonly intrinsicGas: number;
}

const recorded = readVectorJson<readonly Recorded[]>('transactions/transactions.json');

describe('transactions recorded from the reference', () => {
  it.each(recorded.filter(({ kind }) => kind !== 'wrong-chain').map((vector) => [vector.hash, vector] as const))('%s', (_, vector) => {
    const tx = decodeTransaction(fromHex(vector.rlp));
    const chainId = BigInt(vector.chainId);
    expect(toHex(encodeTransaction(tx))).toBe(vector.rlp);
    expect(toHex(transactionHash(tx))).toBe(vector.hash);
    expect(toHex(senderOf(tx, chainId))).toBe(vector.sender);
    expect(intrinsicGas(tx)).toBe(BigInt(vector.intrinsicGas));
    expect(tx.type === BASIC_TYPE).toBe(vector.supportedType);
    if (vector.kind === 'cep1') {
      expect(toHex(signingHash(tx, chainId))).toBe(vector.sigHash);
      expect(signTransaction(tx, chainId, (digest) => sign(digest, fromHex(vector.privateKey)))).toEqual(tx);
    }
  });

  it('refuses a transaction of another chain', () => {
    const [wrong] = recorded.filter(({ kind }) => kind === 'wrong-chain');
    const tx = decodeTransaction(fromHex(wrong?.rlp ?? ''));
    expect(() => senderOf(tx, BigInt(wrong?.chainId ?? 0))).toThrow(expect.objectContaining({ code: 'WRONG_CHAIN' }));
  });

  it('refuses a high s and an r of zero', () => {
    const tx = decodeTransaction(fromHex(recorded[0]?.rlp ?? ''));
    const highS = { ...tx, s: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n - tx.s };
    for (const bad of [highS, { ...tx, r: 0n }, { ...tx, s: 0n }]) {
      expect(() => senderOf(bad, 41n)).toThrow(expect.objectContaining({ code: 'BAD_SIGNATURE' }));
    }
  });
});

describe('named transactions', () => {
  it.each(readVectorJson<readonly Named[]>('transactions/tx-vectors.json').map((vector) => [vector.name, vector] as const))('%s', (_, vector) => {
    const tx = decodeTransaction(fromHex(vector.rlp));
    expect(toHex(transactionHash(tx))).toBe(vector.hash);
    expect(intrinsicGas(tx)).toBe(BigInt(vector.intrinsicGas));
    const chainId = BigInt(vector.signer.split(':')[1] ?? 337);
    if (vector.signer !== 'homestead') expect(toHex(signingHash(tx, chainId))).toBe(vector.sigHash);
    expect(toHex(senderOf(tx, chainId))).toBe(vector.recoveredSender);
  });
});

describe('root of transactions', () => {
  it.each(readVectorJson<{ cases: readonly { count: number; root: string }[] }>('transactions/derive-sha.json').cases.map(({ count, root }) => [count, root] as const))('over %i', (count, root) => {
    expect(toHex(deriveRoot(recorded.slice(0, count).map(({ rlp }) => fromHex(rlp))))).toBe(root);
  });

  it('of nothing is the hash of an empty string', () => {
    expect(deriveRoot([])).toEqual(keccak256(Uint8Array.of(0x80)));
  });
});
