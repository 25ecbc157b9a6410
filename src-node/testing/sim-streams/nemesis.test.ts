import { expect, it } from 'vitest';
import { FAULTS, rounds, type Round } from './nemesis.ts';

function first(seed: number, count: number): readonly Round[] {
  const all = rounds({ seed, brokers: 3, gateways: 2, publishers: 2, readers: 2 });
  return Array.from({ length: count }, () => all.next().value);
}

it('does the same for the same seed, and every fault to brokers and gateways within four rounds', () => {
  expect(first(5, 20)).toEqual(first(5, 20));
  expect(first(5, 20)).not.toEqual(first(6, 20));
  expect(new Set(first(5, 4).map(({ brokerFault }) => brokerFault))).toEqual(new Set(FAULTS));
  expect(new Set(first(5, 4).map(({ gatewayFault }) => gatewayFault))).toEqual(new Set(FAULTS));
});
