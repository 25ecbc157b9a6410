import { byteKey } from '../base/byte-key.ts';
import { hexOf, type Bytes } from '../base/bytes.ts';

const JUMPDEST = 0x5b;
const PUSH1 = 0x60;
const PUSH32 = 0x7f;

/** Code with what is learned about it while it runs: jump targets at the first jump, constants when they are first pushed. */
export class Program {
  readonly code: Bytes;
  readonly #constants = new Map<number, bigint>();
  #targets: Uint8Array | undefined;

  constructor(code: Bytes) {
    this.code = code;
  }

  /** Whether `position` is a JUMPDEST that is not data of a PUSH. */
  isJumpTarget(position: number): boolean {
    return (this.#targets ??= jumpTargets(this.code))[position] === 1;
  }

  /** The `length` bytes at `position` as a word; code is followed by zeros without end. */
  constant(position: number, length: number): bigint {
    let value = this.#constants.get(position);
    if (value === undefined) {
      const bytes = this.code.subarray(position, position + length);
      value = BigInt(`0x0${hexOf(bytes)}`) << BigInt(8 * (length - bytes.length));
      this.#constants.set(position, value);
    }
    return value;
  }
}

function jumpTargets(code: Bytes): Uint8Array {
  const targets = new Uint8Array(code.length);
  for (let at = 0; at < code.length; at++) {
    const opcode = code[at] as number;
    if (opcode === JUMPDEST) targets[at] = 1;
    else if (opcode >= PUSH1 && opcode <= PUSH32) at += opcode - PUSH1 + 1;
  }
  return targets;
}

const CAPACITY = 512;

/**
 * What executions leave to the next one. Programs of stored contracts by code hash, the least recently used ones dropped: code is
 * at most 24 kB, so the cache is bounded.
 */
export class ProgramCache {
  /** One stack by depth, used again by every frame there: executions come one after the other. */
  readonly stacks: bigint[][] = [];
  readonly #programs = new Map<string, Program>();

  get(codeHash: Bytes, load: () => Bytes): Program {
    const key = byteKey(codeHash);
    let program = this.#programs.get(key);
    if (program === undefined) {
      program = new Program(load());
      const oldest = this.#programs.keys().next();
      if (this.#programs.size >= CAPACITY && oldest.done !== true) this.#programs.delete(oldest.value);
    } else {
      this.#programs.delete(key);
    }
    this.#programs.set(key, program);
    return program;
  }
}
