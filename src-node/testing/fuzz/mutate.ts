import { concat, type Bytes } from '../../base/bytes.ts';
import type { Random } from './random.ts';

/** Longer inputs find nothing that shorter ones do not. */
const LONGEST = 64 * 1024;
/** Where lengths and integers change their form. */
const EDGES = [0x00, 0x01, 0x7f, 0x80, 0x81, 0xb7, 0xb8, 0xbf, 0xc0, 0xc1, 0xf7, 0xf8, 0xff, 0x22, 0x5b, 0x5d, 0x7b, 0x7d, 0x2c, 0x30, 0x39, 0x65];

type Mutation = (input: Bytes, random: Random, others: readonly Bytes[]) => Bytes;

const replaced = (input: Bytes, at: number, length: number, by: Bytes): Bytes => concat(input.subarray(0, at), by, input.subarray(Math.min(input.length, at + length)));
const bytes = (random: Random, length: number): Bytes => Uint8Array.from({ length }, () => random.below(256));
const place = (input: Bytes, random: Random): number => random.below(input.length + 1);

const MUTATIONS: readonly Mutation[] = [
  (input, random) => replaced(input, place(input, random), 1, Uint8Array.of(random.pick(EDGES))),
  (input, random) => {
    const out = input.slice();
    const at = random.below(Math.max(1, out.length));
    if (out.length > 0) out[at] = (out[at] ?? 0) ^ (1 << random.below(8));
    return out;
  },
  (input, random) => replaced(input, place(input, random), 0, bytes(random, 1 + random.below(8))),
  (input, random) => replaced(input, place(input, random), 1 + random.below(8), new Uint8Array()),
  (input, random) => input.slice(0, place(input, random)),
  (input, random) => {
    const at = place(input, random);
    const part = input.subarray(at, at + 1 + random.below(64));
    return replaced(input, place(input, random), 0, part);
  },
  (input, random) => {
    const at = place(input, random);
    const part = input.subarray(at, at + 1 + random.below(4));
    return replaced(input, at, 0, concat(...Array.from({ length: 1 + random.below(200) }, () => part)));
  },
  (input, random, others) => {
    const other = random.pick(others);
    const at = place(other, random);
    return replaced(input, place(input, random), random.below(64), other.subarray(at, at + random.below(256)));
  },
];

/** An input that begins as a seed and is changed a few times; one in fifty is all chance. */
export function mutated(seeds: readonly Bytes[], random: Random): Bytes {
  if (random.below(50) === 0) return bytes(random, random.below(300));
  let input = random.pick(seeds);
  for (let count = random.below(5); count >= 0; count--) input = random.pick(MUTATIONS)(input, random, seeds);
  return input.slice(0, LONGEST);
}
