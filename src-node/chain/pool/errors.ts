import { CodedError, isCoded, type ErrorMeta } from '../../base/errors.ts';

/**
 * Why the pool refuses a transaction (docs/protocol/03 §10.1).
 *
 * - KNOWN_TRANSACTION: it is in the pool already
 * - UNSUPPORTED_TYPE: not a basic transaction
 * - OVERSIZED: more than 32,768 bytes
 * - EXCEEDS_BLOCK_GAS: its gas limit is above that of the newest block
 * - INVALID_SENDER: the signature recovers to nobody or is made for another chain
 * - UNDERPRICED: below the pool's price floor, or not above the cheapest of a full pool
 * - NONCE_TOO_LOW: the sender has used the number
 * - INSUFFICIENT_FUNDS: the balance does not cover gas and value
 * - INTRINSIC_GAS: less gas than the transaction costs before any code runs
 * - REPLACEMENT_UNDERPRICED: another one with this number waits, and the price is not 10 % higher
 */
export type PoolErrorCode =
  | 'KNOWN_TRANSACTION'
  | 'UNSUPPORTED_TYPE'
  | 'OVERSIZED'
  | 'EXCEEDS_BLOCK_GAS'
  | 'INVALID_SENDER'
  | 'UNDERPRICED'
  | 'NONCE_TOO_LOW'
  | 'INSUFFICIENT_FUNDS'
  | 'INTRINSIC_GAS'
  | 'REPLACEMENT_UNDERPRICED';

/** Messages are the chain's own wording, which other programs match. */
const TEXTS: Readonly<Record<PoolErrorCode, readonly [message: string, help: string]>> = {
  KNOWN_TRANSACTION: ['known transaction', 'It is on its way; there is nothing to do.'],
  UNSUPPORTED_TYPE: ['not supported transaction type', 'Send a transaction of type 0.'],
  OVERSIZED: ['oversized data', 'Send less data: a transaction has at most 32,768 bytes.'],
  EXCEEDS_BLOCK_GAS: ['exceeds block gas limit', 'Lower the gas limit.'],
  INVALID_SENDER: ['invalid sender', 'Sign the transaction again, for this chain.'],
  UNDERPRICED: ['transaction underpriced', 'Raise the gas price.'],
  NONCE_TOO_LOW: ['nonce too low', 'A transaction with this number exists already; send with the next number.'],
  INSUFFICIENT_FUNDS: ['insufficient funds for gas * price + value', 'Add CPC to the account, or send less.'],
  INTRINSIC_GAS: ['intrinsic gas too low', 'Raise the gas limit.'],
  REPLACEMENT_UNDERPRICED: ['replacement transaction underpriced', 'Raise the gas price by at least 10 %.'],
};

export function poolError(code: PoolErrorCode, meta: ErrorMeta = {}): CodedError<PoolErrorCode> {
  const [message, help] = TEXTS[code];
  return new CodedError(code, message, { help, meta });
}

export function knownTransaction(hash: string): CodedError<PoolErrorCode> {
  const [message, help] = TEXTS.KNOWN_TRANSACTION;
  return new CodedError('KNOWN_TRANSACTION', `${message}: ${hash}`, { help });
}

/** Whether it is the pool that refuses; else something failed. */
export function isPoolError(error: unknown): error is CodedError<PoolErrorCode> {
  return isCoded(error) && error.code in TEXTS;
}
