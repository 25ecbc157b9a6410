/** The RNodes of a chain with their reputation, as an election at the head would see them (docs/protocol/06 §6, 09 §2, §5). */
import { equal, fromHex, type Bytes } from '../base/bytes.ts';
import { isCoded } from '../base/errors.ts';
import type { Chain } from '../chain/chain.ts';
import { authorOf } from '../chain/execution/author.ts';
import { blockContextOf } from '../chain/execution/block-context.ts';
import { simulateCall } from '../chain/execution/simulate.ts';
import { AbiCodec, int } from '../contracts/abi-codec.ts';
import * as rnode from '../contracts/bindings/rnode.gen.ts';
import { reputations } from './reputation.ts';
import { reputationFacts } from './reputation-facts.ts';

export interface Rnode {
  readonly address: Bytes;
  readonly reputation: number;
  /** Whether it proposes in the term of the head. */
  readonly inCommittee: boolean;
}

const WEIGHTS = new AbiCodec(['alpha', 'beta', 'gamma', 'window'].map((name) => `function ${name}() view returns (uint256)`));
/** What the network falls back to without the contract of weights. */
const DEFAULTS = { alpha: 50, beta: 15, gamma: 10, window: 100 } as const;
const CALL_GAS = 150_000_000n;
const NOBODY = new Uint8Array(20);

/** In the order of the register; null where the network has none. @throws STATE_MISSING */
export function rnodesAtHead(chain: Chain): readonly Rnode[] | null {
  const { header } = chain.head;
  const { rnode: register, rpt } = chain.network.contracts;
  const list = register === undefined ? null : callAtHead(chain, register, rnode.encodeGetRnodes());
  if (list === null) return null;
  const addresses = rnode.decodeGetRnodesResult(list).map((address) => fromHex(address));
  const weight = (name: keyof typeof DEFAULTS): number => weightIn(name, rpt === undefined ? null : callAtHead(chain, rpt, WEIGHTS.call(name, [])));
  const scores = reputations(reputationFacts(chain, addresses, BigInt(weight('window'))), { balance: weight('alpha'), transactions: weight('beta'), blocks: weight('gamma') }, header.number);
  return addresses.map((address, i) => ({ address, reputation: scores[i] ?? 0, inCommittee: header.dpor.proposers.some((proposer) => equal(proposer, address)) }));
}

/** Null when there is no code or it fails. */
function callAtHead(chain: Chain, to: Bytes, payload: Bytes): Bytes | null {
  const { header } = chain.head;
  const state = chain.stateAt(header.stateRoot);
  if (state.codeSizeOf(to) === 0) return null;
  const evmBlock = blockContextOf(header, authorOf(header), (number) => chain.hashAt(number) ?? new Uint8Array(32));
  const { error, returnData } = simulateCall({ from: NOBODY, to, value: 0n, payload, gasLimit: CALL_GAS, gasPrice: 0n }, { state, evmBlock }, { funds: 'unlimited' });
  return error === undefined ? returnData : null;
}

function weightIn(name: keyof typeof DEFAULTS, result: Bytes | null): number {
  if (result === null) return DEFAULTS[name];
  try {
    return int(WEIGHTS.result(name, result)[0]);
  } catch (error) {
    if (isCoded(error, 'BAD_RESULT')) return DEFAULTS[name];
    throw error;
  }
}
