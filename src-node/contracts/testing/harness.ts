/** A chain in memory for contract tests: one call is one transaction in the present block, whose number and time are set by hand. */
import { fromHex, toHex, type Bytes, type Hex } from '../../base/bytes.ts';

import { invariant, type CodedError } from '../../base/errors.ts';
import { keccak256 } from '../../crypto/keccak.ts';
import { MemoryStore } from '../../db/memory-store.ts';
import { createAddress } from '../../evm/create-address.ts';
import type { EvmErrorCode } from '../../evm/errors.ts';
import { Evm } from '../../evm/evm.ts';
import { ProgramCache } from '../../evm/program.ts';
import type { Log } from '../../primitives/log.ts';
import { intrinsicGas } from '../../primitives/transaction.ts';
import { EMPTY_TRIE_ROOT } from '../../primitives/trie-root.ts';
import { State } from '../../state/state.ts';
import { TrieNodeStore } from '../../state/trie-node-store.ts';
import { revertError, type ContractRevertCode } from '../revert-errors.ts';

/** Everything has to fit the smallest block that a proposer may make (docs/protocol/11 §4.2). */
export const GAS_CEILING = 2_900_000n;
export const CALLDATA_CEILING = 6_000;

export interface CallOptions {
  readonly value?: bigint;
  readonly gas?: bigint;
}

export interface Outcome {
  /** After the refund, with the intrinsic gas. */
  readonly gasUsed: bigint;
  /** Least gas limit at which this call would have run: before the refund. */
  readonly gasNeeded: bigint;
  /** Bytes. */
  readonly calldata: number;
  readonly returnData: Bytes;
  readonly logs: readonly Log[];
  readonly error?: EvmErrorCode;
  /** Set with the error REVERT. */
  readonly reason?: CodedError<ContractRevertCode>;
}

export class Harness {
  readonly state = new State(new TrieNodeStore({}, { store: new MemoryStore() }), EMPTY_TRIE_ROOT);
  number = 1_000n;
  timeSeconds = 1_800_000_000n;
  readonly #programs = new ProgramCache();

  /** Seconds a block; both clocks move. */
  mine(blocks: bigint | number, secondsEach = 1n): void {
    this.number += BigInt(blocks);
    this.timeSeconds += BigInt(blocks) * secondsEach;
  }

  /** Time without blocks: an outage. */
  sleep(seconds: bigint | number): void {
    this.timeSeconds += BigInt(seconds);
  }

  fund(account: Hex, amount: bigint): void {
    this.state.addBalance(fromHex(account), amount);
    this.state.finalise();
  }

  balanceOf(account: Hex): bigint {
    return this.state.balanceOf(fromHex(account));
  }

  nonceOf(account: Hex): bigint {
    return this.state.nonceOf(fromHex(account));
  }

  call(from: Hex, to: Hex, data: Bytes, options: CallOptions = {}): Outcome {
    return this.#transact(from, to, data, options);
  }

  /** @returns the address too; there is code at it when the outcome has no error */
  create(from: Hex, data: Bytes, options: CallOptions = {}): Outcome & { readonly address: Hex } {
    const address = toHex(createAddress(fromHex(from), this.nonceOf(from)));
    return { ...this.#transact(from, null, data, options), address };
  }

  /** Result of a call that changes nothing. A view must not fail in a test that reads it. */
  read(to: Hex, data: Bytes): Bytes {
    const snapshot = this.state.snapshot();
    const outcome = this.#execute(new Uint8Array(20), fromHex(to), data, 0n, 10_000_000n);
    this.state.revertTo(snapshot);
    invariant(outcome.error === undefined, `The view failed: ${outcome.error ?? ''} ${toHex(outcome.returnData)}`);
    return outcome.returnData;
  }

  #transact(from: Hex, to: Hex | null, payload: Bytes, options: CallOptions): Outcome {
    const { value = 0n, gas = GAS_CEILING } = options;
    const sender = fromHex(from);
    const target = to === null ? null : fromHex(to);
    const intrinsic = intrinsicGas({ to: target, payload });
    invariant(gas >= intrinsic, 'The gas does not even pay for the data.');
    if (target !== null) this.state.setNonce(sender, this.state.nonceOf(sender) + 1n); // a creation raises it itself
    const result = this.#execute(sender, target, payload, value, gas - intrinsic);
    const gasNeeded = gas - result.gasLeft;
    const refund = this.state.refund < gasNeeded / 2n ? this.state.refund : gasNeeded / 2n;
    const outcome = {
      gasUsed: gasNeeded - refund,
      gasNeeded,
      calldata: payload.length,
      returnData: result.returnData,
      ...(result.error === undefined ? {} : { error: result.error }),
      ...(result.error === 'REVERT' ? { reason: revertError(result.returnData) } : {}),
    };
    this.state.finalise();
    return { ...outcome, logs: this.state.takeLogs() };
  }

  #execute(caller: Bytes, to: Bytes | null, payload: Bytes, value: bigint, gas: bigint): ReturnType<Evm['execute']> {
    const block = {
      coinbase: new Uint8Array(20).fill(0xcb),
      number: this.number,
      timeSeconds: this.timeSeconds,
      gasLimit: 100_000_000n,
      blockHash: (number: bigint) => keccak256(fromHex(number.toString(16).padStart(64, '0'))),
    };
    const evm = new Evm(this.state, block, { origin: caller, gasPrice: 1n }, { programs: this.#programs });
    return evm.execute(
      to === null ? { kind: 'create', caller, value, code: payload, gas } : { kind: 'call', caller, to, value, input: payload, gas },
    );
  }
}

