/** The RNodes of a chain with their reputation, as an election at the head would see them (docs/protocol/06 §6, 09 §2, §5). */
import { equal, fromHex, type Bytes } from '../base/bytes.ts';
import type { Chain } from '../chain/chain.ts';
import * as rnode from '../contracts/bindings/rnode.gen.ts';
import { callAt } from './contract-call.ts';
import { reputationFacts } from './reputation-facts.ts';
import { reputationRules } from './reputation-rules.ts';
import { reputations } from './reputation.ts';

export interface Rnode {
  readonly address: Bytes;
  readonly reputation: number;
  /** Whether it proposes in the term of the head. */
  readonly inCommittee: boolean;
}

/** Who is in the register, in its order; null where the network has none. @throws STATE_MISSING */
export function registeredAtHead(chain: Chain): readonly Bytes[] | null {
  const { rnode: register } = chain.network.contracts;
  const list = register === undefined ? null : callAt(chain, chain.head.header, register, rnode.encodeGetRnodes());
  return list === null ? null : rnode.decodeGetRnodesResult(list).map((address) => fromHex(address));
}

/** With their reputation. @throws STATE_MISSING */
export function rnodesAtHead(chain: Chain): readonly Rnode[] | null {
  const { header } = chain.head;
  const addresses = registeredAtHead(chain);
  if (addresses === null) return null;
  const { weights, window } = reputationRules(chain, header);
  const scores = reputations(reputationFacts(chain, addresses, { window, at: header }), weights, header.number);
  return addresses.map((address, i) => ({ address, reputation: scores[i] ?? 0, inCommittee: header.dpor.proposers.some((proposer) => equal(proposer, address)) }));
}
