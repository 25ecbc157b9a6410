import { EMPTY_BYTES, equal, type Bytes } from '../../base/bytes.ts';
import { rpcError } from '../protocol/errors.ts';
import { fieldsOf, readAddress, readBig, readData, readUint64 } from './values.ts';

/** A transaction as a request describes it (docs/protocol/05 §3.3); what is undefined was left out. */
export interface TransactionArguments {
  readonly from: Bytes | undefined;
  readonly to: Bytes | null;
  readonly gas: bigint | undefined;
  readonly gasPrice: bigint | undefined;
  readonly value: bigint;
  readonly nonce: bigint | undefined;
  readonly data: Bytes | undefined;
  readonly input: Bytes | undefined;
  readonly type: bigint;
}

export function readTransactionArguments(value: unknown): TransactionArguments {
  const field = fieldsOf(value, 'cpcapi.SendTxArgs');
  return {
    from: field('from', readAddress),
    to: field('to', readAddress) ?? null,
    gas: field('gas', readUint64),
    gasPrice: field('gasPrice', readBig),
    value: field('value', readBig) ?? 0n,
    nonce: field('nonce', readUint64),
    data: field('data', readData),
    input: field('input', readData),
    type: field('type', readUint64) ?? 0n,
  };
}

/** What the transaction carries. @throws CALL_FAILED in the wording of docs/protocol/05 §3.3 */
export function payloadOf({ to, data, input }: TransactionArguments): Bytes {
  if (data !== undefined && input !== undefined && !equal(data, input)) throw rpcError('CALL_FAILED', 'Both "data" and "input" are set and not equal. Please use "input" to pass transaction call data.');
  const payload = data ?? input ?? EMPTY_BYTES;
  if (to === null && payload.length === 0) throw rpcError('CALL_FAILED', 'contract creation without any data provided');
  return payload;
}
