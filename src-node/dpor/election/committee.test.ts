import { describe, expect, it } from 'vitest';
import { fromBigInt, toHex } from '../../base/bytes.ts';
import { network } from '../../networks/network.ts';
import { DEFAULT_SEAT_RULES, electCommittee, electionSeed } from './committee.ts';

const mainnet = { termLen: 12, proposers: network('mainnet').proposers };
const candidates = Array.from({ length: 40 }, (_, i) => ({ address: fromBigInt(BigInt(i + 1), 20), reputation: 1000 + 37 * i }));

describe('the committee of a large network', () => {
  it('keeps to the bounds, whatever the contract says', () => {
    const proposers = electCommittee({ candidates, seed: -7n, rules: { totalSeats: 100, lowSeats: 9, lowPercentage: 70 } }, mainnet);
    expect(proposers.map(toHex)).toEqual(electCommittee({ candidates, seed: -7n, rules: DEFAULT_SEAT_RULES }, mainnet).map(toHex));
    expect(proposers).toHaveLength(12);
  });

  it('has one default proposer in every three', () => {
    const defaults = new Set(mainnet.proposers.map(toHex));
    for (const seed of [0n, 1n, -1n, 2n ** 63n - 1n]) {
      const proposers = electCommittee({ candidates, seed, rules: DEFAULT_SEAT_RULES }, mainnet).map(toHex);
      for (let i = 0; i < 12; i += 3) expect(proposers.slice(i, i + 3).filter((one) => defaults.has(one))).toHaveLength(1);
      expect(new Set(proposers).size).toBe(12);
    }
  });

  it('is made of default proposers when there are too few candidates', () => {
    const proposers = electCommittee({ candidates: candidates.slice(0, 7), seed: 5n, rules: DEFAULT_SEAT_RULES }, mainnet).map(toHex);
    expect(proposers.toSorted()).toEqual(mainnet.proposers.map(toHex).sort());
  });
});

it('takes its seed from the end of the hash, with its sign', () => {
  expect(electionSeed(fromBigInt(2n ** 64n - 1n, 32))).toBe(-1n);
  expect(electionSeed(fromBigInt((1n << 200n) + 5n, 32))).toBe(5n);
});
