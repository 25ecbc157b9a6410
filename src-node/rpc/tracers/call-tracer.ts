import { toHex, type Bytes } from '../../base/bytes.ts';
import type { TraceStep } from '../../evm/trace.ts';
import { addressOfWord } from '../../evm/word.ts';
import { intrinsicGas } from '../../primitives/transaction.ts';
import { durationText } from '../views/duration.ts';
import { quantity } from '../views/quantity.ts';
import { failedBefore, textOfError, textOfStep } from './error-text.ts';
import { opcodeName } from './opcode-name.ts';
import { isPrecompiled, memoryPart, operand } from './operands.ts';
import type { StartTracer, TraceEnd, TraceStart, TransactionTracer } from './tracer.ts';

/** As it is answered; what is undefined is left out. */
interface CallView {
  readonly type: string;
  readonly from?: string;
  readonly to?: string | undefined;
  readonly value?: string | undefined;
  readonly gas?: string | undefined;
  readonly gasUsed?: string | undefined;
  readonly input?: string;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly time?: string;
  readonly calls?: readonly CallView[] | undefined;
}

/** A frame that was asked for and has not come back. */
interface OpenCall {
  readonly type: string;
  readonly from: Bytes;
  readonly to: Bytes | undefined;
  readonly value: bigint | undefined;
  readonly input: Bytes;
  /** What the asking frame has left when the instruction is paid for. */
  readonly gasLeft: number;
  readonly outputOffset: bigint;
  readonly outputLength: bigint;
  /** Known by its first instruction, so not of accounts without code. */
  gas: number | undefined;
  error: string | undefined;
  calls: CallView[] | undefined;
}

/** Characters of a call without its data. */
const CALL_LENGTH = 300;
const REVERTED = 'execution reverted';
/** Of a frame that came back without success, by no instruction of its own. */
const UNEXPLAINED = 'internal failure';

/** The calls that the transaction made, each within the one that made it. Precompiled contracts are passed over. */
export const callTracer: StartTracer = (start) => new CallTracer(start);

class CallTracer implements TransactionTracer {
  readonly #start: TraceStart;
  /** The transaction's own call at the bottom. */
  readonly #open: [OpenCall, ...OpenCall[]];

  constructor(start: TraceStart) {
    this.#start = start;
    const { tx, sender } = start;
    const gas = Number(tx.gasLimit - intrinsicGas(tx));
    this.#open = [{ type: tx.to === null ? 'CREATE' : 'CALL', from: sender, to: tx.to ?? undefined, value: tx.value, input: tx.payload, gasLeft: 0, outputOffset: 0n, outputLength: 0n, gas, error: undefined, calls: undefined }];
  }

  step(step: TraceStep): void {
    const { depth, gas, error } = step;
    if (this.#open.length > depth) this.#close(step);
    const current = this.#top;
    current.gas ??= gas;
    if (!failedBefore(step)) this.#show(step, current);
    if (error !== undefined) this.#fail(textOfStep(step, error));
  }

  result({ outcome, millis }: TraceEnd): CallView {
    const { tx, grow } = this.#start;
    const [{ gas = 0, calls, error, ...call }] = this.#open;
    const gasUsed = outcome.gasUsed + outcome.gasRefunded - intrinsicGas(tx);
    const failure = error ?? (outcome.error === undefined ? undefined : textOfError(outcome.error));
    grow(2 * outcome.returnData.length);
    const created = outcome.contractAddress ?? undefined;
    return this.#view({ ...call, to: call.to ?? created, gas, error: failure, calls }, { gasUsed, output: failure === undefined ? outcome.returnData : undefined, time: durationText(millis) });
  }

  get #top(): OpenCall {
    return this.#open.at(-1) ?? this.#open[0];
  }

  #show(step: TraceStep, current: OpenCall): void {
    const name = opcodeName(step.opcode);
    if (name === 'CREATE') return this.#openCreation(step);
    if (name === 'CALL' || name === 'CALLCODE' || name === 'DELEGATECALL' || name === 'STATICCALL') return this.#openCall(step, name);
    if (name === 'SELFDESTRUCT') (current.calls ??= []).push({ type: name });
    if (name === 'REVERT') current.error = REVERTED;
  }

  #openCreation(step: TraceStep): void {
    const [value, offset = 0n, length = 0n] = [operand(step, 0), operand(step, 1), operand(step, 2)];
    this.#push(step, { type: 'CREATE', to: undefined, value, input: memoryPart(step, offset, length), outputOffset: 0n, outputLength: 0n });
  }

  #openCall(step: TraceStep, type: string): void {
    const target = operand(step, 1) ?? 0n;
    if (isPrecompiled(target)) return;
    const hasValue = type === 'CALL' || type === 'CALLCODE';
    const [inputOffset = 0n, inputLength = 0n, outputOffset = 0n, outputLength = 0n] = [2, 3, 4, 5].map((at) => operand(step, at + (hasValue ? 1 : 0)));
    const input = memoryPart(step, inputOffset, inputLength);
    this.#push(step, { type, to: addressOfWord(target), value: hasValue ? operand(step, 2) : undefined, input, outputOffset, outputLength });
  }

  #push({ self, gas, gasCost }: TraceStep, call: Pick<OpenCall, 'type' | 'to' | 'value' | 'input' | 'outputOffset' | 'outputLength'>): void {
    this.#start.grow(CALL_LENGTH + 2 * call.input.length);
    this.#open.push({ ...call, from: self, gasLeft: gas - gasCost, gas: undefined, error: undefined, calls: undefined });
  }

  /** The frame came back to the one that asked, whose next step tells how. */
  #close(step: TraceStep): void {
    const call = this.#top;
    const result = operand(step, 0) ?? 0n;
    const isCreation = call.type === 'CREATE';
    const ran = isCreation || call.gas !== undefined;
    const gasUsed = ran ? BigInt(call.gasLeft + (isCreation ? 0 : (call.gas ?? 0)) - step.gas) : undefined;
    if (ran && result === 0n) call.error ??= UNEXPLAINED;
    if (!ran || result === 0n) return this.#settle(call, { gasUsed });
    const created = addressOfWord(result);
    if (isCreation) return this.#settle({ ...call, to: created }, { gasUsed, output: this.#start.state.codeOf(created) });
    this.#settle(call, { gasUsed, output: memoryPart(step, call.outputOffset, call.outputLength) });
  }

  #fail(error: string): void {
    const call = this.#top;
    call.error = error;
    if (this.#open.length > 1) this.#settle(call, { gasUsed: call.gas === undefined ? undefined : BigInt(call.gas) });
  }

  /** Moves the topmost call into the one that made it. */
  #settle(call: OpenCall, end: CallEnd): void {
    this.#open.pop();
    this.#start.grow(2 * (end.output?.length ?? 0));
    (this.#top.calls ??= []).push(this.#view(call, end));
  }

  #view({ type, from, to, value, gas, input, error, calls }: Omit<OpenCall, 'gasLeft' | 'outputOffset' | 'outputLength'>, { gasUsed, output, time }: CallEnd): CallView {
    return {
      type,
      from: toHex(from),
      to: to && toHex(to),
      value: value === undefined ? undefined : quantity(value),
      gas: gas === undefined ? undefined : quantity(gas),
      gasUsed: gasUsed === undefined ? undefined : quantity(gasUsed),
      input: toHex(input),
      output: output && toHex(output),
      error,
      ...(time === undefined ? {} : { time }),
      calls,
    };
  }
}

interface CallEnd {
  readonly gasUsed: bigint | undefined;
  readonly output?: Bytes | undefined;
  readonly time?: string;
}
