/** When a signature asks for more than one click. */
import type { Proposal, ProposedCall } from '../../../src-node/api/contract/index.ts';

/** From 10,000 CPC on the button is held. */
const HOLD_FROM = 10_000n * 10n ** 18n;

export function needsHold(proposal: Proposal): boolean {
  return proposal.totalAtMost > HOLD_FROM;
}

/** Data that the program has no words for. The contracts that this program itself puts on the chain are known; those of another program are not. */
export function isUnreadable({ dataHex, to, method }: ProposedCall, kind: Proposal['kind']): boolean {
  return dataHex !== '0x' && method === null && (to !== null || kind === 'program');
}

/** Data sent to something the program has no words for. */
export function isUnknownCall(proposal: Proposal): boolean {
  return proposal.calls.some((call) => isUnreadable(call, proposal.kind));
}
