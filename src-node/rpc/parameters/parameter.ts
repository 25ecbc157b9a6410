import { CodedError, isCoded } from '../../base/errors.ts';
import { rpcError } from '../protocol/errors.ts';

/** How one positional parameter is read. */
export interface Parameter<T> {
  /** May be left out; `read` gets undefined then. */
  readonly isOptional: boolean;
  /** @throws INVALID_VALUE */
  read(value: unknown): T;
}

/** What readers throw; `readParameters` adds which parameter it was. */
export function invalidValue(reason: string): CodedError<'INVALID_VALUE'> {
  return new CodedError('INVALID_VALUE', reason);
}

export function required<T>(read: (value: unknown) => T): Parameter<T> {
  return { isOptional: false, read };
}

/** Undefined when it is left out or null. */
export function optional<T>(read: (value: unknown) => T): Parameter<T | undefined> {
  return { isOptional: true, read: (value) => (value === undefined || value === null ? undefined : read(value)) };
}

/** @throws BAD_PARAMETERS in the wording of docs/protocol/05 §1.1 */
export function readParameters(parameters: readonly Parameter<unknown>[], values: readonly unknown[]): readonly unknown[] {
  if (values.length > parameters.length) throw rpcError('BAD_PARAMETERS', `too many arguments, want at most ${parameters.length}`);
  return parameters.map((parameter, index) => {
    const isMissing = index >= values.length;
    if (isMissing && !parameter.isOptional) throw rpcError('BAD_PARAMETERS', `missing value for required argument ${index}`);
    try {
      return parameter.read(isMissing ? undefined : values[index]);
    } catch (error) {
      if (isCoded(error, 'INVALID_VALUE')) throw rpcError('BAD_PARAMETERS', `invalid argument ${index}: ${error.message}`);
      throw error;
    }
  });
}
