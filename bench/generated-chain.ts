/** Chains of the mini network, sealed with its public development keys: data for the import bench that any machine makes for itself, and that other nodes accept. */
import { EMPTY_BYTES, fromBigInt, fromHex, toHex, type Bytes } from '../src-node/base/bytes.ts';
import { millis, type Clock } from '../src-node/base/clock.ts';
import { CodedError } from '../src-node/base/errors.ts';
import { silentLogger } from '../src-node/base/logger.ts';
import type { PendingTransaction } from '../src-node/chain/build/transaction-queue.ts';
import type { Chain } from '../src-node/chain/chain.ts';
import { writeBlocks } from '../src-node/chain/file/write-blocks.ts';
import { keccak256 } from '../src-node/crypto/keccak.ts';
import { addressOf, sign } from '../src-node/crypto/secp256k1.ts';
import { CommitteeSealer } from '../src-node/dpor/committee-sealer.ts';
import { createAddress } from '../src-node/evm/create-address.ts';
import { network } from '../src-node/networks/network.ts';
import { encodeBlock } from '../src-node/primitives/block.ts';
import { signTransaction, type UnsignedTransaction } from '../src-node/primitives/transaction.ts';
import { testChain } from '../src-node/testing/chains.ts';
import { readVectorJson } from '../src-node/testing/vectors.ts';
import { tokenInitCode, tokenTransfer } from './token.ts';

const mini = network('mini');
const keys = { proposers: mini.proposers.map(keyOf), validators: mini.validators.map(keyOf) };
/** The first validator holds most coins of the first block. */
const payerKey = keys.validators[0] ?? EMPTY_BYTES;
const payer = addressOf(payerKey);
const token = createAddress(payer, 0n);
const RECEIVERS = 5000n;

type Call = Pick<UnsignedTransaction, 'to' | 'value' | 'payload' | 'gasLimit'>;

/** The transaction with a nonce of the account that sends all. */
const CALLS = {
  transfers: (nonce: bigint): Call => ({ to: receiver(nonce), value: 1n + nonce, payload: EMPTY_BYTES, gasLimit: 21_000n }),
  'token calls': (nonce: bigint): Call =>
    nonce === 0n
      ? { to: null, value: 0n, payload: tokenInitCode(), gasLimit: 500_000n }
      : { to: token, value: 0n, payload: tokenTransfer(receiver(nonce), 1n + nonce), gasLimit: 100_000n },
} as const;

export interface GeneratedChain {
  readonly of: keyof typeof CALLS;
  readonly blocks: number;
  /** Transactions in each block. */
  readonly each: number;
}

export async function generateChain(file: string, { of, blocks, each }: GeneratedChain): Promise<void> {
  const chain = await testChain(mini);
  const abort = new AbortController();
  chain.events.on('head', ({ header }) => header.number >= BigInt(blocks) && abort.abort());
  await new CommitteeSealer({ network: mini, keys }, { chain, clock: leapingClock(), logger: silentLogger, pending: () => [pending(chain, CALLS[of], each)] }).run(abort.signal);
  await writeBlocks(file, encodedBlocks(chain, each));
}

/** Waits for nothing: sleeping moves it on. */
function leapingClock(): Clock {
  let now = Number(mini.genesis.timeMillis);
  return {
    now: () => millis(now),
    sleep: (delay) => {
      now += delay;
      return Promise.resolve();
    },
  };
}

function pending(chain: Chain, callOf: (nonce: bigint) => Call, count: number): PendingTransaction[] {
  const first = chain.stateAt(chain.head.header.stateRoot).nonceOf(payer);
  return Array.from({ length: count }, (_, i) => {
    const nonce = first + BigInt(i);
    const unsigned = { ...callOf(nonce), type: 0n, nonce, gasPrice: 1n };
    return { transaction: signTransaction(unsigned, mini.chainId, (digest) => sign(digest, payerKey)), sender: payer };
  });
}

function keyOf(address: Bytes): Bytes {
  const found = readVectorJson<readonly { readonly address: string; readonly privateKey: string }[]>('keystore/keystore.json').find((key) => key.address === toHex(address));
  if (found === undefined) throw new CodedError('INVARIANT', 'The recorded keys lack one of the mini network.', { meta: { address: toHex(address) } });
  return fromHex(found.privateKey);
}

function receiver(nonce: bigint): Bytes {
  return keccak256(fromBigInt(nonce % RECEIVERS, 8)).subarray(0, 20);
}

function* encodedBlocks(chain: Chain, each: number): Generator<Bytes> {
  for (let number = 0n; number <= chain.head.header.number; number++) {
    const block = chain.blockByNumber(number);
    const hash = chain.hashAt(number);
    if (block === undefined || hash === undefined) continue;
    const worked = chain.receiptsOf(hash)?.filter(({ status }) => status === 1).length ?? 0;
    if (number > 0n && worked !== each) throw new CodedError('INVARIANT', `Block ${number.toString()} of the generated chain has ${worked} transactions that worked, not ${each}.`);
    yield encodeBlock(block);
  }
}
