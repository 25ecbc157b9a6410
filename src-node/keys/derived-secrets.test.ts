import { describe, expect, it } from 'vitest';
import { fromHex, hexOf } from '../base/bytes.ts';
import { publicKeyOf } from '../crypto/secp256k1.ts';
import { accountBranches, deliveryKey, keyCommitOf, openKey, orderKey, packKey, sealKey } from './derived-secrets.ts';

const repeat = (byte: string, count: number): Uint8Array => fromHex(byte.repeat(count));
const scalar = (n: number): Uint8Array => fromHex(n.toString(16).padStart(64, '0'));

describe('derived secrets: the fixed vector (docs/protocol/11 §4.7)', () => {
  const seller = repeat('51', 20);
  const salt = repeat('a1', 32);
  const key = packKey(repeat('07', 32), salt, 337n, seller);
  const orderId = fromHex('77b900da4646be1a7e9efc545fbd32f8b41190f1b7cf5e1d7e02ae22a0dfcb15');

  it('derives K and its commitment', () => {
    expect(hexOf(key)).toBe('bb99b89aa082a8b46c0aff26fb3f774738c1a0b4d845e9668c7a7a6d63b66864');
    expect(hexOf(keyCommitOf(seller, salt, key))).toBe('c9b86d4feabd21aa3a0b30478875920eed1a46f868699591e755ea77dbbc7f73');
  });

  it.each([
    [7, '2352a93774ab864c61931f3f65e9cb6604b13ea420ce85c23b2e0e9d6a2444f9'],
    [6, '3d98b6e9ef98415f74d3ac43f11f8134184dbd8b584b045c844b79d471040785'],
  ])('seals K with e = %i and opens it again', (e, w) => {
    const delivered = sealKey(key, publicKeyOf(scalar(5)), orderId, scalar(e));
    expect(hexOf(delivered.w)).toBe(w);
    expect(openKey(scalar(5), delivered, orderId).key).toEqual(key);
    expect(openKey(scalar(4), delivered, orderId).key).not.toEqual(key);
  });
});

describe('order keys', () => {
  const context = { chainId: 4181n, genesisHash: repeat('11', 32), escrow: repeat('b1', 20), buyer: repeat('b2', 20), listing: repeat('22', 32), orderNonce: 3n };

  it('differ by every field of their context', () => {
    const base = hexOf(orderKey(repeat('33', 32), context));
    const variants = [
      { ...context, chainId: 337n }, { ...context, genesisHash: repeat('12', 32) }, { ...context, escrow: repeat('b3', 20) },
      { ...context, buyer: repeat('b3', 20) }, { ...context, listing: repeat('23', 32) }, { ...context, orderNonce: 4n },
    ].map((variant) => hexOf(orderKey(repeat('33', 32), variant)));
    expect(new Set([base, ...variants]).size).toBe(7);
  });

  it('are stable (published vectors)', () => {
    expect(hexOf(orderKey(repeat('33', 32), context))).toMatchInlineSnapshot(`"46e16e522b533b596949b8b756a8ceaf8ee92c046b15c123c07fa9b683ef6dc7"`);
    const branches = accountBranches(repeat('45', 32));
    expect([hexOf(branches.orderBranch), hexOf(branches.packSecret)]).toMatchInlineSnapshot(`
      [
        "74e303fee8cfc5b52bf3afbbf661810b4ef68d6d1726e1bc0460506db3daa97c",
        "7af5805748b5c75e0b170e68fd7602d6c0ea4d9d55f0bafc275cc6be028954aa",
      ]
    `);
  });
});

describe('delivery keys', () => {
  const context = { chainId: 4181n, genesisHash: repeat('11', 32), listings: repeat('b1', 20), seller: repeat('51', 20), counter: 0 };

  it('differ by every field of their context, and are stable (published vector)', () => {
    const base = hexOf(deliveryKey(repeat('07', 32), context));
    const variants = [
      { ...context, chainId: 337n }, { ...context, genesisHash: repeat('12', 32) }, { ...context, listings: repeat('b3', 20) }, { ...context, seller: repeat('52', 20) }, { ...context, counter: 1 },
    ].map((variant) => hexOf(deliveryKey(repeat('07', 32), variant)));
    expect(new Set([base, ...variants]).size).toBe(6);
    expect(base).toMatchInlineSnapshot(`"07d3705e626503a642407a99f6bc68e79c9ca310817a75cf4936915d04d6976b"`);
  });
});
