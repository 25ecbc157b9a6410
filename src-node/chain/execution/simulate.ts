import { CodedError } from '../../base/errors.ts';
import { isExecutionError } from './errors.ts';
import { applyMessage, type ChainMessage, type ExecutionModules, type MessageOutcome } from './message.ts';

export type EstimateErrorCode = 'ALWAYS_FAILING';

/** A balance that pays for everything, as calls without a wallet behind them have it (docs/protocol/05 §3.4). */
const UNLIMITED = (1n << 256n) - 1n;
const SMALLEST_GAS = 21_000n;

export interface SimulateOptions {
  /** Whether the sender pays out of its own balance, or has all it needs. */
  readonly funds: 'own' | 'unlimited';
}

/**
 * Runs a message and takes everything back: a revert is an outcome with error and return data. The state ends as it began.
 * @throws CodedError<ExecutionErrorCode> when it could not even start (GAS_UNPAYABLE, INTRINSIC_GAS, VALUE_UNPAYABLE)
 */
export function simulateCall(message: ChainMessage, modules: ExecutionModules, options: SimulateOptions): MessageOutcome {
  const { state } = modules;
  const snapshot = state.snapshot();
  try {
    if (options.funds === 'unlimited') state.addBalance(message.from, UNLIMITED - state.balanceOf(message.from));
    return applyMessage(message, modules, message.gasLimit);
  } finally {
    state.revertTo(snapshot);
  }
}

/**
 * The smallest gas limit with which the message succeeds, found by halving between 20,999 and `message.gasLimit` as other nodes
 * do it (docs/protocol/05 §3.4), so that estimates agree.
 * @throws CodedError<EstimateErrorCode> when it fails also with all of the gas
 */
export function estimateGas(message: ChainMessage, modules: ExecutionModules, options: SimulateOptions): bigint {
  const succeeds = (gasLimit: bigint): boolean => {
    try {
      return simulateCall({ ...message, gasLimit }, modules, options).error === undefined;
    } catch (error) {
      if (isExecutionError(error)) return false;
      throw error;
    }
  };
  let tooLow = SMALLEST_GAS - 1n;
  let enough = message.gasLimit;
  while (tooLow + 1n < enough) {
    const middle = (tooLow + enough) / 2n;
    if (succeeds(middle)) enough = middle;
    else tooLow = middle;
  }
  if (enough === message.gasLimit && !succeeds(enough)) {
    throw new CodedError<EstimateErrorCode>('ALWAYS_FAILING', 'gas required exceeds allowance or always failing transaction', {
      help: 'The contract refuses this call. Check its arguments and the balance.',
    });
  }
  return enough;
}
