import { CodedError, isCoded } from '../../base/errors.ts';

/**
 * What is wrong with a request (docs/protocol/05 §1.1). Errors of other domains are answered as -32000 with their message.
 *
 * - BAD_JSON: not JSON
 * - BAD_MESSAGE: JSON, but no request
 * - NO_SUCH_METHOD: unknown, or subscriptions over HTTP
 * - NOT_AUTHORISED: the method is private and the program has not shown the token of this node
 * - BAD_PARAMETERS: missing, too many, or of another type
 * - TOO_BUSY: the program asked for too much, or other programs had the node work too much
 * - CALL_FAILED: the method says no, in the chain's own wording
 */
export type RpcErrorCode = 'BAD_JSON' | 'BAD_MESSAGE' | 'NO_SUCH_METHOD' | 'NOT_AUTHORISED' | 'BAD_PARAMETERS' | 'TOO_BUSY' | 'CALL_FAILED';

const NUMBERS: Readonly<Partial<Record<string, number>>> = {
  BAD_JSON: -32600,
  BAD_MESSAGE: -32700,
  NO_SUCH_METHOD: -32601,
  NOT_AUTHORISED: -32001,
  BAD_PARAMETERS: -32602,
  TOO_BUSY: -32005,
} satisfies Partial<Record<RpcErrorCode, number>>;
/** Of CALL_FAILED and of the errors of all other domains. */
const METHOD_FAILED = -32000;

const HELP: Readonly<Record<RpcErrorCode, string>> = {
  BAD_JSON: 'Send one JSON-RPC 2.0 request or a list of them.',
  BAD_MESSAGE: 'Send one JSON-RPC 2.0 request or a list of them.',
  NO_SUCH_METHOD: 'Use a method of a namespace that rpc_modules lists.',
  NOT_AUTHORISED: 'Show the token of this node, or ask over its socket.',
  BAD_PARAMETERS: 'Check number and types of the parameters.',
  TOO_BUSY: 'Ask for less, or wait.',
  CALL_FAILED: 'Check the parameters against the state of the chain.',
};

export function rpcError(code: RpcErrorCode, message: string): CodedError<RpcErrorCode> {
  return new CodedError(code, message, { help: HELP[code] });
}

/** @param reason why other nodes have it and this one does not */
export function noSuchMethod(name: string, reason?: string): CodedError<RpcErrorCode> {
  return rpcError('NO_SUCH_METHOD', `The method ${name} does not exist/is not available${reason === undefined ? '' : `: ${reason}`}`);
}

/** @param wait milliseconds */
export function tooBusy(wait: number): CodedError<RpcErrorCode> {
  return rpcError('TOO_BUSY', `limit exceeded: ask again in ${wait} ms`);
}

/** @param tokenPath file of the token that authorises; undefined for a server that has none */
export function notAuthorised(name: string, tokenPath: string | undefined): CodedError<RpcErrorCode> {
  const way = tokenPath === undefined ? 'ask over its socket in the data folder' : `send "Authorization: Bearer TOKEN" with the token in ${tokenPath}`;
  return rpcError('NOT_AUTHORISED', `The method ${name} is only for programs that this node's user has authorised: ${way}`);
}

export interface ErrorBody {
  readonly code: number;
  readonly message: string;
}

/** The error as it is answered; of a fault of the program only that it happened. */
export function errorBody(error: unknown): ErrorBody {
  if (!isCoded(error)) return { code: METHOD_FAILED, message: 'internal error' };
  return { code: NUMBERS[error.code] ?? METHOD_FAILED, message: error.message };
}
