/** Balances, code, storage and calls (docs/protocol/05 §3.4). */
import { fromBigInt, toHex, type Bytes } from '../../base/bytes.ts';
import type { Chain } from '../../chain/chain.ts';
import { authorOf } from '../../chain/execution/author.ts';
import { blockContextOf } from '../../chain/execution/block-context.ts';
import type { ChainMessage, ExecutionModules } from '../../chain/execution/message.ts';
import { nextBlockContext } from '../../chain/execution/next-block.ts';
import { estimateGas, simulateCall } from '../../chain/execution/simulate.ts';
import { timeLimit } from '../../chain/execution/time-limit.ts';
import { ProgramCache } from '../../evm/program.ts';
import type { State } from '../../state/state.ts';
import type { RpcBackend } from '../backend.ts';
import { headerOf, stateOf } from '../blocks.ts';
import type { BlockTag } from '../parameters/block-tag.ts';
import type { CallArguments } from '../parameters/call-arguments.ts';
import { ADDRESS, BLOCK_TAG, CALL, SLOT } from '../parameters/index.ts';
import type { PendingBlocks } from '../pending-blocks.ts';
import { method, type RpcMethod } from '../protocol/method.ts';
import { quantity } from '../views/quantity.ts';

const CALLS = {
  /** The most gas that a block can have (docs/protocol/03 §4): what does not fit a block need not be tried. */
  maxGas: 150_000_000n,
  smallestGas: 21_000n,
  gasPrice: 50_000_000_000n,
} as const;

const NOBODY = new Uint8Array(20);
const NO_HASH = new Uint8Array(32);

export function stateMethods(backend: RpcBackend, pending: PendingBlocks): RpcMethod[] {
  const { chain, pool } = backend;
  const stateAt = (tag: BlockTag): State | undefined => (tag === 'pending' ? pending.current().state : stateOf(chain, tag));
  const programs = new ProgramCache();
  return [
    method('eth_getBalance', [ADDRESS, BLOCK_TAG], ([address, tag]) => {
      const state = stateAt(tag);
      return state === undefined ? null : quantity(state.balanceOf(address));
    }),
    method('eth_getTransactionCount', [ADDRESS, BLOCK_TAG], ([address, tag]) => {
      if (tag === 'pending') return quantity(pool.nextNonce(address));
      const state = stateAt(tag);
      return state === undefined ? null : quantity(state.nonceOf(address));
    }),
    method('eth_getCode', [ADDRESS, BLOCK_TAG], ([address, tag]) => dataOrNull(stateAt(tag)?.codeOf(address))),
    method('eth_getStorageAt', [ADDRESS, SLOT, BLOCK_TAG], ([address, slot, tag]) => {
      const value = stateAt(tag)?.storageAt(address, slot);
      return dataOrNull(value === undefined ? undefined : fromBigInt(value, 32));
    }),
    method('eth_call', [CALL, BLOCK_TAG], ([call, tag]) => {
      const modules = callModules({ backend, programs, stateAt }, tag);
      if (modules === undefined) return null;
      const gas = call.gas === undefined || call.gas > CALLS.maxGas ? CALLS.maxGas : call.gas;
      return toHex(simulateCall(messageOf(call, gas), modules, { funds: 'unlimited' }).returnData); // what a revert returns, too
    }),
    method('eth_estimateGas', [CALL], ([call]) => {
      const modules = callModules({ backend, programs, stateAt }, 'pending');
      if (modules === undefined) return null;
      const gas = call.gas === undefined || call.gas < CALLS.smallestGas ? chain.head.header.gasLimit : call.gas;
      const limit = gas > CALLS.maxGas ? CALLS.maxGas : gas;
      return quantity(estimateGas(messageOf(call, limit), modules, { funds: 'unlimited' }));
    }),
  ];
}

function dataOrNull(data: Bytes | undefined): string | null {
  return data === undefined ? null : toHex(data);
}

function messageOf(call: CallArguments, gasLimit: bigint): ChainMessage {
  const gasPrice = call.gasPrice === undefined || call.gasPrice === 0n ? CALLS.gasPrice : call.gasPrice;
  return { from: call.from ?? NOBODY, to: call.to, value: call.value, payload: call.data, gasLimit, gasPrice };
}

interface CallParts {
  readonly backend: RpcBackend;
  readonly programs: ProgramCache;
  readonly stateAt: (tag: BlockTag) => State | undefined;
}

/** State and surroundings of a call at a block; for "pending" those of a next block made now. */
function callModules({ backend, programs, stateAt }: CallParts, tag: BlockTag): ExecutionModules | undefined {
  const { chain } = backend;
  const header = headerOf(chain, tag);
  const state = stateAt(tag);
  if (header === undefined || state === undefined) return undefined;
  const blockHash = hashFinder(chain);
  const evmBlock = tag === 'pending' ? nextBlockContext(header, { ...backend, network: chain.network, blockHash }) : blockContextOf(header, authorOf(header), blockHash);
  return { state, evmBlock, programs, checkpoint: timeLimit() };
}

function hashFinder(chain: Chain): (number: bigint) => Bytes {
  return (number) => chain.hashAt(number) ?? NO_HASH;
}
