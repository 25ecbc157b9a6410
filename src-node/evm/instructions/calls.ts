/** Instructions that ask for another frame (docs/protocol/03 §6.1, §6.2). The interpreter runs it and calls `resume`. */
import { toBigInt, EMPTY_BYTES } from '../../base/bytes.ts';
import { claimMemory, halt, pop, push, rangeEnd, toOffset, type Frame, type FrameRequest, type FrameResult } from '../frame.ts';
import { allButOne64th, GAS } from '../gas.ts';
import { addressOfWord } from '../word.ts';

/** Self of a creation before its address is known. */
const NOBODY = { word: 0n, bytes: EMPTY_BYTES };

function ask(frame: Frame, request: FrameRequest): void {
  frame.child = request;
  frame.running = false;
}

export function create(frame: Frame): void {
  if (frame.request.isStatic) return halt(frame, 'WRITE_PROTECTION');
  const value = pop(frame);
  const offset = toOffset(pop(frame));
  const length = toOffset(pop(frame));
  if (!claimMemory(frame, rangeEnd(offset, length), 0)) return;
  const gas = allButOne64th(frame.gas);
  frame.gas -= gas;
  const input = frame.memory.window(offset, length);
  ask(frame, { kind: 'create', caller: frame.self, self: NOBODY, codeOf: NOBODY, value, input, gas, isStatic: false, outputOffset: 0, outputLength: 0 });
}

export function call(frame: Frame): void {
  callAs('call', frame);
}

export function callcode(frame: Frame): void {
  callAs('callcode', frame);
}

export function delegatecall(frame: Frame): void {
  callAs('delegatecall', frame);
}

export function staticcall(frame: Frame): void {
  callAs('staticcall', frame);
}

type CallKind = Exclude<FrameRequest['kind'], 'create'>;

function callAs(kind: CallKind, frame: Frame): void {
  const requested = pop(frame);
  const bytes = addressOfWord(pop(frame));
  const target = { word: toBigInt(bytes), bytes };
  const passed = kind === 'call' || kind === 'callcode' ? pop(frame) : 0n;
  if (kind === 'call' && passed !== 0n && frame.request.isStatic) return halt(frame, 'WRITE_PROTECTION');
  const inputOffset = toOffset(pop(frame));
  const inputLength = toOffset(pop(frame));
  const outputOffset = toOffset(pop(frame));
  const outputLength = toOffset(pop(frame));

  const end = Math.max(rangeEnd(inputOffset, inputLength), rangeEnd(outputOffset, outputLength));
  const newAccount = kind === 'call' && passed !== 0n && frame.environment.state.isEmpty(bytes) ? GAS.callNewAccount : 0;
  if (!claimMemory(frame, end, newAccount + (passed === 0n ? 0 : GAS.callValue))) return;
  const available = allButOne64th(frame.gas);
  const forwarded = requested < available ? Number(requested) : available;
  frame.gas -= forwarded;

  const inPlace = kind === 'callcode' || kind === 'delegatecall';
  ask(frame, {
    kind,
    caller: kind === 'delegatecall' ? frame.request.caller : frame.self,
    self: inPlace ? frame.self : target,
    codeOf: target,
    value: kind === 'delegatecall' ? frame.request.value : passed,
    input: frame.memory.window(inputOffset, inputLength),
    gas: passed === 0n ? forwarded : forwarded + GAS.callStipend,
    isStatic: frame.request.isStatic || kind === 'staticcall',
    outputOffset,
    outputLength,
  });
}

/** Hands the result of the frame that `frame` asked for to it and lets it go on. */
export function resume(frame: Frame, request: FrameRequest, result: FrameResult): void {
  const succeeded = result.error === undefined;
  frame.gas += result.gasLeft;
  if (request.kind === 'create') {
    push(frame, succeeded ? (result.created?.word ?? 0n) : 0n);
    frame.returnData = result.error === 'REVERT' ? result.returnData : EMPTY_BYTES;
  } else {
    push(frame, succeeded ? 1n : 0n);
    frame.returnData = result.returnData;
    const length = Math.min(request.outputLength, result.returnData.length);
    if (length > 0) frame.memory.store(request.outputOffset, result.returnData, 0, length);
  }
  frame.child = undefined;
  frame.running = true;
}
