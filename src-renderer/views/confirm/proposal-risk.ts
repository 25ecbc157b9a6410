/** When a signature asks for more than one click. */
import type { Proposal } from '../../../src-node/api/contract/index.ts';

/** From 10,000 CPC on the button is held. */
const HOLD_FROM = 10_000n * 10n ** 18n;

export function needsHold(proposal: Proposal): boolean {
  return proposal.totalAtMost > HOLD_FROM;
}

/** Data sent to something the program has no words for. */
export function isUnknownCall(proposal: Proposal): boolean {
  return proposal.calls.some((call) => call.dataHex !== '0x' && call.to !== null && call.method === null);
}
