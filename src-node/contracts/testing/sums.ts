/** The sums that must hold after every call (docs/protocol/11 §4.3), from the views of the contracts. */
import { toHex, type Hex } from '../../base/bytes.ts';
import { invariant } from '../../base/errors.ts';
import * as escrow from '../bindings/pd-escrow.gen.ts';
import type { Outcome } from './harness.ts';
import type { TestMarket } from './market.ts';

const OPEN: readonly escrow.State[] = ['Funded', 'Ready', 'Cancelling', 'Keyed'];
const RESERVED: readonly escrow.State[] = ['Ready', 'Cancelling', 'Keyed'];

export class SumCheck {
  readonly #market: TestMarket;
  readonly #orders = new Set<Hex>();
  readonly #listings: readonly Hex[];
  readonly #accounts: readonly Hex[];

  /** @param of all listings there are, and everyone who can have a balance in the escrow */
  constructor(market: TestMarket, of: { readonly listings: readonly Hex[]; readonly accounts: readonly Hex[] }) {
    this.#market = market;
    this.#listings = of.listings;
    this.#accounts = of.accounts;
  }

  /** Takes the orders that a call made into the books. */
  follow(outcome: Outcome): void {
    for (const log of outcome.logs) {
      const event = toHex(log.address) === this.#market.addresses.escrow ? escrow.decodeEvent(log) : null;
      if (event?.name === 'OrderPlaced') this.#orders.add(event.order);
    }
  }

  /** Contract balance = credits + open prices + burn; bonds = free + reserved + leaving; reserved = sum over the orders. */
  check(): void {
    const market = this.#market;
    const orders = [...this.#orders].map((id) => market.order(id));
    const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
    const open = orders.filter(({ state }) => OPEN.includes(state));
    const owed = sum(this.#accounts.map((account) => market.credit(account))) + sum(open.map(({ price }) => price)) + market.burnt();
    same('escrow', market.harness.balanceOf(market.addresses.escrow), owed);

    const bonds = this.#listings.map((id) => ({ id, ...market.listing(id) }));
    same('bonds', market.harness.balanceOf(market.addresses.listings), sum(bonds.map((bond) => bond.bondFree + bond.bondReserved + bond.bondLeaving)));
    for (const bond of bonds) {
      const reserved = orders.filter((order) => order.listing === bond.id && RESERVED.includes(order.state));
      same('reserve', bond.bondReserved, sum(reserved.map(({ reserve }) => reserve)));
      for (const buyer of new Set(orders.map((order) => order.buyer))) {
        const count = escrow.decodeOpenOrdersOfResult(market.readEscrow(escrow.encodeOpenOrdersOf(bond.id, buyer)));
        same('open orders', BigInt(count), BigInt(reserved.filter((order) => order.buyer === buyer).length));
      }
    }
  }
}

function same(what: string, actual: bigint, expected: bigint): void {
  invariant(actual === expected, `${what}: the chain has ${actual.toString()}, the books say ${expected.toString()}.`);
}
