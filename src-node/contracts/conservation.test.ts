/** Random lives of a small market: the sums hold after every call, states move only along the machine, and every order ends. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Hex } from '../base/bytes.ts';
import { invariant } from '../base/errors.ts';
import { keccak256 } from '../crypto/keccak.ts';
import * as escrow from './bindings/pd-escrow.gen.ts';
import * as listings from './bindings/pd-listing.gen.ts';
import type { PostedKey } from './proofs.ts';
import type { Outcome } from './testing/harness.ts';
import { BUYER, CPC, DELIVERY, PARTIES, PARTNER, SELLER, STRANGER, TestMarket, type PlacedOrder, type Sale } from './testing/market.ts';
import { OrderCalls } from './testing/order-calls.ts';
import { SumCheck } from './testing/sums.ts';

type State = escrow.State;

/** The drawing of docs/protocol/11 §4.6. */
const NEXT: Readonly<Record<State, readonly State[]>> = {
  None: ['Funded', 'Ready'],
  Funded: ['Ready', 'Cancelled', 'Lapsed'],
  Ready: ['Keyed', 'Cancelling', 'Cancelled', 'Expired'],
  Cancelling: ['Keyed', 'Cancelled', 'Expired'],
  Keyed: ['Settled', 'Fraud'],
  Settled: [],
  Cancelled: [],
  Lapsed: [],
  Expired: [],
  Fraud: [],
};

const ONE_BYTE_CHUNKS = [0xc5, 0xc6].map((byte) => ({ plain: Uint8Array.of(byte), salt: new Uint8Array(16).fill(byte) }));
const BUYERS = [BUYER, STRANGER] as const;

/** The first five choices are a party each, the others whoever's move it is: else most calls would only be refused. */
const PARTY_CHOICES = 14;

const anyOrder = fc.nat(5);
const move = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('place' as const), sale: fc.nat(3), buyer: fc.nat(1), ready: fc.boolean() }) },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('order' as const),
      call: fc.constantFrom('ready', 'cancel', 'requestCancel', 'finalizeCancel', 'decline', 'confirm', 'claim', 'expire', 'wrongKey', 'badKeyLeaf', 'badUnit'),
      order: anyOrder,
      by: fc.nat(PARTY_CHOICES),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('postKey' as const), order: anyOrder, by: fc.nat(PARTY_CHOICES), lie: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('money' as const),
      call: fc.constantFrom('withdraw', 'sweep', 'unbond', 'withdrawBond', 'bond', 'pause', 'resume'),
      sale: fc.nat(3),
      of: fc.nat(4),
      amount: fc.bigInt(0n, 60n * CPC),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('mine' as const), blocks: fc.constantFrom(1, 19, 20, 120, 140, 300, 320, 600, 640) }) },
);
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never;

/** A fraud and a cancellation after ready, which random moves reach in one life of five. */
const RARE: readonly Move[] = [
  { kind: 'place', sale: 0, buyer: 0, ready: true },
  { kind: 'postKey', order: 0, by: PARTY_CHOICES, lie: true },
  { kind: 'order', call: 'wrongKey', order: 0, by: PARTY_CHOICES },
  { kind: 'place', sale: 0, buyer: 1, ready: true },
  { kind: 'order', call: 'requestCancel', order: 1, by: PARTY_CHOICES },
];

class RandomLife {
  readonly market = new TestMarket('practice', { chainId: 4181n, genesisHash: `0x${'9e'.repeat(32)}`, periodMillis: 1_000 });
  readonly calls = new OrderCalls(this.market);
  readonly books: SumCheck;
  readonly sales: readonly Sale[];
  readonly orders: { readonly placed: PlacedOrder; readonly sale: Sale; posted?: PostedKey; state: State }[] = [];
  readonly reached = new Set<State>();
  readonly #total: bigint;

  constructor() {
    const chunks = ONE_BYTE_CHUNKS;
    this.sales = [
      this.market.sell({ chunks, bond: 100n * CPC, price: 33n * CPC + 7n }),
      this.market.sell({ chunks, bond: 10n * CPC, price: CPC / 10n + 1n }),
      this.market.sell({ chunks, bond: 50n * CPC, price: 9n * CPC, lies: { lyingKey: 1 } }),
      this.market.sell({ chunks, bond: 50n * CPC, price: 11n * CPC, lies: { lyingUnit: { chunk: 0, unit: 0 } }, listing: { maxOpenPerBuyer: 1 } }),
    ];
    this.#total = this.#everything();
    this.books = new SumCheck(this.market, { listings: this.sales.map(({ listing }) => listing), accounts: PARTIES });
  }

  play(move: Move): void {
    const outcome = this.#call(move);
    if (outcome !== undefined) this.books.follow(outcome);
    this.check();
  }

  check(): void {
    this.books.check();
    invariant(this.#everything() === this.#total, 'Money appeared or vanished.');
    for (const order of this.orders) {
      const { state } = this.market.order(order.placed.id);
      invariant(state === order.state || NEXT[order.state].includes(state), `${order.state} became ${state}.`);
      const isHonest = order.posted === undefined || order.posted.wrapped === this.#honest.get(order.placed.id);
      invariant(state !== 'Fraud' || !isHonest || order.sale !== this.sales[0], 'An honest seller was slashed.');
      order.state = state;
      this.reached.add(state);
    }
  }

  /** Nobody acts any more but a stranger with the clock: every order must come to an end. */
  runOut(): void {
    this.market.harness.mine(10_000);
    for (const { placed, state } of this.orders) {
      if (state === 'Keyed') this.books.follow(this.calls.claim(placed));
      else if (NEXT[state].length > 0) this.books.follow(this.calls.expire(placed));
    }
    this.check();
    for (const { state } of this.orders) invariant(NEXT[state].length === 0, `An order is stuck in ${state}.`);
    for (const { listing } of this.sales) invariant(this.market.listing(listing).bondReserved === 0n, 'Bond stays reserved for nothing.');
    for (const party of PARTIES) this.market.escrow(STRANGER, escrow.encodeWithdraw(party));
    this.market.escrow(STRANGER, escrow.encodeSweepBurn());
    invariant(this.market.harness.balanceOf(this.market.addresses.escrow) === 0n, 'CPC stays in the escrow.');
  }

  readonly #honest = new Map<Hex, Uint8Array>();

  #call(move: Move): Outcome | undefined {
    switch (move.kind) {
      case 'place': return this.#place(move);
      case 'order': return this.#order(move);
      case 'postKey': return this.#postKey(move);
      case 'money': return this.#money(move);
      case 'mine':
        this.market.harness.mine(move.blocks);
        return undefined;
    }
  }

  #place(move: Extract<Move, { kind: 'place' }>): Outcome {
    const sale = this.sales[move.sale];
    const buyer = BUYERS[move.buyer];
    invariant(sale && buyer, 'The move names a sale and a buyer.');
    const { order, outcome } = this.market.purchase(sale, buyer, { ready: move.ready });
    if (outcome.error === undefined) this.orders.push({ placed: order, sale, state: 'None' });
    return outcome;
  }

  #order(move: Extract<Move, { kind: 'order' }>): Outcome | undefined {
    const order = this.orders[move.order % Math.max(1, this.orders.length)];
    if (order === undefined) return undefined;
    const { calls } = this;
    const { placed, sale, posted } = order;
    const by = this.#party(move.by, placed.buyer);
    switch (move.call) {
      case 'ready': return this.market.ready(placed);
      case 'cancel': return calls.cancel(placed, by);
      case 'requestCancel': return calls.requestCancel(placed, by);
      case 'finalizeCancel': return calls.finalizeCancel(placed, by);
      case 'decline': return calls.decline(placed, this.#party(move.by, SELLER));
      case 'confirm': return calls.confirm(placed, by);
      case 'claim': return calls.claim(placed, by);
      case 'expire': return calls.expire(placed, by);
      case 'wrongKey': return posted && calls.proveWrongKey(placed, posted, by);
      case 'badKeyLeaf': return posted && calls.proveBadKeyLeaf(placed, posted, sale, 1, by);
      case 'badUnit': return calls.proveBadUnit(placed, sale, 0, 0, by);
    }
  }

  #money(move: Extract<Move, { kind: 'money' }>): Outcome {
    const { market } = this;
    const listing = this.#listing(move.sale);
    switch (move.call) {
      case 'withdraw': return market.escrow(STRANGER, escrow.encodeWithdraw(this.#party(move.of)));
      case 'sweep': return market.escrow(STRANGER, escrow.encodeSweepBurn());
      case 'unbond': return market.listings(SELLER, listings.encodeUnbond(listing, move.amount));
      case 'bond': return market.listings(SELLER, listings.encodeBond(listing), move.amount);
      case 'withdrawBond': return market.listings(STRANGER, listings.encodeWithdrawBond(listing));
      case 'pause': return market.listings(SELLER, listings.encodePause(listing));
      case 'resume': return market.listings(SELLER, listings.encodeResume(listing));
    }
  }

  #postKey(move: Extract<Move, { kind: 'postKey' }>): Outcome | undefined {
    const order = this.orders[move.order % Math.max(1, this.orders.length)];
    if (order === undefined) return undefined;
    const { key } = order.sale.pack.input;
    const { outcome, posted } = this.market.postKey(order.placed, move.lie ? keccak256(key) : key, this.#party(move.by, SELLER));
    if (outcome.error === undefined) {
      order.posted = posted;
      if (!move.lie) this.#honest.set(order.placed.id, posted.wrapped);
    }
    return outcome;
  }

  #party(index: number, rightful: Hex = STRANGER): Hex {
    return [SELLER, DELIVERY, BUYER, STRANGER, PARTNER][index] ?? rightful;
  }

  #listing(index: number): Hex {
    return this.sales[index]?.listing ?? '0x';
  }

  /** All CPC there is: of the parties, the contracts and the fire. */
  #everything(): bigint {
    const fire: Hex = '0x000000000000000000000000000000000000dead';
    const holders = [...PARTIES, fire, this.market.addresses.escrow, this.market.addresses.listings];
    return holders.reduce((sum, holder) => sum + this.market.harness.balanceOf(holder), 0n);
  }
}

describe('any sequence of calls', () => {
  it('keeps the sums, follows the machine, slashes no honest seller and leaves nothing stuck', () => {
    const reached = new Set<State>();
    fc.assert(
      fc.property(fc.array(move, { minLength: 30, maxLength: 60, size: 'max' }), (moves) => {
        const life = new RandomLife();
        for (const next of moves) life.play(next);
        life.runOut();
        for (const state of life.reached) reached.add(state);
      }),
      { numRuns: 50, examples: [[[...RARE]]] },
    );
    expect([...reached].sort()).toEqual(['Cancelled', 'Cancelling', 'Expired', 'Fraud', 'Funded', 'Keyed', 'Lapsed', 'Ready', 'Settled']);
  }, 300_000);
});
