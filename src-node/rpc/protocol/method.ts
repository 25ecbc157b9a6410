import type { Parameter } from '../parameters/parameter.ts';
import type { Session } from './session.ts';

/** Values that a list of parameters reads. */
export type ArgumentsOf<P extends readonly Parameter<unknown>[]> = { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never };

/** A method as the dispatcher sees it. */
export interface RpcMethod {
  /** Namespace and name, as in "eth_chainId". */
  readonly name: string;
  readonly parameters: readonly Parameter<unknown>[];
  /** @throws any CodedError; `session` is absent over HTTP */
  run(values: readonly unknown[], session: Session | undefined): unknown;
}

/** Declares a method; `run` gets the values of its parameters. */
export function method<const P extends readonly Parameter<unknown>[]>(
  name: string,
  parameters: P,
  run: (values: ArgumentsOf<P>, session: Session | undefined) => unknown,
): RpcMethod {
  return { name, parameters, run: (values, session) => run(values as ArgumentsOf<P>, session) };
}
