/** The attacks of docs/protocol/11 §4.27 that aim at the contracts, each with its outcome in base units. */
import { beforeEach, describe, expect, it } from 'vitest';
import { fromBigInt, fromHex, type Bytes, type Hex } from '../base/bytes.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { CURVE_N, publicKeyOf } from '../crypto/secp256k1.ts';
import * as escrow from './bindings/pd-escrow.gen.ts';
import * as listings from './bindings/pd-listing.gen.ts';
import { leafInput, pathInput, pointOf, unitInput } from './proofs.ts';
import { chunkOf } from './testing/fraud-court.ts';
import type { Outcome } from './testing/harness.ts';
import { reentering, REFUSING } from './testing/receivers.ts';
import { account, BUYER, CPC, DAY, DELIVERY, must, PARTNER, SELLER, START_BALANCE, STRANGER, TestMarket, type Sale } from './testing/market.ts';
import { listingId } from './terms.ts';
import { OrderCalls } from './testing/order-calls.ts';
import { leafPath, unitFields } from './testing/reference-package.ts';

const THREE_DAYS = 3 * DAY;
const codeOf = (outcome: Outcome): string | undefined => outcome.reason?.code;

describe('attack', () => {
  let market: TestMarket;
  let calls: OrderCalls;
  let sale: Sale;

  beforeEach(() => {
    market = new TestMarket();
    calls = new OrderCalls(market);
    sale = market.sell();
  });

  it('A1: a buyer who never says ready costs the seller nothing', () => {
    const order = market.place(sale);
    market.harness.mine(market.blocks(DAY) + 20);
    expect(market.listing(sale.listing).bondFree).toBe(1_000n * CPC);
    must(calls.expire(order));
    expect([market.order(order.id).state, market.credit(BUYER), market.burnt(), market.listing(sale.listing).bondFree]).toEqual(['Lapsed', 100n * CPC, 0n, 1_000n * CPC]);
  });

  it('A2: no key can be had for an order that was not ready', () => {
    const order = market.place(sale);
    expect(codeOf(calls.requestCancel(order))).toBe('WRONG_STATE');
    must(calls.cancel(order));
    expect(codeOf(market.postKey(order, sale.pack.input.key).outcome)).toBe('WRONG_STATE');
    expect([market.order(order.id).state, market.credit(BUYER)]).toEqual(['Cancelled', 100n * CPC]);
  });

  it('A3: an outage of three days between key and deadline does not let the buyer expire first', () => {
    const order = market.placeReady(sale);
    market.harness.mine(market.blocks(43_200) - 20);
    market.harness.sleep(THREE_DAYS);
    market.harness.mine(1);
    expect(codeOf(calls.expire(order, BUYER))).toBe('TOO_EARLY');
    market.harness.mine(38);
    expect(codeOf(calls.expire(order, BUYER))).toBe('TOO_EARLY'); // 40 blocks to get the key in
    must(market.postKey(order, sale.pack.input.key).outcome);
    expect(market.order(order.id).state).toBe('Keyed');
  });

  it('A4: an outage does not eat the dispute window', () => {
    const { order, posted } = market.keyed(sale, keccak256(sale.pack.input.key));
    market.harness.sleep(THREE_DAYS);
    market.harness.mine(1);
    expect(codeOf(calls.claim(order, SELLER))).toBe('TOO_EARLY');
    must(calls.proveWrongKey(order, posted));
    expect(market.order(order.id).state).toBe('Fraud');
  });

  it('A5: five hundred orders that are cancelled again do not keep one buyer from being ready', () => {
    for (let i = 0; i < 500; i++) {
      const spammer = account(`spammer ${i}`);
      market.harness.fund(spammer, 100n * CPC);
      const order = market.place(sale, spammer);
      if (i % 100 === 0) must(calls.decline(market.placeReady(sale)));
      must(calls.cancel(order, spammer));
    }
    expect(market.listing(sale.listing)).toMatchObject({ bondFree: 1_000n * CPC, bondReserved: 0n });
    must(market.ready(market.place(sale)));
  });

  it('A6: without cover, after unbond or after openUntil there is no ready, and the buyer has his money back', () => {
    const short = market.sell({ price: 10_000n * CPC, bond: 1_999n * CPC });
    const order = market.place(short);
    expect(market.ready(order).reason).toMatchObject({ code: 'BOND_TOO_LOW', meta: { free: String(1_999n * CPC) } });
    must(calls.cancel(order));

    const drained = market.place(sale);
    must(market.listings(SELLER, listings.encodeUnbond(sale.listing, 900n * CPC)));
    must(market.listings(SELLER, listings.encodePause(sale.listing)));
    must(market.listings(SELLER, listings.encodeUnbond(sale.listing, 100n * CPC)));
    expect(codeOf(market.ready(drained))).toBe('LISTING_NOT_OPEN');
    must(calls.cancel(drained));

    const closing = market.sell();
    const late = market.place(closing);
    market.harness.sleep(DAY);
    expect(codeOf(market.ready(late))).toBe('LISTING_NOT_OPEN');
    must(calls.cancel(late));
    expect(market.credit(BUYER)).toBe(10_200n * CPC);
  });

  it('A6: two devices cannot pay for one nonce twice', () => {
    const first = market.place(sale, BUYER, { nonce: 0n });
    const again = market.purchase(sale, BUYER, { nonce: 0n });
    expect(again.outcome.reason).toMatchObject({ code: 'WRONG_NONCE', meta: { expected: '1' } });
    expect(codeOf(market.purchase(sale, BUYER, { nonce: 2n }).outcome)).toBe('WRONG_NONCE');
    expect([market.order(first.id).price, market.harness.balanceOf(BUYER)]).toEqual([100n * CPC, START_BALANCE - 100n * CPC]);
  });

  it('A7: a fraud on the least price is worth its proof', () => {
    const cheap = market.sell({ price: CPC / 10n });
    const { order, posted } = market.keyed(cheap, keccak256(cheap.pack.input.key));
    must(calls.proveWrongKey(order, posted, BUYER));
    expect([market.credit(BUYER), market.burnt(), market.listing(cheap.listing).bondFree]).toEqual([(4n * CPC) / 10n, (2n * CPC) / 10n, 1_000n * CPC - CPC / 2n]);
  });

  it('A8: silence after ready costs the seller one hundredth, which nobody gains', () => {
    const order = market.placeReady(sale);
    market.harness.mine(market.blocks(43_200) + 20);
    must(calls.expire(order));
    expect([market.credit(BUYER), market.burnt(), market.listing(sale.listing).bondFree]).toEqual([100n * CPC, CPC, 999n * CPC]);
  });

  it('A9: neither side can be given a point that it cannot use', () => {
    const g = pointOf(publicKeyOf(fromBigInt(1n, 32)));
    const bad = [{ x: 0n, y: 0n }, { x: g.x, y: g.y + 1n }, { x: CURVE_N, y: 0x98f66641cb0ae1776b463ebdee3d77fe2658f021db48e2c8ac7ab4c92f83621en }, { x: g.x, y: 2n ** 256n - 1n }];
    const order = market.placeReady(sale);
    const hash = market.order(order.id).buyerKeyHash;
    for (const point of bad) {
      expect(codeOf(market.purchase(sale, BUYER, { buyerKey: point }).outcome)).toBe('BAD_POINT');
      expect(codeOf(market.escrow(SELLER, escrow.encodePostKey(order.id, point, hash, hash)))).toBe('BAD_POINT');
    }
  });

  it('A10: a unit of another version proves nothing', () => {
    const lying = market.sell({ lies: { lyingUnit: { chunk: 1, unit: 0 } } });
    const { order } = market.keyed(sale);
    const chunk = chunkOf(lying.pack, 1);
    const data = escrow.encodeProveBadUnit(order.id, leafInput(chunk.facts), pathInput(leafPath(lying.pack, 1)), unitInput(unitFields(chunk, 0)));
    expect(codeOf(market.escrow(BUYER, data))).toBe('NOT_IN_VERSION');
    expect(market.order(order.id).state).toBe('Keyed');
  });

  it('A13: a stolen delivery key answers up to its cap, and nothing after it was replaced', () => {
    const orders = [market.placeReady(sale), market.placeReady(sale), market.placeReady(sale), market.placeReady(sale)] as const;
    must(market.postKey(orders[0], sale.pack.input.key, DELIVERY).outcome);
    must(market.postKey(orders[1], sale.pack.input.key, DELIVERY).outcome);
    expect(market.postKey(orders[2], sale.pack.input.key, DELIVERY).outcome.reason).toMatchObject({ code: 'DELIVERY_CAP_REACHED', meta: { left: String(50n * CPC) } });
    must(market.postKey(orders[2], sale.pack.input.key, SELLER).outcome); // the rest needs the seller's key
    market.harness.mine(market.blocks(DAY) - 1);
    expect(codeOf(market.postKey(orders[3], sale.pack.input.key, DELIVERY).outcome)).toBe('DELIVERY_CAP_REACHED');
    market.harness.mine(1);
    const replacement = account('new delivery key');
    must(market.listings(SELLER, listings.encodeSetDeliveryKey(sale.listing, replacement, 100n * CPC)));
    expect(codeOf(market.postKey(orders[3], sale.pack.input.key, DELIVERY).outcome)).toBe('NOT_SELLER_OR_DELIVERY_KEY');
    expect(codeOf(calls.decline(orders[3], DELIVERY))).toBe('NOT_SELLER_OR_DELIVERY_KEY');
    must(market.postKey(orders[3], sale.pack.input.key, replacement).outcome);
  });

  it('A13: a stolen delivery key can neither sell, re-price nor touch the bond', () => {
    const plan: listings.NewPlan = { planId: 1, kind: 'OneOff', price: CPC, licenceHash: sale.terms.licenceHash, active: true, payees: [DELIVERY], shares: [10_000] };
    const forbidden = [
      listings.encodeSetPlan(sale.listing, plan), listings.encodeUnbond(sale.listing, CPC), listings.encodePause(sale.listing), listings.encodeRetire(sale.listing),
      listings.encodeSetDeliveryKey(sale.listing, STRANGER, CPC), listings.encodeSetMeta(sale.listing, sale.listing, ''), listings.encodeWithdrawVersion(sale.listing, 1),
      listings.encodeAddVersion(sale.listing, market.newVersion(sale.pack), sale.listing, ''),
    ];
    for (const data of forbidden) expect(codeOf(market.listings(DELIVERY, data))).toBe('NOT_SELLER');
    must(market.listings(DELIVERY, listings.encodeSetOpenUntil(sale.listing, Number(market.harness.timeSeconds) + 2 * DAY)));
    expect(codeOf(market.listings(STRANGER, listings.encodeSetOpenUntil(sale.listing, Number(market.harness.timeSeconds) + DAY)))).toBe('NOT_SELLER_OR_DELIVERY_KEY');
  });

  it('A21: a time in milliseconds is refused everywhere', () => {
    const inMillis = Number(market.harness.timeSeconds) * 1000;
    expect(codeOf(market.listings(SELLER, listings.encodeSetOpenUntil(sale.listing, inMillis)))).toBe('BAD_TIME');
    expect(codeOf(market.listings(SELLER, listings.encodeCreate(market.newListing(1n, { openUntil: inMillis }))))).toBe('BAD_TIME');
    const version = { ...market.newVersion(sale.pack), retentionUntil: inMillis };
    expect(codeOf(market.listings(SELLER, listings.encodeAddVersion(sale.listing, version, sale.listing, '')))).toBe('BAD_TIME');
  });

  it('A25: a buyer may prove a bad key leaf, which shows K to everyone', () => {
    const lying = market.sell({ lies: { lyingKey: 0 } });
    const { order, posted } = market.keyed(lying);
    must(calls.proveBadKeyLeaf(order, posted, lying, 0, BUYER));
    expect(market.order(order.id).state).toBe('Fraud');
  });

  it('the open orders of one buyer are bounded by what the listing allows', () => {
    const one = market.sell({ listing: { maxOpenPerBuyer: 1 } });
    const first = market.placeReady(one);
    const second = market.place(one);
    expect(market.ready(second).reason).toMatchObject({ code: 'TOO_MANY_OPEN_ORDERS', meta: { maximum: '1' } });
    must(market.ready(market.place(one, STRANGER)));
    must(calls.decline(first));
    must(market.ready(second));
    const free = market.sell({ listing: { maxOpenPerBuyer: 0 } });
    for (let i = 0; i < 10; i++) market.placeReady(free);
  });

  describe('by a contract that is paid', () => {
    const ACCEPTS = Uint8Array.of(0);
    const install = (name: string, code: Bytes): Hex => {
      const address = account(name);
      market.harness.state.setCode(fromHex(address), code);
      market.harness.fund(address, 10_000n * CPC);
      return address;
    };

    it('that refuses payment nobody else loses anything', () => {
      const refuser = install('refuser', REFUSING);
      const split = { payees: [refuser, PARTNER], shares: [5_000, 5_000] };
      const odd = market.sell({ split });
      const { order } = market.keyed(odd, odd.pack.input.key, refuser);
      must(market.escrow(refuser, escrow.encodeConfirm(order.id, split.payees, split.shares)));
      expect(codeOf(market.escrow(STRANGER, escrow.encodeWithdraw(refuser)))).toBe('PAYMENT_FAILED');
      must(market.escrow(STRANGER, escrow.encodeWithdraw(PARTNER)));
      expect(market.credit(refuser)).toBe((4_975n * CPC) / 100n);
    });

    it('and calls back gets nothing twice', () => {
      const harmless = install('harmless', reentering(market.addresses.listings, listings.encodeNonces(SELLER)));
      must(calls.cancel(market.place(sale, harmless), harmless));
      must(market.escrow(STRANGER, escrow.encodeWithdraw(harmless)));
      expect(market.harness.state.storageAt(fromHex(harmless), 0n)).toBe(2n); // a call that is allowed does succeed

      const greedy = install('greedy', reentering(market.addresses.escrow, escrow.encodeWithdraw(account('greedy'))));
      const order = market.place(sale, greedy);
      market.place(sale); // money of somebody else in the contract
      must(calls.cancel(order, greedy));
      must(market.escrow(STRANGER, escrow.encodeWithdraw(greedy)));
      expect(market.harness.state.storageAt(fromHex(greedy), 0n)).toBe(1n); // the inner call failed
      expect([market.harness.balanceOf(greedy), market.harness.balanceOf(market.addresses.escrow)]).toEqual([10_000n * CPC, 100n * CPC]);
    });

    it('takes its bond out only once', () => {
      const seller = account('contract seller');
      market.harness.state.setCode(fromHex(seller), ACCEPTS);
      market.harness.fund(seller, 10_000n * CPC);
      must(market.listings(seller, listings.encodeCreate(market.newListing(0n))));
      const id = listingId({ contract: market.addresses.listings, chainId: 337n, creator: seller, nonce: 0n });
      must(market.listings(seller, listings.encodeBond(id), 500n * CPC));
      must(market.listings(seller, listings.encodeUnbond(id, 500n * CPC)));
      market.harness.mine(market.blocks(7 * DAY));
      market.harness.state.setCode(fromHex(seller), reentering(market.addresses.listings, listings.encodeWithdrawBond(id)));
      must(market.listings(STRANGER, listings.encodeWithdrawBond(id)));
      expect(market.harness.state.storageAt(fromHex(seller), 0n)).toBe(1n);
      expect(market.harness.balanceOf(seller)).toBe(10_000n * CPC);
      expect(market.harness.balanceOf(market.addresses.listings)).toBe(1_000n * CPC);
    });
  });

  it('by sending CPC to the contracts without a call is refused', () => {
    expect(codeOf(market.escrow(STRANGER, new Uint8Array(0), CPC))).toBe('UNKNOWN_ETHER');
    expect(market.listings(STRANGER, new Uint8Array(0), CPC).error).toBe('REVERT');
  });
});
