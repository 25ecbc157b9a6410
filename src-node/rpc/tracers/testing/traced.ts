import { EMPTY_BYTES, fromHex, type Bytes } from '../../../base/bytes.ts';
import { applyTransaction } from '../../../chain/execution/transaction.ts';
import { GasPool } from '../../../chain/execution/gas-pool.ts';
import { CALLER, CONTRACT, emptyState } from '../../../evm/testing/run-code.ts';
import { intrinsicGas, type Transaction } from '../../../primitives/transaction.ts';
import type { StartTracer } from '../tracer.ts';

export interface TracedOptions {
  /** Without what the transaction itself costs. Default 1,000,000. */
  readonly gas?: bigint;
  readonly input?: Bytes;
  /** Runs the code as a creation's. Default false: it is the contract's that is called. */
  readonly isCreation?: boolean;
  /** Code of further contracts, by the byte that fills their address. */
  readonly contracts?: Readonly<Record<number, string>>;
}

/** What a tracer says of a transaction that runs `code` (hex) as CONTRACT, sent by CALLER; without the time that it took. */
export function traced(startTracer: StartTracer, code: string, { gas = 1_000_000n, input = EMPTY_BYTES, isCreation = false, contracts = {} }: TracedOptions = {}): unknown {
  const state = emptyState();
  state.addBalance(CALLER, 10n ** 18n);
  state.addBalance(CONTRACT, 100n);
  if (!isCreation) state.setCode(CONTRACT, fromHex(code));
  for (const [byte, other] of Object.entries(contracts)) state.setCode(new Uint8Array(20).fill(Number(byte)), fromHex(other));
  state.finalise();
  const call = { to: isCreation ? null : CONTRACT, payload: isCreation ? fromHex(code) : input };
  const tx: Transaction = { type: 0n, nonce: 0n, gasPrice: 1n, value: 0n, ...call, gasLimit: gas + intrinsicGas(call), v: 0n, r: 0n, s: 0n };
  const evmBlock = { coinbase: new Uint8Array(20), number: 1000n, timeSeconds: 1n, gasLimit: 100_000_000n, blockHash: () => new Uint8Array(32) };
  const tracer = startTracer({ tx, sender: CALLER, state, grow: () => undefined });
  const outcome = applyTransaction({ tx, sender: CALLER, state, evmBlock, gasPool: new GasPool(evmBlock.gasLimit), tracer });
  const result = tracer.result({ outcome, millis: 1 });
  if (typeof result !== 'object') return result;
  const { time: _, ...rest } = JSON.parse(JSON.stringify(result)) as { readonly time?: string };
  return rest;
}
