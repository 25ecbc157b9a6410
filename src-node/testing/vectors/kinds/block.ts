import { fromHex, toHex } from '../../../base/bytes.ts';
import { blockContextOf } from '../../../chain/execution/block-context.ts';
import { executeBlock } from '../../../chain/execution/block.ts';
import { GasPool } from '../../../chain/execution/gas-pool.ts';
import { preState, type RecordedAccount } from '../../../chain/execution/testing/pre-state.ts';
import { applyTransaction } from '../../../chain/execution/transaction.ts';
import { decodeBlock } from '../../../primitives/block.ts';
import { headerHash } from '../../../primitives/header.ts';
import { encodeReceipt } from '../../../primitives/receipt.ts';
import { decodeTransaction, senderOf } from '../../../primitives/transaction.ts';
import { stateDumpCases, type StateDump } from '../state-dump.ts';
import { objectKind, same } from '../vector-kind.ts';

interface Recorded {
  /** The author. */
  readonly P: string;
  readonly block: { readonly rlp: string; readonly hash: string };
  readonly genesis: { readonly alloc: Readonly<Record<string, RecordedAccount>>; readonly stateRoot: string; readonly hash: string };
  readonly txs: readonly { readonly note: string; readonly rlp: string; readonly gasUsed: number; readonly receiptRlp: string; readonly stateRootAfter: string }[];
  readonly finalState: StateDump;
}

const CHAIN_ID = 41n;

/** One block over a state of its own, transaction by transaction and as a whole. */
export const block = objectKind<Recorded>('block', ['P', 'block', 'genesis', 'txs', 'finalState'], function* (recorded) {
  const { header, transactions } = decodeBlock(fromHex(recorded.block.rlp));
  const author = fromHex(recorded.P);
  const blockHash = (): Uint8Array => fromHex(recorded.genesis.hash);
  const state = preState(recorded.genesis.alloc);
  yield same('state before', () => toHex(state.root()), recorded.genesis.stateRoot);
  const evmBlock = blockContextOf(header, author, blockHash);
  const gasPool = new GasPool(header.gasLimit);
  for (const { note, rlp, gasUsed, receiptRlp, stateRootAfter } of recorded.txs) {
    yield same(`transaction: ${note}`, () => {
      const tx = decodeTransaction(fromHex(rlp));
      const outcome = applyTransaction({ state, evmBlock, gasPool, tx, sender: senderOf(tx, CHAIN_ID) });
      return { gasUsed: Number(outcome.gasUsed), receipt: toHex(encodeReceipt(outcome.receipt)), root: toHex(state.root()) };
    }, { gasUsed, receipt: receiptRlp, root: stateRootAfter });
  }
  yield same('hash', () => toHex(headerHash(header)), recorded.block.hash);
  yield same('what its header says', () => {
    const senders = transactions.map((tx) => senderOf(tx, CHAIN_ID));
    const { gasUsed, logsBloom, receiptsRoot, stateRoot } = executeBlock({ block: { header, transactions }, state: preState(recorded.genesis.alloc), senders, author, blockHash });
    return { gasUsed, logsBloom: toHex(logsBloom), receiptsRoot: toHex(receiptsRoot), stateRoot: toHex(stateRoot) };
  }, { gasUsed: header.gasUsed, logsBloom: toHex(header.logsBloom), receiptsRoot: toHex(header.receiptsRoot), stateRoot: toHex(header.stateRoot) });
  yield* stateDumpCases(recorded.finalState);
});
