import { EMPTY_BYTES, type Bytes } from '../../base/bytes.ts';
import { fieldsOf, readAddress, readBig, readData, readUint64 } from './values.ts';

/** A call as a request describes it; what is undefined was left out. */
export interface CallArguments {
  readonly from: Bytes | undefined;
  readonly to: Bytes | null;
  readonly gas: bigint | undefined;
  readonly gasPrice: bigint | undefined;
  readonly value: bigint;
  readonly data: Bytes;
}

export function readCallArguments(value: unknown): CallArguments {
  const field = fieldsOf(value, 'cpcapi.CallArgs');
  return {
    from: field('from', readAddress),
    to: field('to', readAddress) ?? null,
    gas: field('gas', readUint64),
    gasPrice: field('gasPrice', readBig),
    value: field('value', readBig) ?? 0n,
    data: field('data', readData) ?? EMPTY_BYTES,
  };
}
