import { GoRandom } from '../../../dpor/election/go-random.ts';
import { recordsKind, same } from '../vector-kind.ts';

interface Recorded {
  readonly seed: string;
  /** From a generator that is seeded anew, as every list. */
  readonly int63: readonly string[];
  readonly int63_1001st: string;
  readonly int63n_3000: readonly (string | number)[];
  readonly int63n_2pow62_plus_12345: readonly (string | number)[];
  readonly intn_12_minus_i: readonly (string | number)[];
}

export const randomNumbers = recordsKind<Recorded>('random numbers', ['seed', 'int63', 'int63_1001st', 'intn_12_minus_i'], function* (recorded) {
  const { seed } = recorded;
  const drawn = (count: number, draw: (random: GoRandom, i: number) => bigint | number): string[] => {
    const random = new GoRandom(BigInt(seed));
    return Array.from({ length: count }, (_, i) => String(draw(random, i)));
  };
  yield same(`seed ${seed}: 63 bits`, () => drawn(recorded.int63.length, (random) => random.int63()), recorded.int63);
  yield same(`seed ${seed}: the 1001st`, () => drawn(1001, (random) => random.int63()).at(-1), recorded.int63_1001st);
  yield same(`seed ${seed}: below 3000`, () => drawn(recorded.int63n_3000.length, (random) => random.int63n(3000n)), recorded.int63n_3000.map(String));
  yield same(`seed ${seed}: below 2^62 + 12345`, () => drawn(recorded.int63n_2pow62_plus_12345.length, (random) => random.int63n(2n ** 62n + 12_345n)), recorded.int63n_2pow62_plus_12345.map(String));
  yield same(`seed ${seed}: below 12, 11, …`, () => drawn(recorded.intn_12_minus_i.length, (random, i) => random.intn(12 - i)), recorded.intn_12_minus_i.map(String));
});
