/** Steps of an execution as other nodes list them (docs/protocol/05 §5): hex without "0x", storage as far as the code wrote it. */
import { hexOf, type Bytes } from '../../base/bytes.ts';
import type { TraceStep } from '../../evm/trace.ts';
import type { TraceOptions } from '../parameters/trace-options.ts';
import { failedBefore } from './error-text.ts';
import { opcodeName } from './opcode-name.ts';
import type { StartTracer, TraceEnd, TransactionTracer } from './tracer.ts';

const SSTORE = 0x55;
/** Characters of a step without stack, memory and storage. */
const STEP_LENGTH = 80;

/** With what the options leave of each step. */
export function stepTracer(options: TraceOptions): StartTracer {
  return ({ grow }) => new StepTracer(options, grow);
}

class StepTracer implements TransactionTracer {
  readonly #options: TraceOptions;
  readonly #steps: object[] = [];
  /** By contract: slots that it wrote. */
  readonly #storage = new Map<string, Record<string, string>>();
  readonly #grow: (characters: number) => void;

  constructor(options: TraceOptions, grow: (characters: number) => void) {
    this.#options = options;
    this.#grow = grow;
  }

  step(step: TraceStep): void {
    const { limit } = this.#options;
    if (limit !== 0 && this.#steps.length >= limit) return;
    const { position, opcode, gas, gasCost, depth } = step;
    this.#grow(STEP_LENGTH);
    const parts = { ...this.#stackOf(step), ...this.#memoryOf(step), ...this.#storageOf(step) };
    this.#steps.push({ pc: position, op: opcodeName(opcode), gas, gasCost, depth, ...(failedBefore(step) ? { error: {} } : {}), ...parts });
  }

  result({ outcome: { gasUsed, error, returnData } }: TraceEnd): object {
    return { gas: Number(gasUsed), failed: error !== undefined, returnValue: hexOf(returnData), structLogs: this.#steps };
  }

  #stackOf({ stack }: TraceStep): object {
    if (this.#options.disableStack) return {};
    this.#grow(stack.length * 64);
    return { stack: stack.map(word) };
  }

  #memoryOf({ memory }: TraceStep): object {
    if (this.#options.disableMemory) return {};
    this.#grow(memory.length * 2);
    return { memory: Array.from({ length: memory.length / 32 }, (_, i) => hexOf(memory.subarray(i * 32, i * 32 + 32))) };
  }

  #storageOf({ opcode, stack, self }: TraceStep): object {
    if (this.#options.disableStorage) return {};
    const slots = this.#slotsOf(self);
    const [value, slot] = stack.slice(-2);
    if (opcode === SSTORE && slot !== undefined && value !== undefined) slots[word(slot)] = word(value);
    const names = Object.keys(slots).sort();
    this.#grow(names.length * 128);
    return { storage: Object.fromEntries(names.map((name) => [name, slots[name]])) };
  }

  #slotsOf(contract: Bytes): Record<string, string> {
    const key = hexOf(contract);
    let slots = this.#storage.get(key);
    if (slots === undefined) this.#storage.set(key, (slots = {}));
    return slots;
  }
}

function word(value: bigint): string {
  return value.toString(16).padStart(64, '0');
}
