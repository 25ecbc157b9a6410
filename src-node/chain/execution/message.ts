import type { Bytes } from '../../base/bytes.ts';
import type { BlockContext } from '../../evm/context.ts';
import type { EvmErrorCode } from '../../evm/errors.ts';
import { Evm } from '../../evm/evm.ts';
import type { ProgramCache } from '../../evm/program.ts';
import type { Tracer } from '../../evm/trace.ts';
import { intrinsicGas } from '../../primitives/transaction.ts';
import type { State } from '../../state/state.ts';
import { executionError } from './errors.ts';

/** A transaction without its signature and nonce. Amounts in base units. */
export interface ChainMessage {
  /** 20 bytes. */
  readonly from: Bytes;
  /** Null creates a contract. */
  readonly to: Bytes | null;
  readonly value: bigint;
  readonly payload: Bytes;
  readonly gasLimit: bigint;
  readonly gasPrice: bigint;
}

export interface MessageOutcome {
  /** After the refund. */
  readonly gasUsed: bigint;
  readonly gasRefunded: bigint;
  readonly returnData: Bytes;
  /** Why the outermost frame failed; absent on success. */
  readonly error?: EvmErrorCode;
}

export interface ExecutionModules {
  readonly state: State;
  readonly evmBlock: BlockContext;
  /** Keeps what was learned about contract code from one call to the next. */
  readonly programs?: ProgramCache;
  /** Called again and again while code runs; it may throw to abandon the execution. Blocks run without. */
  readonly checkpoint?: () => void;
  /** Told of every instruction. */
  readonly tracer?: Tracer;
}

/** At most this part of the gas used comes back as a refund (docs/protocol/03 §3). */
const REFUND_DIVISOR = 2n;

/**
 * Buys gas, runs the message, gives unused gas back and pays the author (docs/protocol/03 §3). The state is not finalised: the
 * caller ends the transaction, or reverts it.
 * @param gasAvailable what the block has left
 * @throws CodedError<ExecutionErrorCode> GAS_UNPAYABLE, BLOCK_FULL, INTRINSIC_GAS, VALUE_UNPAYABLE; the state is unchanged then
 */
export function applyMessage(message: ChainMessage, modules: ExecutionModules, gasAvailable: bigint): MessageOutcome {
  const { state, evmBlock, programs, checkpoint, tracer } = modules;
  const { from, to, value, payload, gasLimit, gasPrice } = message;
  const price = gasLimit * gasPrice;
  const balance = state.balanceOf(from);
  const intrinsic = intrinsicGas(message);
  if (balance < price) throw executionError('GAS_UNPAYABLE', { balance: String(balance), needed: String(price) });
  if (gasLimit > gasAvailable) throw executionError('BLOCK_FULL', { gasLimit: String(gasLimit), left: String(gasAvailable) });
  if (gasLimit < intrinsic) throw executionError('INTRINSIC_GAS', { gasLimit: String(gasLimit), needed: String(intrinsic) });
  if (balance - price < value) throw executionError('VALUE_UNPAYABLE', { balance: String(balance), needed: String(price + value) });

  state.subBalance(from, price);
  if (to !== null) state.setNonce(from, state.nonceOf(from) + 1n); // a creation raises it itself
  const options = { ...(programs === undefined ? {} : { programs }), ...(checkpoint === undefined ? {} : { checkpoint }), ...(tracer === undefined ? {} : { tracer }) };
  const evm = new Evm(state, evmBlock, { origin: from, gasPrice }, options);
  const gas = gasLimit - intrinsic;
  const result = evm.execute(
    to === null ? { kind: 'create', caller: from, value, code: payload, gas } : { kind: 'call', caller: from, to, value, input: payload, gas },
  );

  const used = gasLimit - result.gasLeft;
  const refundCap = used / REFUND_DIVISOR;
  const gasRefunded = state.refund < refundCap ? state.refund : refundCap;
  const gasUsed = used - gasRefunded;
  state.addBalance(from, (gasLimit - gasUsed) * gasPrice);
  state.addBalance(evmBlock.coinbase, gasUsed * gasPrice); // touches the author also when it is nothing
  return { gasUsed, gasRefunded, returnData: result.returnData, ...(result.error === undefined ? {} : { error: result.error }) };
}
