/**
 * The whole committee of the practice network in one process: it builds, seals and signs real blocks, one per period, and
 * hands each to the chain, which checks it as it checks every other.
 */
import type { Bytes } from '../base/bytes.ts';
import { millis, type Clock, type Millis } from '../base/clock.ts';
import type { Logger } from '../base/logger.ts';
import { sign } from '../crypto/secp256k1.ts';
import type { PendingTransaction } from '../chain/build/transaction-queue.ts';
import type { Chain } from '../chain/chain.ts';
import type { NetworkConfig } from '../networks/network-config.ts';
import { encodeBlock, type Block } from '../primitives/block.ts';
import { isImpeach, type Header } from '../primitives/header.ts';
import { impeachHeader } from './impeach-block.ts';
import { quorum } from './quorum.ts';
import { signHeader, type Signer } from './seals.ts';
import { proposerIndexOf } from './terms.ts';

export interface CommitteeSealerOptions {
  readonly network: NetworkConfig;
  /** Private keys in the order of the network's lists. */
  readonly keys: { readonly proposers: readonly Bytes[]; readonly validators: readonly Bytes[] };
}

export interface CommitteeSealerModules {
  readonly chain: Chain;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What waits for a block: one list per account, by ascending nonce. */
  readonly pending: () => Iterable<readonly PendingTransaction[]>;
}

/** Part of the period that taking transactions into a block may last: execution at import takes as long again. */
const BUILD_SHARE = 0.4;

export class CommitteeSealer {
  readonly #network: NetworkConfig;
  readonly #proposers: readonly Signer[];
  readonly #validators: readonly Signer[];
  readonly #modules: CommitteeSealerModules;

  constructor(options: CommitteeSealerOptions, modules: CommitteeSealerModules) {
    this.#network = options.network;
    this.#proposers = options.keys.proposers.map(signerWith);
    this.#validators = options.keys.validators.map(signerWith);
    this.#modules = modules;
  }

  /**
   * Seals a block per period until the signal aborts. When the head is older than period and impeach timeout (the program was
   * closed, the computer slept) an impeach block with the time of now comes first, and the next block follows it in time.
   * @throws CodedError<BlockErrorCode>, CodedError<StoreErrorCode>
   */
  async run(signal: AbortSignal): Promise<void> {
    const { chain, clock } = this.#modules;
    const { periodMillis, impeachTimeoutMillis } = this.#network.dpor;
    for (;;) {
      const due = Number(chain.head.header.timeMillis) + periodMillis;
      // a head of the future, after the clock was set back, does not stop the chain
      await clock.sleep(millis(Math.max(0, Math.min(due - clock.now(), periodMillis))), signal);
      if (signal.aborted) return;
      const now = clock.now();
      if (now > due + impeachTimeoutMillis) await this.#impeach(now);
      else await this.#propose(millis(Math.max(due, now)));
    }
  }

  async #impeach(time: Millis): Promise<void> {
    const { chain, logger } = this.#modules;
    logger.info('the chain stood still; an impeach block brings it to the present', { head: chain.head.header.number });
    await this.#finish({ header: impeachHeader(chain.head, this.#network.proposers, BigInt(time)), transactions: [] });
  }

  async #propose(time: Millis): Promise<void> {
    const { chain, clock, pending } = this.#modules;
    const { dpor, proposers } = this.#network;
    const parent = chain.head;
    const coinbase = proposers[proposerIndexOf(parent.header.number + 1n, dpor)] ?? new Uint8Array(20);
    const end = clock.now() + dpor.periodMillis * BUILD_SHARE;
    await this.#finish(chain.buildBlock({ parent, coinbase, proposers, timeMillis: BigInt(time), pending: pending(), hasTime: () => clock.now() < end }));
  }

  /** Seals, signs, imports. */
  async #finish(block: Block): Promise<void> {
    const header = this.#sign(block.header);
    await this.#modules.chain.importBlocks([encodeBlock({ ...block, header })]);
  }

  #sign(header: Header): Header {
    const { dpor } = this.#network;
    const impeach = isImpeach(header);
    const proposer = impeach ? null : this.#proposers[proposerIndexOf(header.number, dpor)] ?? null;
    const signing = quorum(impeach, dpor);
    return signHeader(header, proposer, this.#validators.map((validator, slot) => (slot < signing ? validator : null)));
  }
}

function signerWith(privateKey: Bytes): Signer {
  return (digest) => sign(digest, privateKey);
}
