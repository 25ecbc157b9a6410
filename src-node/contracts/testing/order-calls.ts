/** Every call about an order, as its party would make it. */
import type { Bytes, Hex } from '../../base/bytes.ts';
import * as escrow from '../bindings/pd-escrow.gen.ts';
import { keyOpening, leafInput, pathInput, unitInput, type PostedKey } from '../proofs.ts';
import { chunkOf } from './fraud-court.ts';
import type { Outcome } from './harness.ts';
import { BUYER, SELLER, SPLIT, STRANGER, type PlacedOrder, type Sale, type TestMarket } from './market.ts';
import { leafPath, unitFields } from './reference-package.ts';

type Named = Pick<PlacedOrder, 'id'>;

export class OrderCalls {
  readonly #market: TestMarket;

  constructor(market: TestMarket) {
    this.#market = market;
  }

  confirm(order: Named, from: Hex = BUYER): Outcome {
    return this.#market.escrow(from, escrow.encodeConfirm(order.id, SPLIT.payees, SPLIT.shares));
  }

  claim(order: Named, from: Hex = STRANGER): Outcome {
    return this.#market.escrow(from, escrow.encodeClaim(order.id, SPLIT.payees, SPLIT.shares));
  }

  cancel(order: Named, from: Hex = BUYER): Outcome {
    return this.#market.escrow(from, escrow.encodeCancel(order.id));
  }

  requestCancel(order: Named, from: Hex = BUYER): Outcome {
    return this.#market.escrow(from, escrow.encodeRequestCancel(order.id));
  }

  finalizeCancel(order: Named, from: Hex = STRANGER): Outcome {
    return this.#market.escrow(from, escrow.encodeFinalizeCancel(order.id));
  }

  decline(order: Named, from: Hex = SELLER): Outcome {
    return this.#market.escrow(from, escrow.encodeDecline(order.id));
  }

  expire(order: Named, from: Hex = STRANGER): Outcome {
    return this.#market.escrow(from, escrow.encodeExpire(order.id));
  }

  proveWrongKey(order: PlacedOrder, posted: PostedKey, from: Hex = STRANGER): Outcome {
    return this.#market.escrow(from, this.wrongKeyData(order, posted));
  }

  wrongKeyData(order: PlacedOrder, posted: PostedKey): Bytes {
    return escrow.encodeProveWrongKey(order.id, keyOpening(order.b, posted));
  }

  proveBadKeyLeaf(order: PlacedOrder, posted: PostedKey, sale: Sale, chunk: number, from: Hex = BUYER): Outcome {
    const leaf = leafInput(chunkOf(sale.pack, chunk).facts);
    return this.#market.escrow(from, escrow.encodeProveBadKeyLeaf(order.id, keyOpening(order.b, posted), leaf, pathInput(leafPath(sale.pack, chunk))));
  }

  proveBadUnit(order: Named, sale: Sale, chunk: number, unit: number, from: Hex = STRANGER): Outcome {
    return this.#market.escrow(from, this.badUnitData(order, sale, chunk, unit));
  }

  badUnitData(order: Named, sale: Sale, chunk: number, unit: number): Bytes {
    const at = chunkOf(sale.pack, chunk);
    return escrow.encodeProveBadUnit(order.id, leafInput(at.facts), pathInput(leafPath(sale.pack, chunk)), unitInput(unitFields(at, unit)));
  }
}
