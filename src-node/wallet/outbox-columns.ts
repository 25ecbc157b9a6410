/** Columns that an entry and what replaces it have alike. */
import { fromHex, hexOf } from '../base/bytes.ts';
import { column, type SqlRow } from '../db/sqlite.ts';
import type { PlannedCall, SigningAuthority } from './action.ts';

/** For `target, value, payload, gas_limit, gas_price`. */
export function callColumns({ to, value, payload, gasLimit, gasPrice }: PlannedCall): readonly [string | null, string, Uint8Array, string, string] {
  return [to === null ? null : hexOf(to), value.toString(), payload, gasLimit.toString(), gasPrice.toString()];
}

export function callOf(row: SqlRow): PlannedCall {
  const target = column.textOrNull(row, 'target');
  return {
    to: target === null ? null : fromHex(target),
    value: BigInt(column.text(row, 'value')),
    payload: column.blob(row, 'payload'),
    gasLimit: BigInt(column.text(row, 'gas_limit')),
    gasPrice: BigInt(column.text(row, 'gas_price')),
  };
}

export function authorityOf(row: SqlRow): SigningAuthority {
  return JSON.parse(column.text(row, 'authority')) as SigningAuthority;
}
