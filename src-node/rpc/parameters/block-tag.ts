import { invalidValue } from './parameter.ts';
import { quantityOf } from './values.ts';

/** A block that a request names; `earliest` is block 0. */
export type BlockTag = bigint | 'latest' | 'pending';

const MAX_NUMBER = (1n << 63n) - 1n;

/** There is no default: the parameter is mandatory, and plain numbers are refused (docs/protocol/05 §2). */
export function readBlockTag(value: unknown): BlockTag {
  if (value === 'latest' || value === 'pending') return value;
  if (value === 'earliest') return 0n;
  if (typeof value !== 'string') throw invalidValue('hex string without 0x prefix');
  const number = quantityOf(value, 64);
  if (number > MAX_NUMBER) throw invalidValue('Blocknumber too high');
  return number;
}
