/** What the reputation of accounts is made of, read from a chain (docs/protocol/06 §6). */
import { byteKey } from '../base/byte-key.ts';
import type { Bytes } from '../base/bytes.ts';
import type { Chain } from '../chain/chain.ts';
import { isImpeach, type Header } from '../primitives/header.ts';
import type { ReputationFacts } from './reputation.ts';
import { proposerIndexOf } from './terms.ts';

/** Blocks in which missed ones count. */
const MEMORY = 10_000n;

/** Of these accounts after the block `at`; `window` is how many blocks back their work counts. @throws STATE_MISSING */
export function reputationFacts(chain: Chain, addresses: readonly Bytes[], { window, at: header }: { readonly window: bigint; readonly at: Header }): ReputationFacts[] {
  const start = header.number > window ? header.number - window : 0n;
  const now = chain.stateAt(header.stateRoot);
  const before = chain.stateAt(chain.headerByNumber(start)?.stateRoot ?? header.stateRoot);
  const proposed = tally(chain, start, header.number - 1n, ({ coinbase }) => coinbase);
  const from = header.number > MEMORY ? header.number - MEMORY + 1n : 1n;
  const missed = tally(chain, from, header.number, ({ coinbase, number, dpor }) => (isImpeach({ coinbase }) ? dpor.proposers[proposerIndexOf(number, chain.network.dpor)] : undefined));
  return addresses.map((address) => ({
    balance: now.balanceOf(address),
    transactions: now.nonceOf(address) - before.nonceOf(address),
    blocks: proposed.get(byteKey(address)) ?? 0,
    missedBlocks: missed.get(byteKey(address)) ?? 0,
  }));
}

/** How many blocks from `first` to `last` each account is named by. */
function tally(chain: Chain, first: bigint, last: bigint, named: (header: Header) => Bytes | undefined): Map<string, number> {
  const counts = new Map<string, number>();
  for (let number = first; number <= last; number++) {
    const header = chain.headerByNumber(number);
    const account = header === undefined ? undefined : named(header);
    if (account !== undefined) counts.set(byteKey(account), (counts.get(byteKey(account)) ?? 0) + 1);
  }
  return counts;
}
