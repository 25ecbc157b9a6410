/** debug: executions step by step, as long as the state before them is kept (docs/protocol/05 §5). */
import { hexOf } from '../../base/bytes.ts';
import type { Chain } from '../../chain/chain.ts';
import type { BlockReplay } from '../../chain/execution/block-replay.ts';
import type { Block } from '../../primitives/block.ts';
import type { RpcBackend } from '../backend.ts';
import { blockOf, blockOfHash } from '../blocks.ts';
import { BLOCK_TAG, HASH, TRACE_OPTIONS } from '../parameters/index.ts';
import type { TraceOptions } from '../parameters/trace-options.ts';
import { rpcError } from '../protocol/errors.ts';
import { method, type RpcMethod } from '../protocol/method.ts';
import { TraceView } from '../views/trace-view.ts';
import { replayOf } from './replay.ts';
import { sizeLimit } from './size-limit.ts';
import { timeLimit } from './time-limit.ts';

export function traceMethods({ chain }: Pick<RpcBackend, 'chain'>): RpcMethod[] {
  return [
    method('debug_traceTransaction', [HASH, TRACE_OPTIONS], ([hash, options]) => {
      const found = chain.transactionByHash(hash);
      const block = found === undefined ? undefined : chain.blockByHash(found.blockHash);
      if (found === undefined || block === undefined) throw rpcError('CALL_FAILED', `transaction ${hexOf(hash)} not found`);
      const limits = traceLimits();
      const replay = replayOf(chain, block, limits.checkpoint);
      replay.skipTo(found.index);
      return traceOf(replay, found.index, options, limits);
    }),
    method('debug_traceBlockByNumber', [BLOCK_TAG, TRACE_OPTIONS], ([tag, options]) => {
      const found = blockOf(chain, tag);
      if (found === undefined) throw rpcError('CALL_FAILED', `block #${String(tag)} not found`);
      return tracesOf(chain, found.block, options);
    }),
    method('debug_traceBlockByHash', [HASH, TRACE_OPTIONS], ([hash, options]) => {
      const found = blockOfHash(chain, hash);
      if (found === undefined) throw rpcError('CALL_FAILED', `block #${hexOf(hash)} not found`);
      return tracesOf(chain, found.block, options);
    }),
  ];
}

interface TraceLimits {
  readonly checkpoint: () => void;
  readonly grow: (characters: number) => void;
}

function traceLimits(): TraceLimits {
  return { checkpoint: timeLimit(), grow: sizeLimit('leave out memory, stack or storage, or give a limit') };
}

function tracesOf(chain: Chain, block: Block, options: TraceOptions): readonly object[] {
  const limits = traceLimits();
  const replay = replayOf(chain, block, limits.checkpoint);
  return block.transactions.map((_, index) => ({ result: traceOf(replay, index, options, limits) }));
}

/** The transactions before it are executed. */
function traceOf(replay: BlockReplay, index: number, options: TraceOptions, { checkpoint, grow }: TraceLimits): object {
  const view = new TraceView(options, grow);
  const outcome = replay.execute(index, (step) => {
    checkpoint();
    view.add(step);
  });
  return view.view(outcome);
}
