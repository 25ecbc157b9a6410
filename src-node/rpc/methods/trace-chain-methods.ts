/** debug_subscribe "traceChain": the executions of many blocks, told one block after the other (docs/protocol/05 §4). */
import { setImmediate, setTimeout } from 'node:timers/promises';
import { toHex } from '../../base/bytes.ts';
import { isCoded } from '../../base/errors.ts';
import type { Chain } from '../../chain/chain.ts';
import type { RpcBackend } from '../backend.ts';
import { blockOf, type HashedBlock } from '../blocks.ts';
import { BLOCK_TAG, IDENTIFIER, OPTIONAL_VALUE, TRACE_OPTIONS } from '../parameters/index.ts';
import { readParameters } from '../parameters/parameter.ts';
import type { BlockTag } from '../parameters/block-tag.ts';
import type { TraceOptions } from '../parameters/trace-options.ts';
import { noSuchMethod, rpcError } from '../protocol/errors.ts';
import { method, type RpcMethod } from '../protocol/method.ts';
import { connected } from '../protocol/session.ts';
import { WorkBudget, type WorkBudgetOptions } from '../protocol/work-budget.ts';
import { quantity } from '../views/quantity.ts';
import { replayOf } from './replay.ts';
import { showingBy, traceOf } from './showing.ts';
import { unsubscribeMethod } from './subscription-methods.ts';

/** Of all such subscriptions together, beside what requests may use. */
const BUDGET: WorkBudgetOptions = { capacityMillis: 1_000, share: 0.2 };

/** As long as the states are kept. */
export function traceChainMethods({ chain, logger }: Pick<RpcBackend, 'chain' | 'logger'>): RpcMethod[] {
  const budget = new WorkBudget(BUDGET);
  return [
    method('debug_subscribe', [IDENTIFIER, OPTIONAL_VALUE, OPTIONAL_VALUE, OPTIONAL_VALUE], ([name, ...given], { session }) => {
      if (name !== 'traceChain') throw noSuchMethod(`debug_${name}`);
      const values = given.slice(0, given.findLastIndex((value) => value !== undefined) + 1);
      const [start, end, options] = readParameters([BLOCK_TAG, BLOCK_TAG, TRACE_OPTIONS], values) as [BlockTag, BlockTag, TraceOptions];
      const range = rangeOf(chain, start, end);
      showingBy(options); // says no to what it cannot show
      return connected(session).subscribe((notify) => {
        const stop = new AbortController();
        tellBlocks({ chain, budget, signal: stop.signal }, range, options, notify).catch((error: unknown) => {
          if (!stop.signal.aborted) logger.error('blocks could not be shown to a subscriber', {}, error);
        });
        return () => stop.abort();
      }, 'debug');
    }),
    unsubscribeMethod('debug_unsubscribe'),
  ];
}

interface Range {
  /** The block before the first. */
  readonly start: bigint;
  readonly end: bigint;
}

/** @throws CALL_FAILED; STATE_MISSING when the blocks are too old */
function rangeOf(chain: Chain, start: BlockTag, end: BlockTag): Range {
  const first = blockOf(chain, start);
  if (first === undefined) throw rpcError('CALL_FAILED', `starting block #${String(start)} not found`);
  const last = blockOf(chain, end);
  if (last === undefined) throw rpcError('CALL_FAILED', `end block #${String(end)} not found`);
  const [from, to] = [first.block.header.number, last.block.header.number];
  if (from >= to) throw rpcError('CALL_FAILED', `end block (#${to.toString()}) needs to come after start block (#${from.toString()})`);
  chain.stateAt(first.block.header.stateRoot).exists(new Uint8Array(20));
  return { start: from, end: to };
}

interface Telling {
  readonly chain: Chain;
  readonly budget: WorkBudget;
  readonly signal: AbortSignal;
}

/** Blocks without transactions are passed over, but for the last. */
async function tellBlocks(telling: Telling, { start, end }: Range, options: TraceOptions, notify: (result: unknown) => void): Promise<void> {
  await setImmediate(undefined, { signal: telling.signal }); // the subscriber knows its identifier by then
  for (let number = start + 1n; number <= end; number++) {
    const found = blockOf(telling.chain, number);
    if (found === undefined) return;
    const traces = await tracesOf(telling, found, options);
    if (traces.length > 0 || number === end) notify({ block: quantity(number), hash: toHex(found.hash), traces });
  }
}

/** In pieces of one transaction. One that cannot be shown ends the list of its block. */
async function tracesOf({ chain, budget, signal }: Telling, { block }: HashedBlock, options: TraceOptions): Promise<readonly object[]> {
  const showing = showingBy(options);
  let { checkpoint } = showing;
  const replay = replayOf(chain, block, () => checkpoint());
  const traces: object[] = [];
  for (const index of block.transactions.keys()) {
    await setImmediate(undefined, { signal });
    while (budget.waitMillis > 0) await setTimeout(budget.waitMillis, undefined, { signal });
    ({ checkpoint } = showingBy(options));
    try {
      traces.push({ result: budget.spend(() => traceOf(replay, index, { ...showing, checkpoint })) });
    } catch (error) {
      if (!isCoded(error)) throw error;
      return [...traces, { error: error.message }];
    }
  }
  return traces;
}
