import { describe, expect, it } from 'vitest';
import { toHex } from '../base/bytes.ts';
import { systemClock } from '../base/clock.ts';
import { silentLogger } from '../base/logger.ts';
import type { Chain } from '../chain/chain.ts';
import { MemoryStore } from '../db/memory-store.ts';
import { network } from '../networks/network.ts';
import { practiceKeys } from '../networks/practice.ts';
import { blocksIn, testChain } from '../testing/chains.ts';
import { scaledClock } from '../testing/scaled-clock.ts';
import { readVector } from '../testing/vectors.ts';
import { CommitteeSealer } from './committee-sealer.ts';
import { Snapshots, type Snapshot } from './snapshots.ts';

const blocks = blocksIn(readVector('blocks/dev-chain.rlp'));
const dev = network('dev');
const defaults = dev.proposers.map(toHex);

async function chainOf(length: number, archive: boolean): Promise<Chain> {
  const chain = await testChain(dev, new MemoryStore(), { archive });
  await chain.importBlocks(blocks.slice(0, length));
  return chain;
}

function snapshotAt(chain: Chain, number: bigint): Snapshot {
  const [header, hash] = [chain.headerByNumber(number), chain.hashAt(number)];
  if (header === undefined || hash === undefined) expect.fail('there is no such block');
  return new Snapshots({ chain }).at({ header, hash });
}
const termsOf = (snapshot: Snapshot): number[] => [...snapshot.proposers.keys()].map(Number);
const proposersIn = (snapshot: Snapshot, term: bigint): string[] | undefined => snapshot.proposers.get(term)?.map(toHex);

// 12 blocks a term; default proposers serve to the term that begins behind block 180, and elections are held from block 156 on.
describe('committees after a block of the recorded chain', () => {
  it('are the default ones, one term ahead, before there are elections', async () => {
    const chain = await chainOf(200, true);
    expect(snapshotAt(chain, 1n)).toMatchObject({ candidates: [], number: 1n });
    for (const [number, terms] of [[1n, 1], [11n, 1], [12n, 2], [155n, 13]] as const) {
      const snapshot = snapshotAt(chain, number);
      expect(termsOf(snapshot)).toEqual(Array.from({ length: terms }, (_, term) => term));
      expect([...snapshot.proposers.values()].every((list) => list.map(toHex).join() === defaults.join())).toBe(true);
      expect([...snapshot.validators.keys()]).toHaveLength(terms);
    }
    expect(snapshotAt(chain, 155n).candidates.map(toHex)).toEqual(dev.candidates.map(toHex));
  });

  it('are elected three terms ahead, whether the term has been served or not', async () => {
    const [young, old] = [await chainOf(205, true), await chainOf(blocks.length, true)];
    for (const number of [180n, 192n, 203n, 204n]) expect(snapshotAt(old, number)).toEqual(snapshotAt(young, number));
    const { proposers, validators } = snapshotAt(old, 204n);
    expect([Math.max(...[...proposers.keys()].map(Number)), Math.max(...[...validators.keys()].map(Number))]).toEqual([19, 17]);
    expect(proposersIn(snapshotAt(old, 204n), 19n)).toEqual(old.headerByNumber(19n * 12n + 1n)?.dpor.proposers.map(toHex));
  });

  it('are elected from the block on whose election is for the first term that the default ones might not serve', async () => {
    const chain = await chainOf(170, true);
    expect([155n, 156n, 168n].map((number) => termsOf(snapshotAt(chain, number)).slice(12))).toEqual([[12], [12, 13, 15], [12, 13, 14, 15, 16]]);
  });

  it('of a term that was elected for and keeps its default proposers change when it begins', async () => {
    const chain = await chainOf(200, true);
    expect(proposersIn(snapshotAt(chain, 179n), 15n)).not.toEqual(defaults);
    expect(proposersIn(snapshotAt(chain, 180n), 15n)).toEqual(defaults);
  });

  it('are named where their states are gone, but for terms that nobody has served', async () => {
    const chain = await chainOf(blocks.length, false);
    expect(() => chain.stateAt(chain.headerByNumber(204n)?.stateRoot ?? new Uint8Array(32)).balanceOf(new Uint8Array(20))).toThrow(expect.objectContaining({ code: 'STATE_MISSING' }));
    expect(termsOf(snapshotAt(chain, 204n))).toHaveLength(20);
  });
});

it('of the practice network stay what they are', async () => {
  const practice = network('practice');
  const chain = await testChain(practice);
  const abort = new AbortController();
  chain.events.on('head', ({ header }) => header.number >= 24n && abort.abort()); // where elections for a term of others would begin
  await new CommitteeSealer({ network: practice, keys: practiceKeys(practice.chainId) }, { chain, clock: scaledClock(100, systemClock.now()), logger: silentLogger, pending: () => [] }).run(abort.signal);
  const { proposers } = new Snapshots({ chain }).at(chain.head);
  const lists = [0n, 1n, 2n].map((term) => [term, practice.proposers.map(toHex)]);
  expect([...proposers].map(([term, list]) => [term, list.map(toHex)])).toEqual(lists);
});
