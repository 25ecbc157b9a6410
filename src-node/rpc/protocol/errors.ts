import { CodedError, isCoded } from '../../base/errors.ts';

/**
 * What is wrong with a request (docs/protocol/05 §1.1). Errors of other domains are answered as -32000 with their message.
 *
 * - BAD_JSON: not JSON
 * - BAD_MESSAGE: JSON, but no request
 * - NO_SUCH_METHOD: unknown, or subscriptions over HTTP
 * - BAD_PARAMETERS: missing, too many, or of another type
 * - TOO_BUSY: other programs had the node work too much
 * - CALL_FAILED: the method says no, in the chain's own wording
 */
export type RpcErrorCode = 'BAD_JSON' | 'BAD_MESSAGE' | 'NO_SUCH_METHOD' | 'BAD_PARAMETERS' | 'TOO_BUSY' | 'CALL_FAILED';

const NUMBERS: Readonly<Partial<Record<string, number>>> = {
  BAD_JSON: -32600,
  BAD_MESSAGE: -32700,
  NO_SUCH_METHOD: -32601,
  BAD_PARAMETERS: -32602,
  TOO_BUSY: -32005,
} satisfies Partial<Record<RpcErrorCode, number>>;
/** Of CALL_FAILED and of the errors of all other domains. */
const METHOD_FAILED = -32000;

const HELP: Readonly<Record<RpcErrorCode, string>> = {
  BAD_JSON: 'Send one JSON-RPC 2.0 request or a list of them.',
  BAD_MESSAGE: 'Send one JSON-RPC 2.0 request or a list of them.',
  NO_SUCH_METHOD: 'Use a method of a namespace that rpc_modules lists.',
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

export interface ErrorBody {
  readonly code: number;
  readonly message: string;
}

/** The error as it is answered; of a fault of the program only that it happened. */
export function errorBody(error: unknown): ErrorBody {
  if (!isCoded(error)) return { code: METHOD_FAILED, message: 'internal error' };
  return { code: NUMBERS[error.code] ?? METHOD_FAILED, message: error.message };
}
