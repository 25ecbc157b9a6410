/** CPC as people read it. Amounts are `bigint` in the base unit, 10^18 = 1 CPC. */
import { grouped } from './number.ts';

const DECIMALS = 18;
const ONE = 10n ** BigInt(DECIMALS);
/** U+2212: a hyphen is too short beside figures. */
const MINUS = '\u2212';
/** A value too small for its column still shows this many significant digits. */
const SMALLEST_DIGITS = 3;

export interface AmountParts {
  readonly sign: '' | '+' | '\u2212';
  readonly integer: string;
  /** With its point, or empty. */
  readonly fraction: string;
}

export interface AmountStyle {
  /** Decimals of the column; without it all significant ones are shown. Cut, never rounded up. */
  readonly decimals?: number | undefined;
  /** A plus before what comes in; for ledgers only. */
  readonly sign?: boolean | undefined;
}

export function amountParts(value: bigint, style: AmountStyle = {}): AmountParts {
  const absolute = value < 0n ? -value : value;
  const digits = (absolute % ONE).toString().padStart(DECIMALS, '0');
  return {
    sign: value < 0n ? MINUS : style.sign === true && value > 0n ? '+' : '',
    integer: grouped(absolute / ONE),
    fraction: fractionOf(digits, absolute < ONE, style.decimals),
  };
}

/** "1,206.0072"; with `unit` "1,206.0072 CPC". */
export function cpc(value: bigint, style: AmountStyle & { readonly unit?: boolean } = {}): string {
  const { sign, integer, fraction } = amountParts(value, style);
  return `${sign}${integer}${fraction}${style.unit === true ? '\u00a0CPC' : ''}`;
}

/** Reads "1,250.5" and "1250.5". @returns base units, or null for anything that is not one exact amount */
export function parseAmount(text: string): bigint | null {
  const trimmed = text.trim();
  if (!/^(\d+|\d{1,3}(,\d{3})+)(\.\d{1,18})?$/.test(trimmed)) return null;
  const [integer = '0', fraction = ''] = trimmed.replaceAll(',', '').split('.');
  if (integer.length > DECIMALS + 2) return null;
  return BigInt(integer) * ONE + BigInt(fraction.padEnd(DECIMALS, '0'));
}

/** Gas prices are quoted in thousand millions of the base unit. */
const GIGA = 10n ** 9n;

/** A gas price in gwei, without its unit: "19.8". */
export function gwei(price: bigint): string {
  return cpc(price * (ONE / GIGA));
}

/** Reads "19.8". @returns base units per gas, or null for anything that is not one exact price above 0 */
export function parseGwei(text: string): bigint | null {
  const parsed = parseAmount(text);
  return parsed === null || parsed === 0n || parsed % (ONE / GIGA) !== 0n ? null : parsed / (ONE / GIGA);
}

function fractionOf(digits: string, belowOne: boolean, decimals: number | undefined): string {
  const significant = digits.replace(/0+$/, '');
  if (decimals === undefined) return significant === '' ? '' : `.${significant}`;
  const cut = digits.slice(0, decimals);
  if (belowOne && significant !== '' && /^0*$/.test(cut)) {
    const first = digits.search(/[1-9]/);
    return `.${digits.slice(0, first + SMALLEST_DIGITS).replace(/0+$/, '')}`;
  }
  return decimals === 0 ? '' : `.${cut}`;
}
