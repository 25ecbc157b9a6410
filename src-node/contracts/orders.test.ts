import { beforeEach, describe, expect, it } from 'vitest';
import { publicKeyOf } from '../crypto/secp256k1.ts';
import { toHex, type Hex } from '../base/bytes.ts';
import * as escrow from './bindings/pd-escrow.gen.ts';
import * as listings from './bindings/pd-listing.gen.ts';
import { pointOf } from './proofs.ts';
import type { Outcome } from './testing/harness.ts';
import { account, BUYER, CPC, DELIVERY, must, PARTNER, SELLER, SPLIT, START_BALANCE, STRANGER, TestMarket, type PlacedOrder, type Sale } from './testing/market.ts';
import { OrderCalls } from './testing/order-calls.ts';

const GRACE = 20;
const FIRE: Hex = '0x000000000000000000000000000000000000dead';

describe('an order', () => {
  let market: TestMarket;
  let sale: Sale;
  let calls: OrderCalls;

  beforeEach(() => {
    market = new TestMarket();
    calls = new OrderCalls(market);
    sale = market.sell();
  });

  const codeOf = (outcome: Outcome): string | undefined => outcome.reason?.code;
  const state = (order: PlacedOrder): escrow.State => market.order(order.id).state;
  const events = (outcome: Outcome): readonly (string | undefined)[] =>
    outcome.logs.map((log) => (toHex(log.address) === market.addresses.escrow ? escrow.decodeEvent(log)?.name : listings.decodeEvent(log)?.name));

  it('runs from place to settlement: fee burnt, shares paid, remainder to the first payee', () => {
    const order = market.place(sale);
    expect(market.order(order.id)).toMatchObject({ state: 'Funded', buyer: BUYER, price: 100n * CPC, reserve: 0n, deadline: Number(market.harness.number) + 8_640 });
    expect(market.listing(sale.listing).bondReserved).toBe(0n);

    const ready = must(market.ready(order));
    expect(events(ready)).toEqual(['BondChanged', 'OrderReady']);
    expect(market.order(order.id)).toMatchObject({ state: 'Ready', reserve: 20n * CPC, deadline: Number(market.harness.number) + 4_320 });
    expect(market.listing(sale.listing)).toMatchObject({ bondFree: 980n * CPC, bondReserved: 20n * CPC });

    const { outcome, posted } = market.postKey(order, sale.pack.input.key);
    must(outcome);
    const [log] = outcome.logs;
    expect(log && escrow.decodeEvent(log)).toEqual({
      name: 'KeyPosted', listing: sale.listing, buyer: BUYER, order: order.id, ex: pointOf(posted.ephemeral).x, ey: pointOf(posted.ephemeral).y,
      wrapped: toHex(posted.wrapped), deadline: Number(market.harness.number) + 17_280,
    });

    const settled = must(calls.confirm(order));
    expect(events(settled)).toEqual(['BondChanged', 'OrderClosed', 'FeeBurnt']);
    expect([market.credit(SELLER), market.credit(PARTNER), market.burnt()]).toEqual([69_650_000_000_000_000_000n, 29_850_000_000_000_000_000n, CPC / 2n]);
    expect(market.listing(sale.listing)).toMatchObject({ bondFree: 1_000n * CPC, bondReserved: 0n });

    must(market.escrow(STRANGER, escrow.encodeWithdraw(PARTNER)));
    expect(market.harness.balanceOf(PARTNER)).toBe(START_BALANCE + 29_850_000_000_000_000_000n);
    expect(codeOf(market.escrow(PARTNER, escrow.encodeWithdraw(PARTNER)))).toBe('NOTHING_TO_WITHDRAW');
    must(market.escrow(STRANGER, escrow.encodeSweepBurn()));
    expect([market.harness.balanceOf(FIRE), market.burnt()]).toEqual([CPC / 2n, 0n]);
    expect(codeOf(market.escrow(STRANGER, escrow.encodeSweepBurn()))).toBe('NOTHING_TO_WITHDRAW');
  });

  it('floors the fee and every share, and loses nothing to rounding', () => {
    const split = { payees: [SELLER, PARTNER, STRANGER], shares: [3_334, 3_333, 3_333] };
    const odd = market.sell({ price: CPC + 7n, split });
    const { order } = market.keyed(odd);
    must(market.escrow(BUYER, escrow.encodeConfirm(order.id, split.payees, split.shares)));
    const fee = ((CPC + 7n) * 50n) / 10_000n;
    const rest = CPC + 7n - fee;
    const share = (rest * 3_333n) / 10_000n;
    expect([market.credit(PARTNER), market.credit(STRANGER), market.credit(SELLER), market.burnt()]).toEqual([share, share, rest - 2n * share, fee]);
  });

  it('pays sixteen payees within the gas of one call, one of them twice', () => {
    const payees = [...Array.from({ length: 15 }, (_, i) => account(`payee ${i}`)), account('payee 3')];
    const split = { payees, shares: payees.map((_, i) => (i === 0 ? 1_000 : 600)) };
    const many = market.sell({ split });
    const { order } = market.keyed(many);
    must(market.escrow(BUYER, escrow.encodeConfirm(order.id, split.payees, split.shares)));
    const share = (995n * CPC * 6n) / 1_000n; // 6 % of 99.5
    expect([market.credit(account('payee 1')), market.credit(account('payee 3'))]).toEqual([share, 2n * share]);
  });

  it('settles only to the split that was bought, also after the plan was changed', () => {
    const { order } = market.keyed(sale);
    const other = { payees: [SELLER], shares: [10_000] };
    const plan: listings.NewPlan = { planId: 1, kind: 'OneOff', price: 7n * CPC, licenceHash: sale.terms.licenceHash, active: false, ...other };
    must(market.listings(SELLER, listings.encodeSetPlan(sale.listing, plan)));
    expect(codeOf(market.escrow(BUYER, escrow.encodeConfirm(order.id, other.payees, other.shares)))).toBe('BAD_SPLIT');
    expect(codeOf(market.escrow(BUYER, escrow.encodeConfirm(order.id, [PARTNER, SELLER], SPLIT.shares)))).toBe('BAD_SPLIT');
    must(calls.confirm(order));
    expect(market.credit(PARTNER)).toBe(29_850_000_000_000_000_000n);
  });

  it('is refused when anything differs from what the buyer saw, or when the payment is not the price', () => {
    const terms = { ...sale.terms, metaHash: sale.terms.dataRoot };
    expect(codeOf(market.purchase({ ...sale, terms }, BUYER).outcome)).toBe('TERMS_CHANGED');
    expect(codeOf(market.purchase(sale, BUYER, { maxPrice: sale.terms.price - 1n }).outcome)).toBe('PRICE_TOO_HIGH');
    expect(codeOf(market.purchase({ ...sale, terms: { ...sale.terms, planId: 2 } }, BUYER).outcome)).toBe('NO_PLAN');
    for (const version of [0, 2]) expect(codeOf(market.purchase({ ...sale, terms: { ...sale.terms, version } }, BUYER).outcome)).toBe('NO_VERSION');
    const { outcome } = market.purchase(sale, BUYER);
    must(outcome);
    for (const value of [0n, sale.terms.price - 1n, sale.terms.price + 1n]) {
      const data = escrow.encodePlace({
        listing: sale.listing, version: 1, planId: 1, termsHash: market.order(market.place(sale).id).termsHash, maxPrice: sale.terms.price,
        nonce: escrow.decodeNoncesResult(market.readEscrow(escrow.encodeNonces(BUYER))), buyerKey: pointOf(publicKeyOf(new Uint8Array(32).fill(1))), ready: false,
      });
      expect(codeOf(market.escrow(BUYER, data, value))).toBe('WRONG_VALUE');
    }
  });

  it('cannot be made when the seller withdrew the version, paused, retired or let the listing close', () => {
    must(market.listings(SELLER, listings.encodeWithdrawVersion(sale.listing, 1)));
    expect(codeOf(market.purchase(sale, BUYER).outcome)).toBe('NO_VERSION');
    const second = market.sell();
    must(market.listings(SELLER, listings.encodePause(second.listing)));
    expect(codeOf(market.purchase(second, BUYER).outcome)).toBe('LISTING_NOT_OPEN');
    must(market.listings(SELLER, listings.encodeResume(second.listing)));
    const order = market.place(second);
    must(market.listings(SELLER, listings.encodeRetire(second.listing)));
    expect(codeOf(market.ready(order))).toBe('LISTING_NOT_OPEN');
    expect(codeOf(market.purchase(second, BUYER).outcome)).toBe('LISTING_NOT_OPEN');
    must(calls.cancel(order));
    const third = market.sell();
    market.harness.sleep(86_400);
    expect(codeOf(market.purchase(third, BUYER).outcome)).toBe('LISTING_NOT_OPEN');
  });

  it('of an unknown suite is not taken: its faults could not be proven', () => {
    expect(codeOf(market.purchase(market.sell({ suite: 2 }), BUYER).outcome)).toBe('UNKNOWN_SUITE');
  });

  it('lets each party do only its own moves, in the states that allow them', () => {
    const order = market.place(sale);
    expect(codeOf(market.postKey(order, sale.pack.input.key).outcome)).toBe('WRONG_STATE'); // no key before ready
    for (const call of [calls.confirm(order), calls.requestCancel(order), calls.finalizeCancel(order), calls.claim(order)]) expect(codeOf(call)).toBe('WRONG_STATE');
    expect(codeOf(calls.cancel(order, STRANGER))).toBe('NOT_BUYER');
    expect(codeOf(market.escrow(SELLER, escrow.encodeReady(order.id, market.order(order.id).termsHash)))).toBe('NOT_BUYER');
    expect(codeOf(market.escrow(BUYER, escrow.encodeReady(order.id, sale.listing)))).toBe('TERMS_CHANGED');
    expect(codeOf(calls.decline(order, STRANGER))).toBe('NOT_SELLER_OR_DELIVERY_KEY');
    expect(codeOf(calls.expire(order))).toBe('TOO_EARLY');

    must(market.ready(order));
    expect(codeOf(calls.cancel(order))).toBe('WRONG_STATE');
    expect(codeOf(market.ready(order))).toBe('WRONG_STATE');
    expect(codeOf(market.postKey(order, sale.pack.input.key, STRANGER).outcome)).toBe('NOT_SELLER_OR_DELIVERY_KEY');
    const wrongHash = escrow.encodePostKey(order.id, pointOf(publicKeyOf(new Uint8Array(32).fill(1))), sale.listing, sale.listing);
    expect(codeOf(market.escrow(SELLER, wrongHash))).toBe('WRONG_BUYER_KEY');

    must(market.postKey(order, sale.pack.input.key).outcome);
    expect(codeOf(market.postKey(order, sale.pack.input.key).outcome)).toBe('WRONG_STATE'); // one key per order
    for (const call of [calls.cancel(order), calls.requestCancel(order), calls.decline(order), calls.expire(order), calls.finalizeCancel(order)]) expect(codeOf(call)).toBe('WRONG_STATE');
    expect(codeOf(calls.confirm(order, SELLER))).toBe('NOT_BUYER');
    expect(codeOf(calls.claim(order))).toBe('TOO_EARLY');

    must(calls.confirm(order));
    for (const call of [calls.confirm(order), calls.claim(order), calls.expire(order), calls.decline(order), calls.cancel(order)]) expect(codeOf(call)).toBe('WRONG_STATE');
  });

  it('can be declined by the seller or the delivery key until the key is posted', () => {
    const funded = market.place(sale);
    must(calls.decline(funded));
    const ready = market.placeReady(sale);
    must(calls.decline(ready, DELIVERY));
    const cancelling = market.placeReady(sale);
    must(calls.requestCancel(cancelling));
    must(calls.decline(cancelling));
    for (const order of [funded, ready, cancelling]) expect(state(order)).toBe('Cancelled');
    expect(market.credit(BUYER)).toBe(300n * CPC);
    expect(market.listing(sale.listing)).toMatchObject({ bondFree: 1_000n * CPC, bondReserved: 0n });
  });

  describe('runs out', () => {
    const toTheBlock = (order: PlacedOrder, blocks: number, call: 'expire' | 'finalizeCancel' | 'claim', end: escrow.State): void => {
      market.harness.mine(blocks + GRACE - 1);
      expect(calls[call](order).reason).toMatchObject({ code: 'TOO_EARLY', meta: { fromBlock: String(market.harness.number + 1n) } });
      market.harness.mine(1);
      must(calls[call](order));
      expect(state(order)).toBe(end);
    };

    it('in FUNDED after T_ready without fault', () => {
      toTheBlock(market.place(sale), market.blocks(86_400), 'expire', 'Lapsed');
      expect([market.credit(BUYER), market.burnt(), market.listing(sale.listing).bondFree]).toEqual([100n * CPC, 0n, 1_000n * CPC]);
    });

    it('in READY after T_key at the cost of the seller', () => {
      toTheBlock(market.placeReady(sale), market.blocks(43_200), 'expire', 'Expired');
      expect([market.credit(BUYER), market.burnt(), market.listing(sale.listing).bondFree]).toEqual([100n * CPC, CPC, 999n * CPC]);
    });

    it('in CANCELLING after T_c without fault', () => {
      const order = market.placeReady(sale);
      must(calls.requestCancel(order));
      toTheBlock(order, market.blocks(1_800), 'finalizeCancel', 'Cancelled');
      expect([market.credit(BUYER), market.burnt(), market.listing(sale.listing).bondFree]).toEqual([100n * CPC, 0n, 1_000n * CPC]);
    });

    it('in CANCELLING after T_key too, whichever is called first', () => {
      const order = market.placeReady(sale);
      market.harness.mine(market.blocks(43_200) - 10);
      must(calls.requestCancel(order));
      toTheBlock(order, 10, 'expire', 'Expired');
      expect(market.burnt()).toBe(CPC);
    });

    it('in KEYED after T_dispute for the seller, by anyone', () => {
      const { order } = market.keyed(sale);
      toTheBlock(order, market.blocks(172_800), 'claim', 'Settled');
      expect([market.credit(SELLER) + market.credit(PARTNER), market.burnt()]).toEqual([(995n * CPC) / 10n, CPC / 2n]);
    });

    it('but the party whose time it is may act until somebody closes the order', () => {
      const order = market.placeReady(sale);
      market.harness.mine(market.blocks(43_200) + GRACE + 1_000);
      must(market.postKey(order, sale.pack.input.key).outcome);
      market.harness.mine(market.blocks(172_800) + GRACE + 1_000);
      must(calls.confirm(order));
      const late = market.place(market.sell());
      market.harness.mine(market.blocks(86_400) + GRACE, 0n);
      must(market.ready(late));
    });
  });
});
