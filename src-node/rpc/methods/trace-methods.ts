/** debug: executions step by step, as long as the state before them is kept (docs/protocol/05 §5). */
import { hexOf, type Bytes } from '../../base/bytes.ts';
import { isCoded } from '../../base/errors.ts';
import { systemFiles } from '../../base/files.ts';
import type { Chain } from '../../chain/chain.ts';
import { decodeBlock, type Block } from '../../primitives/block.ts';
import type { RpcBackend } from '../backend.ts';
import { blockOf, blockOfHash } from '../blocks.ts';
import { BASE64, BLOCK_TAG, HASH, TEXT, TRACE_OPTIONS } from '../parameters/index.ts';
import type { TraceOptions } from '../parameters/trace-options.ts';
import { rpcError } from '../protocol/errors.ts';
import { method, privateMethod, type RpcMethod } from '../protocol/method.ts';
import { replayOf } from './replay.ts';
import { showingBy, traceOf } from './showing.ts';
import { requireWholePath } from './whole-path.ts';

/** More than the gas of a block pays for. */
const MAX_BLOCK_BYTES = 32 * 1024 * 1024;

export function traceMethods({ chain }: Pick<RpcBackend, 'chain'>): RpcMethod[] {
  return [
    method('debug_traceTransaction', [HASH, TRACE_OPTIONS], ([hash, options]) => {
      const found = chain.transactionByHash(hash);
      const block = found === undefined ? undefined : chain.blockByHash(found.blockHash);
      if (found === undefined || block === undefined) throw rpcError('CALL_FAILED', `transaction ${hexOf(hash)} not found`);
      const showing = showingBy(options);
      const replay = replayOf(chain, block, showing.checkpoint);
      replay.skipTo(found.index);
      return traceOf(replay, found.index, showing);
    }),
    method('debug_traceBlockByNumber', [BLOCK_TAG, TRACE_OPTIONS], ([tag, options]) => {
      const found = blockOf(chain, tag);
      if (found === undefined) throw rpcError('CALL_FAILED', `block #${String(tag)} not found`);
      return tracesOf(chain, found.block, options);
    }),
    /** RLP of a block that follows one of the chain; it is not held to the rules, so that a refused one can be looked at. */
    method('debug_traceBlock', [BASE64, TRACE_OPTIONS], ([encoded, options]) => tracesOf(chain, blockIn(encoded), options)),
    privateMethod('debug_traceBlockFromFile', [TEXT, TRACE_OPTIONS], async ([file, options], { allowance }) => {
      requireWholePath(file);
      const encoded = await systemFiles.read(file, MAX_BLOCK_BYTES);
      return allowance.spend(() => tracesOf(chain, blockIn(encoded), options)); // what comes after waiting is counted by nobody else
    }),
    method('debug_traceBlockByHash', [HASH, TRACE_OPTIONS], ([hash, options]) => {
      const found = blockOfHash(chain, hash);
      if (found === undefined) throw rpcError('CALL_FAILED', `block #${hexOf(hash)} not found`);
      return tracesOf(chain, found.block, options);
    }),
  ];
}

function blockIn(encoded: Bytes): Block {
  try {
    return decodeBlock(encoded);
  } catch (error) {
    if (!isCoded(error, 'BAD_RLP')) throw error;
    throw rpcError('CALL_FAILED', `could not decode block: ${error.message}`);
  }
}

function tracesOf(chain: Chain, block: Block, options: TraceOptions): readonly object[] {
  const showing = showingBy(options);
  const replay = replayOf(chain, block, showing.checkpoint);
  return block.transactions.map((_, index) => ({ result: traceOf(replay, index, showing) }));
}
