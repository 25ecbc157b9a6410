import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../base/bytes.ts';
import { decodeBlock } from '../../primitives/block.ts';
import { headerHash } from '../../primitives/header.ts';
import { encodeReceipt } from '../../primitives/receipt.ts';
import { decodeTransaction, senderOf } from '../../primitives/transaction.ts';
import { readVectorJson } from '../../testing/vectors.ts';
import { executeBlock } from './block.ts';
import { blockContextOf } from './block-context.ts';
import { GasPool } from './gas-pool.ts';
import { blockReward } from './reward.ts';
import { preState, type RecordedAccount } from './testing/pre-state.ts';
import { applyTransaction } from './transaction.ts';

interface RecordedBlock {
  /** The author. */
  readonly P: string;
  readonly block: { readonly rlp: string; readonly hash: string };
  readonly genesis: { readonly alloc: Readonly<Record<string, RecordedAccount>>; readonly stateRoot: string; readonly hash: string };
  readonly txs: readonly { readonly note: string; readonly rlp: string; readonly gasUsed: number; readonly receiptRlp: string; readonly stateRootAfter: string }[];
}

const DEV_CHAIN = 41n;

describe('a block of eleven kinds of transactions', () => {
  const recorded = readVectorJson<RecordedBlock>('chain/block-of-eleven.json');
  const block = decodeBlock(fromHex(recorded.block.rlp));
  const author = fromHex(recorded.P);
  const blockHash = (): Uint8Array => fromHex(recorded.genesis.hash);

  it('gives the recorded state root and receipt after each of them', () => {
    const state = preState(recorded.genesis.alloc);
    expect(toHex(state.root())).toBe(recorded.genesis.stateRoot);
    const evmBlock = blockContextOf(block.header, author, blockHash);
    const gasPool = new GasPool(block.header.gasLimit);
    for (const expected of recorded.txs) {
      const tx = decodeTransaction(fromHex(expected.rlp));
      const { receipt, gasUsed } = applyTransaction({ state, evmBlock, gasPool, tx, sender: senderOf(tx, DEV_CHAIN) });
      expect({ note: expected.note, gasUsed: Number(gasUsed), receipt: toHex(encodeReceipt(receipt)), root: toHex(state.root()) }).toEqual({
        note: expected.note,
        gasUsed: expected.gasUsed,
        receipt: expected.receiptRlp,
        root: expected.stateRootAfter,
      });
    }
  });

  it('adds up to what its header says', () => {
    const senders = block.transactions.map((tx) => senderOf(tx, DEV_CHAIN));
    const outcome = executeBlock({ block, state: preState(recorded.genesis.alloc), senders, author, blockHash });
    expect(toHex(headerHash(block.header))).toBe(recorded.block.hash);
    expect(outcome.gasUsed).toBe(block.header.gasUsed);
    expect(toHex(outcome.logsBloom)).toBe(toHex(block.header.logsBloom));
    expect(toHex(outcome.receiptsRoot)).toBe(toHex(block.header.receiptsRoot));
    expect(toHex(outcome.stateRoot)).toBe(toHex(block.header.stateRoot));
  });
});

describe('blockReward', () => {
  const { rewards, afterLast } = readVectorJson<{ rewards: readonly { firstBlock: string; lastBlock: string; rewardWei: string }[]; afterLast: string }>('chain/reward-gaslimit.json');

  it('falls at the recorded blocks and ends after five years', () => {
    for (const { firstBlock, lastBlock, rewardWei } of rewards) {
      expect(String(blockReward(BigInt(firstBlock)))).toBe(rewardWei);
      expect(String(blockReward(BigInt(lastBlock)))).toBe(rewardWei);
    }
    expect(String(blockReward(BigInt(rewards.at(-1)?.lastBlock ?? 0) + 1n))).toBe(afterLast);
  });
});
