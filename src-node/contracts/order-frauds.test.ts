import { beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../base/bytes.ts';
import { keccak256 } from '../crypto/keccak.ts';
import * as escrow from './bindings/pd-escrow.gen.ts';
import * as listings from './bindings/pd-listing.gen.ts';
import { keyOpening } from './proofs.ts';
import type { Outcome } from './testing/harness.ts';
import { BUYER, CPC, must, STRANGER, TestMarket, type PlacedOrder, type Sale } from './testing/market.ts';
import { OrderCalls } from './testing/order-calls.ts';

const GRACE = 20;

describe('an order with a lie', () => {
  let market: TestMarket;
  let sale: Sale;
  let calls: OrderCalls;

  beforeEach(() => {
    market = new TestMarket();
    calls = new OrderCalls(market);
    sale = market.sell();
  });

  const codeOf = (outcome: Outcome): string | undefined => outcome.reason?.code;
  const events = (outcome: Outcome): readonly (string | undefined)[] =>
    outcome.logs.map((log) => (toHex(log.address) === market.addresses.escrow ? escrow.decodeEvent(log)?.name : listings.decodeEvent(log)?.name));

  /** R = 20: the buyer has 100 + 0.1 + 9.95, and 9.95 are burnt. */
  const paidForFraud = (order: PlacedOrder, free: bigint): void => {
    expect(market.order(order.id).state).toBe('Fraud');
    expect([market.credit(BUYER), market.burnt()]).toEqual([110_050_000_000_000_000_000n, 9_950_000_000_000_000_000n]);
    expect(market.listing(sale.listing)).toMatchObject({ bondFree: free, bondReserved: 0n });
  };

  it('in the key: FRAUD, paid to the buyer whoever proves it', () => {
    const { order, posted } = market.keyed(sale, keccak256(sale.pack.input.key));
    const proven = must(calls.proveWrongKey(order, posted));
    expect(events(proven)).toEqual(['FraudProven', 'BondChanged', 'OrderClosed', 'FeeBurnt']);
    paidForFraud(order, 980n * CPC);
    expect(codeOf(calls.proveWrongKey(order, posted))).toBe('WRONG_STATE'); // once
  });

  it('in the key of a chunk: FRAUD', () => {
    sale = market.sell({ lies: { lyingKey: 1 } });
    const { order, posted } = market.keyed(sale);
    expect(codeOf(calls.proveWrongKey(order, posted))).toBe('NO_FRAUD');
    expect(codeOf(calls.proveBadKeyLeaf(order, posted, sale, 0))).toBe('NO_FRAUD');
    must(calls.proveBadKeyLeaf(order, posted, sale, 1));
    paidForFraud(order, 980n * CPC);
  });

  it('in a unit: FRAUD, for a full and for a short unit', () => {
    sale = market.sell({ lies: { lyingUnit: { chunk: 0, unit: 1 } } });
    const { order } = market.keyed(sale);
    expect(codeOf(calls.proveBadUnit(order, sale, 0, 2))).toBe('NO_FRAUD');
    must(calls.proveBadUnit(order, sale, 0, 1));
    paidForFraud(order, 980n * CPC);
    const short = market.sell({ lies: { lyingUnit: { chunk: 1, unit: 0 } } });
    const second = market.keyed(short);
    must(calls.proveBadUnit(second.order, short, 1, 0));
    expect(market.order(second.order.id).state).toBe('Fraud');
  });

  it('still wins when the window is over, until somebody claims', () => {
    const { order, posted } = market.keyed(sale, keccak256(sale.pack.input.key));
    market.harness.mine(market.blocks(172_800) + GRACE + 500);
    must(calls.proveWrongKey(order, posted));
    expect(market.order(order.id).state).toBe('Fraud');
    const second = market.keyed(market.sell(), keccak256(sale.pack.input.key));
    market.harness.mine(market.blocks(172_800) + GRACE);
    must(calls.claim(second.order));
    expect(codeOf(calls.proveWrongKey(second.order, second.posted))).toBe('WRONG_STATE');
  });

  it('is not proven with the points of another order, nor with altered ones', () => {
    const { order, posted } = market.keyed(sale, keccak256(sale.pack.input.key));
    const other = market.keyed(sale, sale.pack.input.key, STRANGER);
    const opening = keyOpening(order.b, posted);
    expect(codeOf(market.escrow(BUYER, escrow.encodeProveWrongKey(other.order.id, opening)))).toBe('WRONG_OPENING');
    expect(codeOf(market.escrow(BUYER, escrow.encodeProveWrongKey(order.id, { ...opening, wrapped: sale.listing })))).toBe('WRONG_OPENING');
    expect(codeOf(calls.proveWrongKey(other.order, other.posted))).toBe('NO_FRAUD');
    for (const chunk of [0, 1]) expect(codeOf(calls.proveBadKeyLeaf(other.order, other.posted, sale, chunk))).toBe('NO_FRAUD');
    for (const unit of [0, 1, 2]) expect(codeOf(calls.proveBadUnit(other.order, sale, 0, unit))).toBe('NO_FRAUD');
  });
});
