import { describe, expect, it } from 'vitest';
import { fromHex, hexOf, toHex } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { silentLogger } from '../base/logger.ts';
import { MemoryStore } from '../db/memory-store.ts';
import { network } from '../networks/network.ts';
import { decodeBlock, encodeBlock } from '../primitives/block.ts';
import { transactionHash } from '../primitives/transaction.ts';
import { blocksIn, testChain } from '../testing/chains.ts';
import { readVector, readVectorLines } from '../testing/vectors.ts';
import { Chain } from './chain.ts';
import { BlockExaminer } from './examination/block-examiner.ts';

interface RecordedBlock {
  readonly number: number;
  readonly hash: string;
  readonly txs: readonly { readonly hash: string }[];
}

/** A store that notes what is put into it. */
function noting(content: Map<string, string>): MemoryStore {
  const store = new MemoryStore();
  const batch = store.batch.bind(store);
  store.batch = () => {
    const inner = batch();
    return { ...inner, put: (name, value) => { content.set(hexOf(name), hexOf(value)); inner.put(name, value); } };
  };
  return store;
}

describe('the recorded dev chain', async () => {
  const chain = await testChain(network('dev'));
  const file = blocksIn(readVector('blocks/dev-chain.rlp'));
  const summary = await chain.importBlocks(file);
  const recorded = readVectorLines<RecordedBlock>('blocks/dev-blocks.jsonl');

  it('finds every transaction and its receipt', () => {
    for (const block of recorded) {
      block.txs.forEach(({ hash }, index) => {
        const found = chain.transactionByHash(fromHex(hash));
        expect(found).toMatchObject({ blockNumber: BigInt(block.number), index });
        expect(found === undefined ? '' : toHex(transactionHash(found.transaction))).toBe(hash);
        expect(toHex(chain.receiptByHash(fromHex(hash))?.transactionHash ?? new Uint8Array())).toBe(hash);
      });
    }
    expect(chain.transactionByHash(new Uint8Array(32))).toBeUndefined();
  });

  const faucet = fromHex('0xb3801b8743dea10c30b0c21cae8b1923d9625f84');
  const balanceAt = (of: Chain, number: number): bigint => of.stateAt(of.headerByNumber(BigInt(number))?.stateRoot ?? new Uint8Array(32)).balanceOf(faucet);

  it('keeps the state of every block in an archive, and else those of the last ones, however the blocks came', async () => {
    const archive = await testChain(network('dev'), new MemoryStore(), { archive: true });
    await archive.importBlocks(file);
    const balances = recorded.map(({ number }) => balanceAt(archive, number));
    expect(balances[0]).toBe(800_000_000n * 10n ** 18n);
    expect(new Set(balances).size).toBeGreaterThan(10);
    // what an import left to be removed goes with those that follow
    for (const pieces of [[383, 1, 1], [1, 130, 252, 1, 1], new Array<number>(385).fill(1)]) {
      const store = new MemoryStore();
      const grown = await testChain(network('dev'), store);
      let at = 0;
      for (const size of pieces) await grown.importBlocks(file.slice(at, (at += size)));
      const pruned = await testChain(network('dev'), store); // has no node in memory
      expect(recorded.slice(-128).map(({ number }) => balanceAt(pruned, number))).toEqual(balances.slice(-128));
      for (const number of [0, 100, 200]) expect(() => balanceAt(pruned, number)).toThrow(expect.objectContaining({ code: 'STATE_MISSING' }));
    }
  });

  it('keeps all before a block that leads to another state than it says, wherever it stands', async () => {
    const at = 210;
    const { header, transactions } = decodeBlock(file[at] ?? new Uint8Array());
    const bad = encodeBlock({ header: { ...header, stateRoot: new Uint8Array(32) }, transactions });
    const open = (): Promise<Chain> =>
      Chain.open({ network: network('dev') }, { store: new MemoryStore(), verifier: { verify: () => undefined }, examiner: new BlockExaminer({ chainId: 41n, workers: 0 }), logger: silentLogger });
    const good = await open();
    await good.importBlocks(file.slice(0, at));
    for (const later of [0, 5, 170]) {
      const stopped = await open();
      await expect(stopped.importBlocks([...file.slice(0, at), bad, ...file.slice(at + 1, at + 1 + later)])).rejects.toMatchObject({ code: 'BAD_STATE_ROOT', meta: { block: at } });
      expect(hexOf(stopped.head.hash)).toBe(hexOf(good.head.hash));
      expect(balanceAt(stopped, at - 1)).toBe(balanceAt(good, at - 1));
      await stopped.importBlocks(file.slice(at));
      expect(hexOf(stopped.head.hash)).toBe(hexOf(chain.head.hash));
    }
  });

  it('opens at the last block with a state when the blocks after it cannot be executed again', async () => {
    let asked = 0;
    const verify = (): void => {
      if (++asked > 210) throw new CodedError('DATABASE_ERROR', 'The database could not be read or written.');
    };
    const store = new MemoryStore();
    const modules = { store, examiner: new BlockExaminer({ chainId: 41n, workers: 0 }), logger: silentLogger };
    const broken = await Chain.open({ network: network('dev') }, { ...modules, verifier: { verify } });
    await expect(broken.importBlocks(file)).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
    expect(broken.refused).toEqual([]); // no block is to blame
    const opened = await testChain(network('dev'), store);
    expect(opened.head.header.number).toBeLessThan(210n);
    expect(opened.stateAt(opened.head.header.stateRoot).balanceOf(faucet)).toBeGreaterThan(0n);
    await opened.importBlocks(file);
    expect(hexOf(opened.head.hash)).toBe(hexOf(chain.head.hash));
  });

  it('stays an archive when it is opened without a word of it', async () => {
    const store = new MemoryStore();
    await (await testChain(network('dev'), store, { archive: true })).importBlocks(file.slice(0, 100));
    await (await testChain(network('dev'), store)).importBlocks(file);
    const opened = await testChain(network('dev'), store);
    for (const number of [0, 50, 150, 250, 384]) expect(balanceAt(opened, number)).toBeGreaterThan(0n);
  });

  it('leaves the same bytes in the store, however the blocks were handed over', async () => {
    const contentOf = async (pieces: readonly number[]): Promise<ReadonlyMap<string, string>> => {
      const content = new Map<string, string>();
      const piecemeal = await testChain(network('dev'), noting(content));
      let at = 0;
      for (const size of [...pieces, 120]) {
        await piecemeal.importBlocks(file.slice(at, Math.min(120, at + size)));
        at += size;
      }
      expect(piecemeal.head.header.number).toBe(119n);
      return content;
    };
    const whole = await contentOf([]);
    expect(whole.size).toBeGreaterThan(500);
    expect(await contentOf([1, 1, 7, 30, 2])).toEqual(whole);
    expect(await contentOf(new Array<number>(119).fill(1))).toEqual(whole);
  });

  it('passes over blocks that it has', async () => {
    expect(summary).toEqual({ blocks: 384, transactions: 209 });
    expect(await chain.importBlocks(file)).toEqual({ blocks: 0, transactions: 0 });
  });

  it('takes no block of another network', async () => {
    await expect(chain.importBlocks(blocksIn(readVector('blocks/mini-chain.rlp')))).rejects.toMatchObject({ code: 'BLOCK_CONFLICT', meta: { block: 0 } });
  });
});
