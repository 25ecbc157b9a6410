/** Refusals of a gateway: one code, its sentence, and what it says on the wire. */
import { CodedError, isCoded, toCoded, type ErrorMeta } from '../../base/errors.ts';
import { GATEWAY_ERRORS, type GatewayErrorCode } from './error-codes.ts';
import type { ErrorAnswer } from './wire.ts';

const RETRY_AFTER = 'retryAfterMillis';

export function refusal(code: GatewayErrorCode, meta: ErrorMeta = {}, cause?: unknown): CodedError<GatewayErrorCode> {
  const { message, help } = GATEWAY_ERRORS[code];
  return new CodedError(code, message, { help, meta, cause });
}

/** With the time after which the same request may be made. */
export function refusalUntil(code: GatewayErrorCode, waitMillis: number): CodedError<GatewayErrorCode> {
  return refusal(code, { [RETRY_AFTER]: Math.ceil(waitMillis) });
}

const FAULTS: Readonly<Record<string, GatewayErrorCode>> = {
  LOG_FULL: 'log_full', DISK_FULL: 'log_full', LOG_UNREACHABLE: 'log_unavailable', LOG_RIGHTS: 'log_unavailable', LOG_DAMAGED: 'log_unavailable', LOG_LOCKED: 'log_unavailable',
  LOG_CLOSED: 'stopping', KEYS_STOPPED: 'signer_unavailable', STREAM_NOT_HELD: 'signer_unavailable', LOG_RECORD_TOO_LARGE: 'batch_too_large', CHAIN_UNREACHABLE: 'chain_unavailable', BAD_ANSWER: 'chain_unavailable',
};

/** Whatever was thrown as a refusal; what has no name here is `internal`. */
export function toRefusal(error: unknown): CodedError<GatewayErrorCode> {
  if (isRefusal(error)) return error;
  return refusal(FAULTS[toCoded(error).code] ?? 'internal', {}, error);
}

function isRefusal(error: unknown): error is CodedError<GatewayErrorCode> {
  return isCoded(error) && Object.hasOwn(GATEWAY_ERRORS, error.code);
}

export function errorAnswer(error: CodedError<GatewayErrorCode>): ErrorAnswer {
  const { retry, help } = GATEWAY_ERRORS[error.code];
  const { [RETRY_AFTER]: wait, ...meta } = error.meta;
  return { code: error.code, retry, message: error.message, help: error.help ?? help, ...(typeof wait === 'number' ? { retryAfterMillis: wait } : {}), meta };
}
