import type { Parameter } from '../parameters/parameter.ts';
import type { Caller } from './caller.ts';

/** Values that a list of parameters reads. */
export type ArgumentsOf<P extends readonly Parameter<unknown>[]> = { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never };

/** 'private': it changes the node, asks for a signature, tells of this computer, or costs much work. */
export type Access = 'public' | 'private';

/** A method as the dispatcher sees it. */
export interface RpcMethod {
  /** Namespace and name, as in "eth_chainId". */
  readonly name: string;
  readonly access: Access;
  readonly parameters: readonly Parameter<unknown>[];
  /** @throws any CodedError */
  run(values: readonly unknown[], caller: Caller): unknown;
}

type Run<P extends readonly Parameter<unknown>[]> = (values: ArgumentsOf<P>, caller: Caller) => unknown;

/** Declares a method that everybody may call; `run` gets the values of its parameters. */
export function method<const P extends readonly Parameter<unknown>[]>(name: string, parameters: P, run: Run<P>): RpcMethod {
  return { name, access: 'public', parameters, run: (values, caller) => run(values as ArgumentsOf<P>, caller) };
}

/** Declares a method for programs that may change the node. */
export function privateMethod<const P extends readonly Parameter<unknown>[]>(name: string, parameters: P, run: Run<P>): RpcMethod {
  return { ...method(name, parameters, run), access: 'private' };
}
