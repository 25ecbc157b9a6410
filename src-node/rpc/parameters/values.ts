/** Readers of single values, with the wording of other nodes for what they refuse (docs/protocol/05 §2). */
import { fromHex, type Bytes } from '../../base/bytes.ts';
import { invalidValue } from './parameter.ts';

const HEX = /^[0-9a-fA-F]*$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Length of a transaction that the pool may take, twice over: nothing longer is data of any use. */
const MAX_DATA_BYTES = 65_536;

function refuse(value: unknown, type: string): ReturnType<typeof invalidValue> {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return invalidValue(`json: cannot unmarshal ${kind} into Go value of type ${type}`);
}

/** The digits behind "0x". */
function digitsOf(text: string): string {
  if (text === '') throw invalidValue('empty hex string');
  if (!text.startsWith('0x') && !text.startsWith('0X')) throw invalidValue('hex string without 0x prefix');
  const digits = text.slice(2);
  if (!HEX.test(digits)) throw invalidValue('invalid hex string');
  return digits;
}

export function quantityOf(text: string, bits: 64 | 256): bigint {
  const digits = digitsOf(text);
  if (digits === '') throw invalidValue('hex string "0x"');
  if (digits.length > 1 && digits.startsWith('0')) throw invalidValue('hex number with leading zero digits');
  if (digits.length * 4 > bits) throw invalidValue(`hex number > ${bits} bits`);
  return BigInt(`0x${digits}`);
}

function quantity(value: unknown, bits: 64 | 256, type: string): bigint {
  if (typeof value !== 'string') throw invalidValue(`json: cannot unmarshal non-string into Go value of type ${type}`);
  return quantityOf(value, bits);
}

export function readUint64(value: unknown): bigint {
  return quantity(value, 64, 'hexutil.Uint64');
}

export function readBig(value: unknown): bigint {
  return quantity(value, 256, '*hexutil.Big');
}

export function readIndex(value: unknown): number {
  const index = quantity(value, 64, 'hexutil.Uint');
  return index > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(index); // beyond any list either way
}

export function readData(value: unknown): Bytes {
  if (typeof value !== 'string') throw invalidValue('json: cannot unmarshal non-string into Go value of type hexutil.Bytes');
  const digits = digitsOf(value);
  if (digits.length % 2 !== 0) throw invalidValue('hex string of odd length');
  if (digits.length > 2 * MAX_DATA_BYTES) throw invalidValue('data too long');
  return fromHex(digits);
}

/** Bytes in base64, with padding. */
export function readBase64(value: unknown): Bytes {
  const text = readString(value);
  if (text.length % 4 !== 0 || !BASE64.test(text)) throw invalidValue('illegal base64 data');
  return Buffer.from(text, 'base64');
}

function fixed(value: unknown, length: number, type: string): Bytes {
  if (typeof value !== 'string') throw invalidValue(`json: cannot unmarshal non-string into Go value of type ${type}`);
  const digits = digitsOf(value);
  if (digits.length !== 2 * length) throw invalidValue(`hex string has length ${digits.length}, want ${2 * length} for ${type}`);
  return fromHex(digits);
}

/** 20 bytes. */
export function readAddress(value: unknown): Bytes {
  return fixed(value, 20, 'common.Address');
}

/** 32 bytes. */
export function readHash(value: unknown): Bytes {
  return fixed(value, 32, 'common.Hash');
}

export function readBoolean(value: unknown): boolean {
  if (typeof value !== 'boolean') throw refuse(value, 'bool');
  return value;
}

/** A plain JSON number, of an unsigned integer. */
export function readNumber(value: unknown): number {
  if (typeof value !== 'number') throw refuse(value, 'uint64');
  if (!Number.isSafeInteger(value) || value < 0) throw invalidValue(`json: cannot unmarshal number ${value} into Go value of type uint64`);
  return value;
}

/** A plain JSON number, of an integer with a sign. */
export function readInteger(value: unknown): number {
  if (typeof value !== 'number') throw refuse(value, 'int');
  if (!Number.isSafeInteger(value)) throw invalidValue(`json: cannot unmarshal number ${value} into Go value of type int`);
  return value;
}

export function readString(value: unknown): string {
  if (typeof value !== 'string') throw refuse(value, 'string');
  return value;
}

export function readObject(value: unknown, type: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse(value, type);
  return value as Record<string, unknown>;
}

/** Reads fields of an object by their names; those that are absent or null are undefined. */
export function fieldsOf(value: unknown, type: string): <T>(name: string, read: (value: unknown) => T) => T | undefined {
  const fields = readObject(value, type);
  return (name, read) => {
    const given = fields[name];
    return given === undefined || given === null ? undefined : read(given);
  };
}

/** Storage slot: any hex string, of which the right-most 32 bytes count. */
export function readSlot(value: unknown): bigint {
  const text = readString(value);
  const digits = text.startsWith('0x') ? text.slice(2) : text;
  return HEX.test(digits) && digits !== '' ? BigInt.asUintN(256, BigInt(`0x${digits.slice(-64)}`)) : 0n;
}
