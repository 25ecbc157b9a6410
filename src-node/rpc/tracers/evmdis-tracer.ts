import { EMPTY_BYTES, type Bytes } from '../../base/bytes.ts';
import { PUSHED } from '../../evm/instruction-set.ts';
import type { TraceStep } from '../../evm/trace.ts';
import { failedBefore, textOfStep } from './error-text.ts';
import { opcodeName } from './opcode-name.ts';
import { memoryPart, operand } from './operands.ts';
import type { StartTracer, TraceStart, TransactionTracer } from './tracer.ts';

/** An instruction as it is answered. Bytes are written as other nodes write them here: {"0":255,"1":3}. */
interface Operation {
  /** The byte; of calls without value the name. */
  readonly op: number | string;
  readonly depth: number;
  /** What it left on the stack, the top first, in hex without "0x". */
  readonly result: readonly string[];
  /** Of a call: what it was given, and what it ran, in their order. */
  readonly gas?: number;
  readonly to?: string;
  /** Decimal. */
  readonly value?: string;
  readonly input?: Bytes;
  readonly error?: string | null;
  readonly return?: Bytes | null;
  readonly ops?: readonly Operation[];
  /** Of JUMPDEST: where it stands. */
  readonly pc?: number;
  /** Of PUSH: bytes with its constant. */
  readonly len?: number;
}

/** A frame that has not come back; `call` is what asked for it. */
interface OpenFrame {
  readonly call: { error?: string | null; return?: Bytes | null };
  readonly ops: Operation[];
  /** The instruction before, whose result the next step shows. */
  last: { readonly opcode: number; readonly result: string[] } | undefined;
}

const FIRST_PUSH = 0x60;
const LAST_PUSH = 0x7f;
/** Characters of an instruction and of a call without what they hold, of a word, and of a byte with its number. */
const OPERATION_LENGTH = 50;
const CALL_LENGTH = 250;
const WORD_LENGTH = 67;
const BYTE_LENGTH = 12;

/** The instructions and what they left on the stack, those of a call within it: what evmdis needs to take code apart. What a creation runs is passed over. */
export const evmdisTracer: StartTracer = (start) => new EvmdisTracer(start);

class EvmdisTracer implements TransactionTracer {
  readonly #grow: TraceStart['grow'];
  readonly #transaction: OpenFrame = { call: {}, ops: [], last: undefined };
  /** Calls within the transaction's own, the innermost last. */
  readonly #open: OpenFrame[] = [];

  constructor({ grow }: TraceStart) {
    this.#grow = grow;
  }

  step(step: TraceStep): void {
    const { depth, opcode, error } = step;
    if (this.#open.length >= depth) this.#open.length = depth - 1;
    if (this.#open.length + 1 < depth) return; // of a creation
    const frame = this.#open.at(-1) ?? this.#transaction;
    this.#complete(frame, step);
    if (error !== undefined && failedBefore(step)) {
      frame.call.error = textOfStep(step, error);
      return;
    }
    const name = opcodeName(opcode);
    if (name === 'RETURN') frame.call.return = this.#memory(step, 0);
    if (name === 'STOP') frame.call.return = EMPTY_BYTES;
    this.#show(step, name, frame);
  }

  result(): readonly Operation[] {
    return this.#transaction.ops;
  }

  /** Of the instruction before, out of what this one finds. */
  #complete(frame: OpenFrame, step: TraceStep): void {
    const { opcode, result } = frame.last ?? { opcode: 0, result: [] };
    const count = PUSHED[opcode] ?? 0;
    this.#grow(WORD_LENGTH * count);
    for (let i = 0; i < count; i++) result.push((operand(step, i) ?? 0n).toString(16));
  }

  #show(step: TraceStep, name: string, frame: OpenFrame): void {
    const { opcode, depth, position } = step;
    const result: string[] = [];
    frame.last = { opcode, result };
    this.#grow(OPERATION_LENGTH);
    const common = { depth, result };
    if (name === 'CALL' || name === 'CALLCODE') return this.#enter(frame, { op: opcode, ...common, ...this.#given(step), value: (operand(step, 2) ?? 0n).toString(), input: this.#memory(step, 3) });
    if (name === 'DELEGATECALL' || name === 'STATICCALL') return this.#enter(frame, { op: name, ...common, ...this.#given(step), input: this.#memory(step, 2) });
    const isPush = opcode >= FIRST_PUSH && opcode <= LAST_PUSH;
    frame.ops.push({ op: opcode, ...common, ...(name === 'JUMPDEST' ? { pc: position } : {}), ...(isPush ? { len: opcode - FIRST_PUSH + 2 } : {}) });
  }

  #given(step: TraceStep): { readonly gas: number; readonly to: string } {
    return { gas: Number(operand(step, 0) ?? 0n), to: (operand(step, 1) ?? 0n).toString(16) };
  }

  #enter({ ops }: OpenFrame, asked: Operation): void {
    const call = { ...asked, error: null, return: null, ops: [] };
    this.#grow(CALL_LENGTH);
    ops.push(call);
    this.#open.push({ call, ops: call.ops, last: undefined });
  }

  /** @param at depth on the stack of where the part begins; its length comes next */
  #memory(step: TraceStep, at: number): Bytes {
    const bytes = memoryPart(step, operand(step, at) ?? 0n, operand(step, at + 1) ?? 0n);
    this.#grow(BYTE_LENGTH * bytes.length);
    return bytes;
  }
}
