/** Elections of a chain: who stands in one, and whom it gives seats (docs/protocol/06 §4.1, §5). */
import { byteKey } from '../base/byte-key.ts';
import { fromHex, type Bytes } from '../base/bytes.ts';
import { isCoded } from '../base/errors.ts';
import type { Chain } from '../chain/chain.ts';
import type { HashedHeader } from '../chain/header-verifier.ts';
import { AbiCodec } from '../contracts/abi-codec.ts';
import { callAt } from './contract-call.ts';
import { chooseSome } from './election/choose-some.ts';
import { electCommittee, electionSeed } from './election/committee.ts';
import { reputationFacts } from './reputation-facts.ts';
import { reputationRules } from './reputation-rules.ts';
import { reputations } from './reputation.ts';
import { holdsElections, termOf } from './terms.ts';

/** More are drawn down to as many. */
const MAX_CANDIDATES = 100;
/** Elections; one reads two states and up to ten thousand headers. */
const KEPT = 64;

const CAMPAIGN = new AbiCodec(['function candidatesOf(uint256 term) view returns (address[])']);

export class Elections {
  readonly #chain: Chain;
  /** By the hash of the block at which it was held. */
  readonly #held = new Map<string, readonly Bytes[]>();

  constructor(modules: { readonly chain: Chain }) {
    this.#chain = modules.chain;
  }

  /** Candidates at the last block of a term, in their order; the network's own where too few have claimed. */
  candidatesAt({ header, hash }: HashedHeader): readonly Bytes[] {
    const { network } = this.#chain;
    const claimed = holdsElections(header.number, network.dpor) ? this.#claimedIn(termOf(header.number, network.dpor)) : [];
    const candidates = claimed.length >= network.dpor.termLen ? claimed : network.candidates;
    return candidates.length > MAX_CANDIDATES ? chooseSome(candidates, electionSeed(hash), MAX_CANDIDATES) : candidates;
  }

  /** Whom the election at the last block of a term gives the seats of the term that is two terms further. @throws STATE_MISSING for a block whose state is not kept */
  electedAt(block: HashedHeader): readonly Bytes[] {
    const key = byteKey(block.hash);
    const known = this.#held.get(key);
    if (known !== undefined) return known;
    const elected = this.#elect(block);
    const [oldest] = this.#held.keys();
    if (this.#held.size >= KEPT && oldest !== undefined) this.#held.delete(oldest);
    this.#held.set(key, elected);
    return elected;
  }

  #elect(block: HashedHeader): readonly Bytes[] {
    const { header, hash } = block;
    const { network } = this.#chain;
    const addresses = this.candidatesAt(block);
    const { weights, window, seats } = reputationRules(this.#chain, header);
    const scores = reputations(reputationFacts(this.#chain, addresses, { window, at: header }), weights, header.number);
    const candidates = addresses.map((address, i) => ({ address, reputation: scores[i] ?? 0 }));
    return electCommittee({ candidates, seed: electionSeed(hash), rules: seats }, { termLen: network.dpor.termLen, proposers: network.proposers });
  }

  /** Read at the head: claims made in a term are for later ones, so that the list of a term that has begun stays. */
  #claimedIn(term: bigint): readonly Bytes[] {
    const { head, network } = this.#chain;
    const { campaign } = network.contracts;
    const answer = campaign === undefined ? null : callAt(this.#chain, head.header, campaign, CAMPAIGN.call('candidatesOf', [term]));
    if (answer === null) return [];
    try {
      return (CAMPAIGN.result('candidatesOf', answer)[0] as readonly string[]).map(fromHex);
    } catch (error) {
      if (isCoded(error, 'BAD_RESULT')) return [];
      throw error;
    }
  }
}
