import type { Chain } from '../../chain/chain.ts';
import type { HashedHeader } from '../../chain/header-verifier.ts';

/** Every new block, one by one: a head event of the chain may cover many. Reads nothing while nobody listens. */
export class BlockFeed {
  readonly #chain: Chain;
  readonly #listeners = new Set<(block: HashedHeader) => void>();
  readonly #stop: () => void;
  #last: bigint;

  constructor(modules: { readonly chain: Chain }) {
    this.#chain = modules.chain;
    this.#last = modules.chain.head.header.number;
    this.#stop = modules.chain.events.on('head', ({ header }) => this.#advance(header.number));
  }

  /** @returns the function that stops listening */
  on(listener: (block: HashedHeader) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#stop();
    this.#listeners.clear();
  }

  #advance(head: bigint): void {
    const first = this.#last + 1n;
    this.#last = head;
    if (this.#listeners.size === 0) return;
    for (let number = first; number <= head; number++) {
      const hash = this.#chain.hashAt(number);
      const header = this.#chain.headerByNumber(number);
      if (hash === undefined || header === undefined) return;
      for (const listener of [...this.#listeners]) listener({ header, hash });
    }
  }
}
