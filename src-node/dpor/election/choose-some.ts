import { invariant } from '../../base/errors.ts';
import { GoRandom } from './go-random.ts';

/** `count` items in the order in which they are drawn; all of them, unmoved, when that is how many there are (docs/protocol/06 §5.2). */
export function chooseSome<Item>(items: readonly Item[], seed: bigint, count: number): readonly Item[] {
  if (items.length === count) return items;
  invariant(items.length > count, 'There are at least as many to choose from as are to be chosen.');
  const random = new GoRandom(seed);
  const rest = [...items];
  return Array.from({ length: count }, () => rest.splice(random.intn(rest.length), 1)).flat();
}
