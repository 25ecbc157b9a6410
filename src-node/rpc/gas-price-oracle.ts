import { equal, toHex } from '../base/bytes.ts';
import type { Chain } from '../chain/chain.ts';
import { senderOf } from '../primitives/transaction.ts';

/** docs/protocol/05 §6. */
const ORACLE = {
  blocks: 20,
  /** Blocks without a price that are let pass; for each further one an older block is read. */
  toleratedEmpty: 10,
  maxBlocks: 100,
  percentile: 60,
  initialPrice: 18_000_000_000n,
  maxPrice: 500_000_000_000n,
} as const;

/** Suggests the price at which recent blocks took transactions; once per head. */
export class GasPriceOracle {
  readonly #chain: Chain;
  #head: string | undefined;
  #price: bigint = ORACLE.initialPrice;

  constructor(modules: { readonly chain: Chain }) {
    this.#chain = modules.chain;
  }

  /** Base units per gas. */
  suggest(): bigint {
    const head = toHex(this.#chain.head.hash);
    if (head !== this.#head) {
      this.#head = head;
      const price = this.#percentile();
      if (price !== undefined) this.#price = price < ORACLE.maxPrice ? price : ORACLE.maxPrice;
    }
    return this.#price;
  }

  #percentile(): bigint | undefined {
    const prices: bigint[] = [];
    let empty = 0;
    let wanted: number = ORACLE.blocks;
    let number = this.#chain.head.header.number;
    for (let read = 0; read < wanted && number > 0n; read++, number--) {
      const price = this.#lowestPrice(number);
      if (price !== undefined) prices.push(price);
      else if (++empty > ORACLE.toleratedEmpty) wanted = Math.min(wanted + 1, ORACLE.maxBlocks);
    }
    prices.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    return prices[Math.floor(((prices.length - 1) * ORACLE.percentile) / 100)];
  }

  /** Lowest price in a block, but for the transactions of its proposer. */
  #lowestPrice(number: bigint): bigint | undefined {
    const block = this.#chain.blockByNumber(number);
    if (block === undefined) return undefined;
    const byPrice = block.transactions.toSorted((a, b) => (a.gasPrice < b.gasPrice ? -1 : a.gasPrice > b.gasPrice ? 1 : 0));
    return byPrice.find((tx) => !equal(senderOf(tx, this.#chain.network.chainId), block.header.coinbase))?.gasPrice;
  }
}
