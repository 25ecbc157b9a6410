/**
 * Values as a common printer of Go programs lays them out, without what only tells of the program's memory: addresses and
 * capacities. A value is a list of lines, of which the first begins with its type.
 */
import { hexOf, type Bytes } from '../../base/bytes.ts';

export type Dumped = readonly string[];

const BYTES_PER_LINE = 16;

export function plain(type: string, text: string): Dumped {
  return [`(${type}) ${text}`];
}

/** With its own way to be written. */
export function sized(type: string, length: number, text: string): Dumped {
  return [`(${type}) (len=${length}) ${text}`];
}

/** What a pointer leads to; null for none. */
export function pointed(type: string, text: string | null): Dumped {
  return [`(*${type})(${text ?? '<nil>'})`];
}

export function pointedStruct(type: string, fields: readonly (readonly [name: string, value: Dumped])[]): Dumped {
  return braced(`(*${type})(`, withCommas(fields.map(named)), ')');
}

export function struct(type: string, fields: readonly (readonly [name: string, value: Dumped])[]): Dumped {
  return braced(`(${type}) `, withCommas(fields.map(named)), '');
}

export function list(type: string, items: readonly Dumped[]): Dumped {
  return braced(`(${type}) ${lengthOf(items)}`, withCommas(items), '');
}

/** In hexadecimal digits and characters. */
export function dumpedBytes(type: string, bytes: Bytes): Dumped {
  const lines = Array.from({ length: Math.ceil(bytes.length / BYTES_PER_LINE) }, (_, i) => lineOfBytes(i * BYTES_PER_LINE, bytes.subarray(i * BYTES_PER_LINE, (i + 1) * BYTES_PER_LINE)));
  return braced(`(${type}) ${lengthOf(bytes)}`, lines, '');
}

function lengthOf({ length }: { readonly length: number }): string {
  return length === 0 ? '' : `(len=${length}) `;
}

function named([name, [first = '', ...rest]]: readonly [name: string, value: Dumped]): Dumped {
  return [`${name}: ${first}`, ...rest];
}

function withCommas(values: readonly Dumped[]): Dumped {
  return values.flatMap((lines, i) => (i === values.length - 1 ? lines : [...lines.slice(0, -1), `${lines.at(-1) ?? ''},`]));
}

function braced(head: string, lines: Dumped, tail: string): Dumped {
  return [`${head}{`, ...lines.map((line) => ` ${line}`), `}${tail}`];
}

function lineOfBytes(offset: number, bytes: Bytes): string {
  const digits = Array.from(bytes, (byte) => hexOf(Uint8Array.of(byte)));
  const halves = `${digits.slice(0, 8).join(' ').padEnd(23)}  ${digits.slice(8).join(' ').padEnd(23)}`;
  const characters = String.fromCharCode(...bytes).replace(/[^ -~]/g, '.');
  return `${offset.toString(16).padStart(8, '0')}  ${halves}  |${characters}|`;
}
