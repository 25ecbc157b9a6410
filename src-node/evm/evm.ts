import { EMPTY_BYTES, toBigInt, type Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import type { State } from '../state/state.ts';
import { Environment, type BlockContext, type TxContext } from './context.ts';
import { createAddress } from './create-address.ts';
import type { EvmErrorCode } from './errors.ts';
import { Frame, newStack, type FrameRequest, type FrameResult, type Party } from './frame.ts';
import { GAS, LIMITS } from './gas.ts';
import { resume } from './instructions/calls.ts';
import { run } from './interpreter.ts';
import { mayBePrecompile, precompileAt, type Precompile } from './precompiles/table.ts';
import { Program, ProgramCache } from './program.ts';
import { runTraced, type Tracer } from './trace.ts';

interface CallMessage {
  readonly kind: 'call';
  readonly caller: Bytes;
  readonly to: Bytes;
  readonly value: bigint;
  readonly input: Bytes;
  readonly gas: bigint;
  readonly isStatic?: boolean;
}

/** What a transaction or a simulated call asks of the machine. Addresses have 20 bytes. */
export type Message =
  | CallMessage
  | { readonly kind: 'create'; readonly caller: Bytes; readonly value: bigint; readonly code: Bytes; readonly gas: bigint };

export interface ExecutionResult {
  readonly gasLeft: bigint;
  /** What the outermost frame returned; after a creation its code, also one that could not be stored. */
  readonly returnData: Bytes;
  readonly error?: EvmErrorCode;
  /** The new contract, also of a creation that failed after its address was known. */
  readonly created?: Bytes;
}

export interface EvmOptions {
  /** Shared by the machines of one chain, so that the code of a contract is analysed once. */
  readonly programs?: ProgramCache;
  /** Called again and again while code runs; it may throw to abandon the execution. */
  readonly checkpoint?: () => void;
  /** Told of every instruction. */
  readonly tracer?: Tracer;
}

const EMPTY_CODE_HASH = 0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470n;

/**
 * Executes the messages of one transaction on a state (docs/protocol/03 §6). Frames are kept on a stack of their own, not on
 * the stack of JavaScript, so that 1024 nested calls are as safe as one.
 */
export class Evm {
  readonly #environment: Environment;
  readonly #state: State;
  readonly #programs: ProgramCache;
  readonly #tracer: Tracer | undefined;

  constructor(state: State, block: BlockContext, tx: TxContext, options: EvmOptions = {}) {
    this.#state = state;
    this.#environment = new Environment(state, block, tx, options.checkpoint);
    this.#programs = options.programs ?? new ProgramCache();
    this.#tracer = options.tracer;
  }

  /**
   * Runs the message to its end; failures are results. A creation raises the caller's nonce, a call does not.
   * @throws CodedError BAD_GAS when `gas` is above 2^53−1, more than any block can hold; whatever the checkpoint throws
   */
  execute(message: Message): ExecutionResult {
    if (message.gas < 0n || message.gas > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new CodedError('BAD_GAS', 'The gas of a call must be between 0 and 2^53−1.', { help: 'Use a gas limit that fits a block.' });
    }
    if (message.kind === 'call' && this.#isTransfer(message)) return this.#moveValue(message);
    const result = this.#run(requestOf(message));
    return {
      gasLeft: BigInt(result.gasLeft),
      returnData: result.returnData,
      ...(result.error === undefined ? {} : { error: result.error }),
      ...(result.created === undefined ? {} : { created: result.created.bytes }),
    };
  }

  /** Whether no code is to run and nothing stands in the way: most transactions, which need no surroundings of code. */
  #isTransfer({ caller, to, value, isStatic }: CallMessage): boolean {
    const state = this.#state;
    return isStatic !== true && !mayBePrecompile(to) && state.codeSizeOf(to) === 0 && state.balanceOf(caller) >= value;
  }

  #moveValue({ caller, to, value, gas }: CallMessage): ExecutionResult {
    const isNew = !this.#state.exists(to);
    if (isNew && value !== 0n) this.#state.createAccount(to);
    if (!isNew || value !== 0n) this.#transfer(caller, to, value);
    return { gasLeft: gas, returnData: EMPTY_BYTES };
  }

  #run(request: FrameRequest): FrameResult {
    const frames: Frame[] = [];
    let outcome = this.#begin(request, 0);
    for (;;) {
      if (outcome instanceof Frame) {
        frames.push(outcome);
      } else {
        const asking = frames.at(-1);
        if (asking?.child === undefined) return outcome;
        resume(asking, asking.child, outcome);
      }
      const frame = frames.at(-1) as Frame;
      if (this.#tracer === undefined) run(frame);
      else runTraced(frame, frames.length, this.#tracer);
      if (frame.child !== undefined) {
        outcome = this.#begin(frame.child, frames.length);
      } else {
        outcome = this.#end(frame);
        frames.pop();
      }
    }
  }

  /** Starts a frame, or gives its result at once when it has no code to run or is refused. */
  #begin(request: FrameRequest, depth: number): Frame | FrameResult {
    this.#environment.atFrame();
    if (depth > LIMITS.depth) return refused(request, 'DEPTH_LIMIT');
    const { kind, value, caller } = request;
    if (value !== 0n && kind !== 'delegatecall' && this.#state.balanceOf(caller.bytes) < value) return refused(request, 'INSUFFICIENT_BALANCE');
    return kind === 'create' ? this.#beginCreate(request, depth) : this.#beginCall(request, depth);
  }

  #beginCall(request: FrameRequest, depth: number): Frame | FrameResult {
    const state = this.#state;
    const precompile = precompileAt(request.codeOf.word);
    const snapshot = state.snapshot();
    if (request.kind === 'call') {
      if (!state.exists(request.self.bytes)) {
        if (precompile === undefined && request.value === 0n) return { gasLeft: request.gas, returnData: EMPTY_BYTES, error: undefined };
        state.createAccount(request.self.bytes);
      }
      this.#transfer(request.caller.bytes, request.self.bytes, request.value);
    }
    if (precompile !== undefined) return this.#runPrecompile(precompile, request, snapshot);
    const code = request.codeOf.bytes;
    if (state.codeSizeOf(code) === 0) return { gasLeft: request.gas, returnData: EMPTY_BYTES, error: undefined };
    const program = this.#programs.get(state.codeHashOf(code), () => state.codeOf(code));
    return new Frame(this.#environment, request, request.self, program, snapshot, this.#stackAt(depth));
  }

  #beginCreate(request: FrameRequest, depth: number): Frame | FrameResult {
    const state = this.#state;
    const nonce = state.nonceOf(request.caller.bytes);
    state.setNonce(request.caller.bytes, nonce + 1n);
    const created = partyOf(createAddress(request.caller.bytes, nonce));
    if (this.#isTaken(created.bytes)) return { gasLeft: 0, returnData: EMPTY_BYTES, error: 'ADDRESS_COLLISION', created };
    const snapshot = state.snapshot();
    state.createAccount(created.bytes);
    state.setNonce(created.bytes, 1n);
    this.#transfer(request.caller.bytes, created.bytes, request.value);
    const start = { ...request, input: EMPTY_BYTES };
    return new Frame(this.#environment, start, created, new Program(request.input), snapshot, this.#stackAt(depth));
  }

  /** A nonce or code forbids a creation; a balance or storage alone does not. */
  #isTaken(address: Bytes): boolean {
    if (!this.#state.exists(address)) return false;
    return this.#state.nonceOf(address) !== 0n || toBigInt(this.#state.codeHashOf(address)) !== EMPTY_CODE_HASH;
  }

  /** Also a transfer of nothing touches the receiver. */
  #transfer(from: Bytes, to: Bytes, value: bigint): void {
    if (value !== 0n) this.#state.subBalance(from, value);
    this.#state.addBalance(to, value);
  }

  #runPrecompile(precompile: Precompile, request: FrameRequest, snapshot: number): FrameResult {
    const gasLeft = request.gas - precompile.gas(request.input);
    const output = gasLeft < 0 ? undefined : precompile.run(request.input);
    if (output !== undefined) return { gasLeft, returnData: output, error: undefined };
    this.#state.revertTo(snapshot);
    return { gasLeft: 0, returnData: EMPTY_BYTES, error: gasLeft < 0 ? 'OUT_OF_GAS' : 'PRECOMPILE_FAILED' };
  }

  #end(frame: Frame): FrameResult {
    if (frame.request.kind === 'create' && frame.error === undefined) this.#storeCode(frame);
    const created = frame.request.kind === 'create' ? { created: frame.self } : {};
    if (frame.error !== undefined) this.#state.revertTo(frame.snapshot);
    const keepsGas = frame.error === undefined || frame.error === 'REVERT';
    return { gasLeft: keepsGas ? frame.gas : 0, returnData: frame.output, error: frame.error, ...created };
  }

  /** Pays for the code that the init code returned and stores it, or fails the frame. */
  #storeCode(frame: Frame): void {
    const code = frame.output;
    const price = code.length * GAS.codeByte;
    if (code.length > LIMITS.codeSize) {
      frame.error = 'CODE_TOO_LARGE';
    } else if (price > frame.gas) {
      frame.error = 'CODE_STORE_OUT_OF_GAS';
    } else {
      frame.gas -= price;
      this.#state.setCode(frame.self.bytes, code.slice());
    }
  }

  #stackAt(depth: number): bigint[] {
    return (this.#programs.stacks[depth] ??= newStack());
  }
}

function refused(request: FrameRequest, error: EvmErrorCode): FrameResult {
  return { gasLeft: request.gas, returnData: EMPTY_BYTES, error };
}

function partyOf(bytes: Bytes): Party {
  return { word: toBigInt(bytes), bytes };
}

function requestOf(message: Message): FrameRequest {
  const common = { caller: partyOf(message.caller), value: message.value, gas: Number(message.gas), outputOffset: 0, outputLength: 0 };
  if (message.kind === 'create') {
    const nobody = partyOf(EMPTY_BYTES);
    return { ...common, kind: 'create', self: nobody, codeOf: nobody, input: message.code, isStatic: false };
  }
  const target = partyOf(message.to);
  const isStatic = message.isStatic === true;
  return { ...common, kind: isStatic ? 'staticcall' : 'call', self: target, codeOf: target, input: message.input, isStatic };
}
