import { describe, expect, it } from 'vitest';
import { BUYER, CPC, must, SELLER, SPLIT, TestMarket } from './testing/market.ts';
import * as escrow from './bindings/pd-escrow.gen.ts';
describe('x', () => { it('y', () => {
  const m = new TestMarket();
  const sale = m.sell();
  const { order } = m.keyed(sale);
  must(m.escrow(BUYER, escrow.encodeConfirm(order.id, SPLIT.payees, SPLIT.shares)));
  expect(m.order(order.id).state).toBe('Settled');
  expect(m.credit(SELLER)).toBe(100n * CPC * 995n / 1000n * 7n / 10n);
}); });
