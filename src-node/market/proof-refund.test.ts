import { expect, it } from 'vitest';
import { proofRefund, reserveFor } from './proof-refund.ts';

const CPC = 10n ** 18n;
const numbers = { bondBps: 2_000, minReserve: CPC / 2n, proofAllowance: CPC / 10n };

it('reserves a fifth of the price, and at least the least reserve', () => {
  expect(reserveFor(100n * CPC, numbers)).toBe(20n * CPC);
  expect(reserveFor(1n * CPC, numbers)).toBe(CPC / 2n);
  expect(reserveFor(5n * CPC / 2n, numbers)).toBe(CPC / 2n);
});

it('pays price, allowance and half of the rest, rounded down as the contract does', () => {
  expect(proofRefund(100n * CPC, 20n * CPC, numbers)).toBe(100n * CPC + CPC / 10n + (199n * CPC) / 20n);
  expect(proofRefund(0n, CPC / 10n + 3n, numbers)).toBe(CPC / 10n + 1n);
});
