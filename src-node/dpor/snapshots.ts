/** Committees as they are known after a block: of terms that were, of this one, and of those that are elected (docs/protocol/06 §4). */
import type { Bytes } from '../base/bytes.ts';
import type { Chain } from '../chain/chain.ts';
import type { HashedHeader } from '../chain/header-verifier.ts';
import { Elections } from './elections.ts';
import { blocksPerTerm, electionBlockOf, firstBlockOf, hasDefaultProposers, holdsElections, termOf } from './terms.ts';

export interface Snapshot {
  readonly number: bigint;
  readonly hash: Bytes;
  /** Of the last election; none before the first. */
  readonly candidates: readonly Bytes[];
  /** By term. */
  readonly proposers: ReadonlyMap<bigint, readonly Bytes[]>;
  readonly validators: ReadonlyMap<bigint, readonly Bytes[]>;
}

/** Of each list. */
const MAX_TERMS = 200n;

export class Snapshots {
  readonly #chain: Chain;
  readonly #elections: Elections;

  constructor(modules: { readonly chain: Chain }) {
    this.#chain = modules.chain;
    this.#elections = new Elections(modules);
  }

  /** At a block of the chain. Terms whose blocks are there are read from them; at most three elections are held. @throws STATE_MISSING */
  at({ header, hash }: HashedHeader): Snapshot {
    const { dpor, validators } = this.#chain.network;
    const { number } = header;
    const checkpoint = number - (number % blocksPerTerm(dpor));
    const next = termOf(checkpoint + 1n, dpor);
    const last = this.#isElected() && holdsElections(checkpoint, dpor) ? next + 2n : next;
    const proposers = termsUpTo(last).flatMap((term) => {
      const list = this.#proposersOf(term, number);
      return list === undefined ? [] : [[term, list] as const];
    });
    const held = checkpoint === 0n ? undefined : this.#blockAt(checkpoint);
    return {
      number,
      hash,
      candidates: held === undefined ? [] : this.#elections.candidatesAt(held),
      proposers: new Map(proposers),
      validators: new Map(termsUpTo(next).map((term) => [term, validators])),
    };
  }

  /** As it is known after block `number`; undefined when there was no election for the term by then. */
  #proposersOf(term: bigint, number: bigint): readonly Bytes[] | undefined {
    const { dpor, proposers: defaults } = this.#chain.network;
    const isKnown = firstBlockOf(term, dpor) - 1n <= number;
    if (!this.#isElected() || (isKnown && hasDefaultProposers(term, dpor))) return defaults;
    const served = hasDefaultProposers(term, dpor) ? undefined : this.#chain.headerByNumber(firstBlockOf(term, dpor));
    if (served !== undefined) return served.dpor.proposers;
    const block = electionBlockOf(term, dpor);
    const held = block <= number && holdsElections(block, dpor) ? this.#blockAt(block) : undefined;
    return held === undefined ? undefined : this.#elections.electedAt(held);
  }

  /** Without a contract to campaign at, the default proposers go on, as on the practice network. */
  #isElected(): boolean {
    return this.#chain.network.contracts.campaign !== undefined;
  }

  #blockAt(number: bigint): HashedHeader | undefined {
    const header = this.#chain.headerByNumber(number);
    const hash = this.#chain.hashAt(number);
    return header === undefined || hash === undefined ? undefined : { header, hash };
  }
}

function termsUpTo(last: bigint): readonly bigint[] {
  const first = last >= MAX_TERMS ? last - MAX_TERMS + 1n : 0n;
  return Array.from({ length: Number(last - first) + 1 }, (_, i) => first + BigInt(i));
}
