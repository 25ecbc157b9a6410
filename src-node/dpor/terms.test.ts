import { expect, it } from 'vitest';
import type { NetworkName } from '../networks/network-config.ts';
import { network } from '../networks/network.ts';
import { hasDefaultProposers } from './terms.ts';

it('has default proposers until term 5 on mainnet and term 15 on dev', () => {
  const terms = (name: NetworkName): bigint[] => Array.from({ length: 30 }, (_, term) => BigInt(term)).filter((term) => hasDefaultProposers(term, network(name).dpor));
  expect([terms('mainnet').at(-1), terms('dev').at(-1)]).toEqual([5n, 15n]);
});
