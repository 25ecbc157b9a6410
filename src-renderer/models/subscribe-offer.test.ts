import { expect, it } from 'vitest';
import { subscribeOffer } from './subscribe-offer.ts';

const CPC = 10n ** 18n;

it('offers what lasts about 30 days, and a day of twice the price, in round sums', () => {
  expect(subscribeOffer((262n * CPC) / 100n, 1_000n * CPC)).toEqual({ deposit: 79n * CPC, capPerDay: (53n * CPC) / 10n });
  expect(subscribeOffer(null, 1_000n * CPC)).toEqual({ deposit: 10n * CPC, capPerDay: CPC });
  expect(subscribeOffer(0n, 1_000n * CPC)).toEqual({ deposit: 10n * CPC, capPerDay: CPC }); // nothing came of late
  expect(subscribeOffer(1n, 1_000n * CPC)).toEqual({ deposit: CPC / 100n, capPerDay: CPC / 100n });
});

it('offers at most half of what the account has, of two figures, and no day above it', () => {
  expect(subscribeOffer(864n * CPC, 1_000n * CPC)).toEqual({ deposit: 500n * CPC, capPerDay: 500n * CPC });
  expect(subscribeOffer(864n * CPC, 3_469n * CPC)).toEqual({ deposit: 1_700n * CPC, capPerDay: 1_700n * CPC });
  expect(subscribeOffer(null, CPC + 11n)).toEqual({ deposit: CPC / 2n, capPerDay: CPC / 2n });
  expect(subscribeOffer(CPC, 7n)).toEqual({ deposit: 3n, capPerDay: 3n });
  expect(subscribeOffer(CPC, 0n)).toEqual({ deposit: 0n, capPerDay: 0n });
  expect(subscribeOffer(864n * CPC, null).deposit).toBe(26_000n * CPC);
});

it('follows the deposit that a person wrote with the day', () => {
  expect(subscribeOffer(10n * CPC, 1_000n * CPC, 5n * CPC)).toEqual({ deposit: 5n * CPC, capPerDay: 5n * CPC });
  expect(subscribeOffer(10n * CPC, 1_000n * CPC, null)).toEqual({ deposit: null, capPerDay: 20n * CPC });
  expect(subscribeOffer(10n * CPC, 1_000n * CPC, 5_000n * CPC)).toEqual({ deposit: 5_000n * CPC, capPerDay: 20n * CPC });
});
