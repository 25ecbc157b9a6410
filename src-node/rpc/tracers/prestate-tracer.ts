import { fromBigInt, toHex, type Bytes } from '../../base/bytes.ts';
import { createAddress } from '../../evm/create-address.ts';
import type { Tracer } from '../../evm/trace.ts';
import { addressOfWord } from '../../evm/word.ts';
import { plainNumber } from '../protocol/json.ts';
import { quantity } from '../views/quantity.ts';
import { opcodeName } from './opcode-name.ts';
import type { StartTracer, TraceStart, TransactionTracer } from './tracer.ts';

type Coming = Parameters<NonNullable<Tracer['before']>>[0];

interface AccountView {
  readonly balance: string;
  readonly nonce: unknown;
  readonly code: string;
  readonly storage: Record<string, string>;
}

/** Characters of an account without its code, and of a slot. */
const ACCOUNT_LENGTH = 140;
const SLOT_LENGTH = 140;

/** The accounts and slots that the transaction met, as they were before it: what it needs to be executed elsewhere. */
export const prestateTracer: StartTracer = (start) => new PrestateTracer(start);

class PrestateTracer implements TransactionTracer {
  readonly #start: TraceStart;
  readonly #accounts: Record<string, AccountView> = {};
  /** Slots met, each with its account. */
  readonly #slots = new Set<string>();

  constructor(start: TraceStart) {
    this.#start = start;
    const { tx, sender } = start;
    if (tx.to !== null) this.#account(tx.to);
    this.#account(sender);
  }

  before({ opcode, stack, self }: Coming): void {
    const { state } = this.#start;
    const [below, top] = [stack.at(-2), stack.at(-1)];
    switch (opcodeName(opcode)) {
      case 'BALANCE':
      case 'EXTCODECOPY':
      case 'EXTCODESIZE':
      case 'SELFDESTRUCT':
        return top === undefined ? undefined : this.#account(addressOfWord(top));
      case 'CALL':
      case 'CALLCODE':
      case 'DELEGATECALL':
      case 'STATICCALL':
        return below === undefined ? undefined : this.#account(addressOfWord(below));
      case 'CREATE':
        return this.#account(createAddress(self, state.nonceOf(self)));
      case 'SLOAD':
      case 'SSTORE':
        return top === undefined ? undefined : this.#slot(self, top);
    }
  }

  step(): void {
    // what counts is what was there before
  }

  result(): Readonly<Record<string, AccountView>> {
    return this.#accounts;
  }

  #account(address: Bytes): void {
    const name = toHex(address);
    if (name in this.#accounts) return;
    const { state, grow } = this.#start;
    const code = state.codeOf(address);
    grow(ACCOUNT_LENGTH + 2 * code.length);
    this.#accounts[name] = { balance: quantity(state.balanceOf(address)), nonce: plainNumber(state.nonceOf(address)), code: toHex(code), storage: {} };
  }

  /** Slots that were empty are left out, as are those of the contract that the transaction itself creates. */
  #slot(address: Bytes, slot: bigint): void {
    const name = `${toHex(address)} ${slot.toString()}`;
    if (this.#slots.has(name)) return;
    const { state, grow } = this.#start;
    grow(SLOT_LENGTH);
    this.#slots.add(name);
    const value = state.storageAt(address, slot);
    const account = this.#accounts[toHex(address)];
    if (account !== undefined && value !== 0n) account.storage[toHex(fromBigInt(slot, 32))] = toHex(fromBigInt(value, 32));
  }
}
