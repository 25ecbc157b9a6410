import type { Bytes } from '../base/bytes.ts';
import type { Chain } from '../chain/chain.ts';
import { authorOf } from '../chain/execution/author.ts';
import { blockContextOf } from '../chain/execution/block-context.ts';
import { simulateCall } from '../chain/execution/simulate.ts';
import type { Header } from '../primitives/header.ts';

const CALL_GAS = 150_000_000n;
const NOBODY = new Uint8Array(20);

/** What a contract answers after a block; null when there is no code or it fails. @throws STATE_MISSING */
export function callAt(chain: Chain, header: Header, to: Bytes, payload: Bytes): Bytes | null {
  const state = chain.stateAt(header.stateRoot);
  if (state.codeSizeOf(to) === 0) return null;
  const evmBlock = blockContextOf(header, authorOf(header), (number) => chain.hashAt(number) ?? new Uint8Array(32));
  const { error, returnData } = simulateCall({ from: NOBODY, to, value: 0n, payload, gasLimit: CALL_GAS, gasPrice: 0n }, { state, evmBlock }, { funds: 'unlimited' });
  return error === undefined ? returnData : null;
}
