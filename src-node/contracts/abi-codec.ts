/**
 * Coding of calls, results and events for the generated bindings: ethers reads the ABI, this gives plain typed values.
 * Addresses and byte strings are lower-case hex, integers over 48 bits are bigint, enums are the names of their values.
 */
import { AbiCoder, Interface } from 'ethers';
import { fromHex, toHex, type Bytes, type Hex } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import type { Log } from '../primitives/log.ts';

/** Decoded values in order. ethers decodes text on access; all are read at once here, so that nothing fails later. */
type Values = readonly unknown[];

export class AbiCodec {
  readonly #fragments: readonly string[];
  #parsed: Interface | undefined;

  constructor(fragments: readonly string[]) {
    this.#fragments = fragments;
  }

  /** Selector and arguments of a call. @throws BAD_ARGUMENT */
  call(method: string, args: readonly unknown[]): Bytes {
    try {
      return fromHex(this.#interface().encodeFunctionData(method, args));
    } catch (error) {
      throw new CodedError('BAD_ARGUMENT', `The arguments of ${method} do not fit its types.`, { cause: error });
    }
  }

  /** Arguments of a constructor, without code. @throws BAD_ARGUMENT */
  deployment(args: readonly unknown[]): Bytes {
    try {
      return fromHex(this.#interface().encodeDeploy(args));
    } catch (error) {
      throw new CodedError('BAD_ARGUMENT', 'The arguments of the constructor do not fit its types.', { cause: error });
    }
  }

  /** @throws BAD_RESULT when the data does not hold the arguments of the constructor */
  deploymentArguments(data: Bytes): Values {
    try {
      return AbiCoder.defaultAbiCoder().decode(this.#interface().deploy.inputs, data).toArray(true);
    } catch (error) {
      throw new CodedError('BAD_RESULT', 'The creation carries other arguments than the constructor takes.', { cause: error });
    }
  }

  /** @throws BAD_RESULT when the data is not what the method returns: another contract, or no contract at all */
  result(method: string, data: Bytes): Values {
    try {
      return this.#interface().decodeFunctionResult(method, data).toArray(true);
    } catch (error) {
      throw new CodedError('BAD_RESULT', `The answer to ${method} is not one of this contract.`, {
        help: 'Check the contract address and the network.',
        cause: error,
      });
    }
  }

  /** null for a log of another contract, or one that does not decode. */
  event(log: Log): { readonly name: string; readonly args: Values } | null {
    try {
      const parsed = this.#interface().parseLog({ topics: log.topics.map(toHex), data: toHex(log.data) });
      return parsed === null ? null : { name: parsed.name, args: parsed.args.toArray(true) };
    } catch {
      return null; // a known topic over other data, or text that is no UTF-8
    }
  }

  /** null when the data is none of the declared errors; what a foreign contract reverts with may be anything. */
  error(data: Bytes): { readonly name: string; readonly args: Readonly<Record<string, unknown>> } | null {
    try {
      const parsed = this.#interface().parseError(data);
      return parsed === null ? null : { name: parsed.name, args: parsed.args.toObject(true) };
    } catch {
      return null;
    }
  }

  #interface(): Interface {
    this.#parsed ??= new Interface(this.#fragments);
    return this.#parsed;
  }
}

export function hex(value: unknown): Hex {
  return String(value).toLowerCase() as Hex;
}

export function int(value: unknown): number {
  return Number(value);
}

export function big(value: unknown): bigint {
  return typeof value === 'bigint' ? value : BigInt(String(value));
}

export function bool(value: unknown): boolean {
  return value === true;
}

export function text(value: unknown): string {
  return String(value);
}

export function list<T>(value: unknown, item: (value: unknown) => T): readonly T[] {
  return Array.from(value as Iterable<unknown>, item);
}

/** @throws BAD_RESULT for a number without a name: a newer contract */
export function nameOf<T extends string>(names: readonly T[], value: unknown): T {
  const name = names[Number(value)];
  if (name === undefined) throw new CodedError('BAD_RESULT', `The contract answered with an unknown state (${String(value)}).`);
  return name;
}
