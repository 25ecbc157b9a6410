/** debug: executions step by step, as long as the state before them is kept (docs/protocol/05 §5). */
import { toHex, type Bytes } from '../../base/bytes.ts';
import type { Chain } from '../../chain/chain.ts';
import { traceTransaction } from '../../chain/execution/trace-transaction.ts';
import type { Block } from '../../primitives/block.ts';
import type { RpcBackend } from '../backend.ts';
import { blockOf, blockOfHash } from '../blocks.ts';
import { BLOCK_TAG, HASH, TRACE_OPTIONS } from '../parameters/index.ts';
import type { TraceOptions } from '../parameters/trace-options.ts';
import { rpcError } from '../protocol/errors.ts';
import { method, type RpcMethod } from '../protocol/method.ts';
import { TraceView } from '../views/trace-view.ts';
import { timeLimit } from './time-limit.ts';

export function traceMethods({ chain }: RpcBackend): RpcMethod[] {
  return [
    method('debug_traceTransaction', [HASH, TRACE_OPTIONS], ([hash, options]) => {
      const found = chain.transactionByHash(hash);
      const block = found === undefined ? undefined : chain.blockByHash(found.blockHash);
      if (found === undefined || block === undefined) throw rpcError('CALL_FAILED', `transaction ${toHex(hash)} not found`);
      return traceOf(chain, block, found.index, options, timeLimit());
    }),
    method('debug_traceBlockByNumber', [BLOCK_TAG, TRACE_OPTIONS], ([tag, options]) => {
      const found = blockOf(chain, tag);
      if (found === undefined) throw rpcError('CALL_FAILED', `block #${String(tag)} not found`);
      return tracesOf(chain, found.block, options);
    }),
    method('debug_traceBlockByHash', [HASH, TRACE_OPTIONS], ([hash, options]) => {
      const found = blockOfHash(chain, hash);
      if (found === undefined) throw rpcError('CALL_FAILED', `block #${toHex(hash)} not found`);
      return tracesOf(chain, found.block, options);
    }),
  ];
}

function tracesOf(chain: Chain, block: Block, options: TraceOptions): readonly object[] {
  const checkpoint = timeLimit();
  return block.transactions.map((_, index) => ({ result: traceOf(chain, block, index, options, checkpoint) }));
}

function traceOf(chain: Chain, block: Block, index: number, options: TraceOptions, checkpoint: () => void): object {
  const parent = chain.headerByHash(block.header.parentHash);
  if (parent === undefined) throw rpcError('CALL_FAILED', `parent ${toHex(block.header.parentHash)} not found`);
  const view = new TraceView(options);
  const args = { block, state: chain.stateAt(parent.stateRoot), chainId: chain.network.chainId, blockHash: (number: bigint): Bytes => chain.hashAt(number) ?? new Uint8Array(32), checkpoint };
  const outcome = traceTransaction(args, index, (step) => {
    checkpoint();
    view.add(step);
  });
  if (outcome === undefined) throw rpcError('CALL_FAILED', 'the block has no such transaction');
  return view.view(outcome);
}
