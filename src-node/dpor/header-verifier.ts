/**
 * Decides whether a header may follow another: header rules, the committee of the term, the seal of the proposer whose turn
 * it is, and enough signatures of distinct validators, each in its slot (docs/protocol/06 §8).
 */
import { equal, isZero, type Bytes } from '../base/bytes.ts';
import { blockError } from '../chain/block-error.ts';
import type { HeaderVerifier, SignedHeader } from '../chain/header-verifier.ts';
import type { NetworkConfig } from '../networks/network-config.ts';
import { isImpeach, type Header } from '../primitives/header.ts';
import { checkHeader, checkShape } from './header-rules.ts';
import { quorum } from './quorum.ts';
import { hasDefaultProposers, proposerIndexOf, termOf } from './terms.ts';

export interface VerifierOptions {
  /** Lets pass what the reference node lets pass, for old chains (ARCHITECTURE.md, "Strict by default"). Default false. */
  readonly referenceRules?: boolean;
}

export class DporHeaderVerifier implements HeaderVerifier {
  readonly #network: NetworkConfig;
  readonly #referenceRules: boolean;

  constructor(network: NetworkConfig, { referenceRules = false }: VerifierOptions = {}) {
    this.#network = network;
    this.#referenceRules = referenceRules;
  }

  /** @throws BAD_HEADER, BAD_PROPOSERS, BAD_SEAL, BAD_SIGNATURES */
  verify(child: SignedHeader, parent: Header): void {
    checkHeader(child.header, parent, this.#network.dpor);
    if (this.#referenceRules) return this.#checkAsReference(child);
    checkShape(child.header);
    this.#checkProposers(child.header, parent);
    if (!isImpeach(child.header)) this.#checkSeal(child);
    this.#checkSignatures(child);
  }

  /** Enough signatures of validators, in whatever slot and however often each; a seal of whomever, or none. */
  #checkAsReference({ header, author, signers }: SignedHeader): void {
    const { validators } = this.#network;
    if (!isZero(header.dpor.seal) && isZero(author)) throw blockError('BAD_SEAL', header.number, 'has a seal that is no signature');
    this.#checkQuorum(header, signers.filter((signer) => validators.some((validator) => equal(signer, validator))).length);
  }

  /** The default list while it is in force; later the same list in all blocks of a term. */
  #checkProposers(header: Header, parent: Header): void {
    const { dpor, proposers: defaults } = this.#network;
    const { number, dpor: { proposers } } = header;
    const term = termOf(number, dpor);
    if (proposers.length !== dpor.termLen) throw blockError('BAD_PROPOSERS', number, `names ${proposers.length} proposers, not ${dpor.termLen}`);
    if (hasDefaultProposers(term, dpor)) {
      if (!sameList(proposers, defaults)) throw blockError('BAD_PROPOSERS', number, 'does not name the default proposers');
    } else if (term === termOf(parent.number, dpor) && !sameList(proposers, parent.dpor.proposers)) {
      throw blockError('BAD_PROPOSERS', number, 'names other proposers than the block before it in the same term');
    }
  }

  #checkSeal({ header, author }: SignedHeader): void {
    const inTurn = header.dpor.proposers[proposerIndexOf(header.number, this.#network.dpor)];
    if (inTurn === undefined || !equal(author, inTurn)) {
      throw blockError('BAD_SEAL', header.number, 'is not sealed by the proposer whose turn it is');
    }
  }

  #checkSignatures({ header, signers }: SignedHeader): void {
    const { validators } = this.#network;
    const { number, dpor: { sigs } } = header;
    if (sigs.length !== validators.length) throw blockError('BAD_SIGNATURES', number, `has ${sigs.length} places for signatures, not ${validators.length}`);
    let valid = 0;
    for (const [slot, validator] of validators.entries()) {
      if (isZero(sigs[slot] ?? new Uint8Array())) continue;
      if (!equal(signers[slot] ?? new Uint8Array(), validator)) {
        throw blockError('BAD_SIGNATURES', number, `has a signature that is not its validator's`, { meta: { slot } });
      }
      valid++;
    }
    this.#checkQuorum(header, valid);
  }

  #checkQuorum(header: Header, valid: number): void {
    const needed = quorum(isImpeach(header), this.#network.dpor);
    if (valid < needed) throw blockError('BAD_SIGNATURES', header.number, `is signed by ${valid} validators, not by ${needed}`);
  }
}

function sameList(a: readonly Bytes[], b: readonly Bytes[]): boolean {
  return a.length === b.length && a.every((address, i) => equal(address, b[i] ?? new Uint8Array()));
}
