import { fromHex, toHex, utf8 } from '../../../base/bytes.ts';
import { isExecutionError } from '../../../chain/execution/errors.ts';
import { GasPool } from '../../../chain/execution/gas-pool.ts';
import { preState, type RecordedAccount } from '../../../chain/execution/testing/pre-state.ts';
import { applyTransaction } from '../../../chain/execution/transaction.ts';
import { keccak256 } from '../../../crypto/keccak.ts';
import { sign } from '../../../crypto/secp256k1.ts';
import type { EvmErrorCode } from '../../../evm/errors.ts';
import { senderOf, signTransaction } from '../../../primitives/transaction.ts';
import { recordsKind, same } from '../vector-kind.ts';

interface Recorded {
  readonly id: string;
  readonly kind: string;
  readonly chainId: number;
  readonly pre: Readonly<Record<string, RecordedAccount>>;
  readonly preStateRoot: string;
  readonly block: { readonly number: number; readonly timeMs: number; readonly gasLimit: number; readonly coinbase: string };
  readonly tx: {
    readonly privateKey: string;
    readonly to: string | null;
    readonly nonce: number;
    readonly value: string;
    readonly gas: number;
    readonly gasPrice: string;
    readonly data: string;
  };
  readonly result?: {
    readonly status: 0 | 1;
    readonly gasUsed: number;
    readonly logs: readonly { readonly address: string; readonly topics: readonly string[]; readonly data: string }[];
    readonly contractAddress: string | null;
    readonly returnData: string;
    readonly postStateRoot: string;
    readonly vmError?: string;
  };
  /** In place of a result: why the transaction cannot be in a block. */
  readonly error?: string;
}

/** The recorded wording of each cause; an address collision has none. */
const CAUSES: readonly (readonly [text: RegExp, code: EvmErrorCode])[] = [
  [/execution reverted/, 'REVERT'],
  [/code storage out of gas/, 'CODE_STORE_OUT_OF_GAS'],
  [/out of gas|gas uint64 overflow/, 'OUT_OF_GAS'],
  [/return data out of bounds/, 'RETURN_DATA_OUT_OF_BOUNDS'],
  [/invalid opcode/, 'INVALID_OPCODE'],
  [/stack limit/, 'STACK_OVERFLOW'],
  [/stack underflow/, 'STACK_UNDERFLOW'],
  [/malformed point/, 'PRECOMPILE_FAILED'],
  [/invalid jump/, 'INVALID_JUMP'],
  [/max code size/, 'CODE_TOO_LARGE'],
];

/** Transactions over states of their own: status, gas, logs, return data and the state after them. */
export const randomPrograms = recordsKind<Recorded>('programs', ['id', 'pre', 'preStateRoot', 'block', 'tx'], (recorded) => [same(`${recorded.id} (${recorded.kind})`, () => outcomeOf(recorded), expected(recorded))]);

function expected({ preStateRoot, result, error }: Recorded): unknown {
  if (result === undefined) return { preStateRoot, error };
  const { vmError, ...recorded } = result;
  const unnamed = recorded.status === 1 ? undefined : 'ADDRESS_COLLISION';
  return { preStateRoot, ...recorded, cause: vmError === undefined ? unnamed : CAUSES.find(([text]) => text.test(vmError))?.[1] };
}

function outcomeOf({ pre, block, tx: fields, chainId }: Recorded): unknown {
  const state = preState(pre);
  const preStateRoot = toHex(state.root());
  const unsigned = {
    type: 0n,
    nonce: BigInt(fields.nonce),
    gasPrice: BigInt(fields.gasPrice),
    gasLimit: BigInt(fields.gas),
    to: fields.to === null ? null : fromHex(fields.to),
    value: BigInt(fields.value),
    payload: fromHex(fields.data),
  };
  const tx = signTransaction(unsigned, BigInt(chainId), (digest) => sign(digest, fromHex(fields.privateKey)));
  const evmBlock = {
    coinbase: fromHex(block.coinbase),
    number: BigInt(block.number),
    timeSeconds: BigInt(Math.floor(block.timeMs / 1000)),
    gasLimit: BigInt(block.gasLimit),
    blockHash: (number: bigint) => keccak256(utf8(String(number))),
  };
  try {
    const { receipt, gasUsed, contractAddress, returnData, error } = applyTransaction({ state, evmBlock, tx, sender: senderOf(tx, BigInt(chainId)), gasPool: new GasPool(evmBlock.gasLimit) });
    return {
      preStateRoot,
      status: receipt.status,
      gasUsed: Number(gasUsed),
      logs: receipt.logs.map((log) => ({ address: toHex(log.address), topics: log.topics.map(toHex), data: toHex(log.data) })),
      contractAddress: contractAddress === null ? null : toHex(contractAddress),
      returnData: toHex(returnData),
      postStateRoot: toHex(state.root()),
      cause: error,
    };
  } catch (error) {
    if (!isExecutionError(error)) throw error;
    return { preStateRoot, error: error.message };
  }
}
