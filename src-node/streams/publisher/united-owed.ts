import { SeqSet } from '../gateway/seq-set.ts';
import type { Subscriber } from '../gateway/wire.ts';

/**
 * Messages that one channel was given by all gateways together. Each counts from 0 what it delivered itself, so what several name
 * counts once; what a gateway delivered and names no longer is all counted.
 */
export function unitedOwed(gateways: Iterable<Pick<Subscriber, 'owed' | 'delivered'>>): bigint {
  const union = new SeqSet();
  let unnamed = 0n;
  for (const { owed, delivered } of gateways) {
    const named = new SeqSet(delivered);
    if (owed > named.size) unnamed += owed - named.size;
    for (const [from, end] of named.spans()) union.add(from, end);
  }
  return unnamed + union.size;
}
