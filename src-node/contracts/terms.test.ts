import { describe, expect, it } from 'vitest';
import { readVectorJson } from '../testing/vectors.ts';
import type { Hex } from '../base/bytes.ts';
import { buyerKeyHash, listingId, orderId, splitHash, termsHash, type Split, type Terms } from './terms.ts';
import { BUYER, must, SELLER, SPLIT, TestMarket } from './testing/market.ts';

interface TermsVectors {
  readonly terms: Omit<Terms, 'price'> & { readonly price: string };
  readonly termsHash: Hex;
  readonly split: Split;
  readonly splitHash: Hex;
  readonly orderId: { readonly contract: Hex; readonly chainId: string; readonly creator: Hex; readonly nonce: string; readonly id: Hex };
  readonly buyerKey: { readonly x: Hex; readonly y: Hex; readonly hash: Hex };
}

describe('hashes and ids of the market', () => {
  const vectors = readVectorJson<TermsVectors>('contracts/terms.json');

  it('give the published vectors', () => {
    expect(termsHash({ ...vectors.terms, price: BigInt(vectors.terms.price) })).toBe(vectors.termsHash);
    expect(splitHash(vectors.split)).toBe(vectors.splitHash);
    const { contract, chainId, creator, nonce, id } = vectors.orderId;
    expect(orderId({ contract, chainId: BigInt(chainId), creator, nonce: BigInt(nonce) })).toBe(id);
    expect(buyerKeyHash({ x: BigInt(vectors.buyerKey.x), y: BigInt(vectors.buyerKey.y) })).toBe(vectors.buyerKey.hash);
  });

  it('change with every field', () => {
    const terms = { ...vectors.terms, price: BigInt(vectors.terms.price) };
    const hashes = Object.entries(terms).map(([name, value]) => {
      const changed = typeof value === 'number' ? value + 1 : typeof value === 'bigint' ? value + 1n : `0x${'ee'.repeat(32)}`;
      return termsHash({ ...terms, [name]: changed });
    });
    expect(new Set([...hashes, termsHash(terms)]).size).toBe(16);
  });

  it('are those that the contracts compute', () => {
    const market = new TestMarket();
    const sale = market.sell();
    expect(sale.listing).toBe(listingId({ contract: market.addresses.listings, chainId: 337n, creator: SELLER, nonce: 0n }));
    expect(market.listing(sale.listing).seller).toBe(SELLER);
    const { order, outcome } = market.purchase(sale, BUYER);
    must(outcome);
    expect(market.order(order.id)).toMatchObject({ buyer: BUYER, state: 'Funded', termsHash: termsHash(sale.terms), splitHash: splitHash(SPLIT) });
  });
});
