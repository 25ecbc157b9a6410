import { CodedError, isCoded, type ErrorMeta } from '../../base/errors.ts';

/**
 * Why a transaction can be in no block on the given state (docs/protocol/01 §3.6). A block with such a transaction is invalid;
 * a block builder leaves the transaction out.
 *
 * - UNSUPPORTED_TYPE: not a basic transaction
 * - NONCE_TOO_LOW, NONCE_TOO_HIGH: not the sender's next nonce
 * - GAS_UNPAYABLE: the balance does not cover gas limit times price
 * - BLOCK_FULL: more gas than the block has left
 * - INTRINSIC_GAS: less gas than the transaction costs before any code runs
 * - VALUE_UNPAYABLE: the balance left after buying gas does not cover the value
 */
export type ExecutionErrorCode =
  | 'UNSUPPORTED_TYPE'
  | 'NONCE_TOO_LOW'
  | 'NONCE_TOO_HIGH'
  | 'GAS_UNPAYABLE'
  | 'BLOCK_FULL'
  | 'INTRINSIC_GAS'
  | 'VALUE_UNPAYABLE';

/** Messages are the chain's own wording, which other programs match. */
const TEXTS: Readonly<Record<ExecutionErrorCode, readonly [message: string, help: string]>> = {
  UNSUPPORTED_TYPE: ['not supported transaction type', 'Send a transaction of type 0.'],
  NONCE_TOO_LOW: ['nonce too low', 'A transaction with this number exists already; send with the next number.'],
  NONCE_TOO_HIGH: ['nonce too high', 'Send the missing transactions first.'],
  GAS_UNPAYABLE: ['insufficient balance to pay for gas', 'Add CPC to the account, or lower gas price or limit.'],
  BLOCK_FULL: ['gas limit reached', 'Lower the gas limit, or wait for the next block.'],
  INTRINSIC_GAS: ['out of gas', 'Raise the gas limit.'],
  VALUE_UNPAYABLE: ['insufficient balance for transfer', 'Send less, or add CPC to the account.'],
};

export function executionError(code: ExecutionErrorCode, meta: ErrorMeta = {}): CodedError<ExecutionErrorCode> {
  const [message, help] = TEXTS[code];
  return new CodedError(code, message, { help, meta });
}

export function isExecutionError(error: unknown): error is CodedError<ExecutionErrorCode> {
  return isCoded(error) && error.code in TEXTS;
}
