import { beforeAll, describe, expect, it } from 'vitest';
import { fromHex, toHex, type Bytes } from '../base/bytes.ts';
import { isCoded } from '../base/errors.ts';
import type { Chain } from '../chain/chain.ts';
import { BufferedStore } from '../db/buffered-store.ts';
import { MemoryStore } from '../db/memory-store.ts';
import { network } from '../networks/network.ts';
import { decodeBlock, encodeBlock } from '../primitives/block.ts';
import { blocksIn, testChain } from '../testing/chains.ts';
import { readVector, readVectorJson } from '../testing/vectors.ts';

interface ImportCase {
  readonly name: string;
  readonly parentNumber: number;
  readonly blockRlp: string;
  readonly hash: string;
  readonly accepted: boolean;
}

/** Accepted by the reference and refused here: blocks that no honest committee makes (docs/protocol/06 §8.1, §13). */
const REFUSED: Readonly<Record<string, string>> = {
  '2 distinct commit signatures, one repeated in a third slot': 'BAD_SIGNATURES',
  '1 commit signature repeated in 3 slots': 'BAD_SIGNATURES',
  'commit signatures in reversed slots': 'BAD_SIGNATURES',
  '8 signature slots, 4 filled': 'BAD_SIGNATURES',
  'seal removed (not covered by hash)': 'BAD_SEAL',
  'seal by another proposer': 'BAD_SEAL',
  'proposers list rotated, re-signed': 'BAD_PROPOSERS',
  'proposers list empty, re-signed': 'BAD_PROPOSERS',
  'validators list of 4 set, re-signed': 'BAD_HEADER',
  'coinbase set to another proposer, state root recomputed, re-signed by coinbase': 'BAD_SEAL',
  'impeach: proposers list empty': 'BAD_PROPOSERS',
};

const { cases } = readVectorJson<{ readonly cases: readonly ImportCase[] }>('blocks/import-cases.json');
const chainBlocks = blocksIn(readVector('blocks/dev-chain.rlp'));

/** The chain up to each parent, imported once. */
const bases = new Map<number, MemoryStore>();

beforeAll(async () => {
  for (const number of new Set(cases.map(({ parentNumber }) => parentNumber))) {
    const store = new MemoryStore();
    await (await testChain(network('dev'), store)).importBlocks(chainBlocks.slice(0, number + 1));
    bases.set(number, store);
  }
});

/** A chain of its own: what is written over the base is never flushed into it. */
function chainUpTo(number: number): Promise<Chain> {
  return testChain(network('dev'), new BufferedStore(bases.get(number) ?? new MemoryStore()));
}

/** 'accepted', or the code of the refusal and the number of its block. */
async function verdict(chain: Chain, block: Bytes): Promise<string> {
  try {
    await chain.importBlocks([block]);
    return 'accepted';
  } catch (error) {
    if (!isCoded(error)) throw error;
    return `${error.code} ${String(error.meta['block'])}`;
  }
}

describe('altered blocks', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const chain = await chainUpTo(one.parentNumber);
    const block = decodeBlock(fromHex(one.blockRlp));
    const result = await verdict(chain, fromHex(one.blockRlp));
    const refusal = REFUSED[one.name];
    if (refusal !== undefined) expect(result).toBe(`${refusal} ${block.header.number.toString()}`);
    else if (one.accepted) expect([result, toHex(chain.head.hash)]).toEqual(['accepted', one.hash]);
    else expect(result).toMatch(new RegExp(`^(BAD_|NOT_CONNECTED).* ${block.header.number.toString()}$`));
    if (result !== 'accepted') expect(chain.head.header.number).toBe(BigInt(one.parentNumber));
  });

  it('has a case for every refusal named here', () => {
    const names = new Set(cases.map(({ name }) => name));
    expect(Object.keys(REFUSED).filter((name) => !names.has(name))).toEqual([]);
  });

  it('refuses a flipped byte in any signature of a block that has more than enough', async () => {
    const one = cases.find(({ name }) => name === 're-signed by all 4 validators');
    const block = decodeBlock(fromHex(one?.blockRlp ?? ''));
    const chain = await chainUpTo(one?.parentNumber ?? 0);
    for (const slot of [0, 1, 2, 3]) {
      const sigs = block.header.dpor.sigs.map((signature, i) => (i === slot ? signature.map((byte, at) => (at === 10 ? byte ^ 1 : byte)) : signature));
      const altered = { ...block, header: { ...block.header, dpor: { ...block.header.dpor, sigs } } };
      expect(await verdict(chain, encodeBlock(altered))).toBe('BAD_SIGNATURES 201');
    }
    expect(await verdict(chain, encodeBlock(block))).toBe('accepted');
  });
});
