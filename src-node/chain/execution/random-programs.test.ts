import { describe, expect, it } from 'vitest';
import { fromHex, toHex, utf8 } from '../../base/bytes.ts';
import { keccak256 } from '../../crypto/keccak.ts';
import { sign } from '../../crypto/secp256k1.ts';
import type { EvmErrorCode } from '../../evm/errors.ts';
import { senderOf, signTransaction } from '../../primitives/transaction.ts';
import { readVector } from '../../testing/vectors.ts';
import { GasPool } from './gas-pool.ts';
import { preState, type RecordedAccount } from './testing/pre-state.ts';
import { applyTransaction } from './transaction.ts';

interface Program {
  readonly id: string;
  readonly kind: string;
  readonly chainId: number;
  readonly pre: Readonly<Record<string, RecordedAccount>>;
  readonly preStateRoot: string;
  readonly block: { readonly number: number; readonly timeMs: number; readonly gasLimit: number; readonly coinbase: string };
  readonly tx: {
    readonly privateKey: string;
    readonly from: string;
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

function outcomeOf(program: Program): Program['result'] & { preStateRoot: string; cause?: EvmErrorCode | undefined } {
  const { block, tx: fields } = program;
  const state = preState(program.pre);
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
  const tx = signTransaction(unsigned, BigInt(program.chainId), (digest) => sign(digest, fromHex(fields.privateKey)));
  const evmBlock = {
    coinbase: fromHex(block.coinbase),
    number: BigInt(block.number),
    timeSeconds: BigInt(Math.floor(block.timeMs / 1000)),
    gasLimit: BigInt(block.gasLimit),
    blockHash: (number: bigint) => keccak256(utf8(String(number))),
  };
  const sender = senderOf(tx, BigInt(program.chainId));
  const outcome = applyTransaction({ state, evmBlock, tx, sender, gasPool: new GasPool(evmBlock.gasLimit) });
  return {
    preStateRoot,
    status: outcome.receipt.status,
    gasUsed: Number(outcome.gasUsed),
    logs: outcome.receipt.logs.map((log) => ({ address: toHex(log.address), topics: log.topics.map(toHex), data: toHex(log.data) })),
    contractAddress: outcome.contractAddress === null ? null : toHex(outcome.contractAddress),
    returnData: toHex(outcome.returnData),
    postStateRoot: toHex(state.root()),
    cause: outcome.error,
  };
}

describe('recorded programs', () => {
  const programs = readVector('evm/random-programs.jsonl').toString('utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Program);

  it('are all there', () => {
    expect(programs).toHaveLength(1500);
  });

  it.each([...new Set(programs.map(({ kind }) => kind.replace(/\+.*/, '')))])('%s: same status, gas, logs, return data and state root', (kind) => {
    for (const program of programs) {
      if (program.kind.replace(/\+.*/, '') !== kind) continue;
      if (program.result === undefined) {
        expect(() => outcomeOf(program), program.id).toThrow(program.error);
        continue;
      }
      const { vmError, ...recorded } = program.result;
      const unnamed = recorded.status === 1 ? undefined : 'ADDRESS_COLLISION';
      const cause = vmError === undefined ? unnamed : CAUSES.find(([text]) => text.test(vmError))?.[1];
      expect({ id: program.id, ...outcomeOf(program) }).toEqual({ id: program.id, preStateRoot: program.preStateRoot, ...recorded, cause });
    }
  });
});
