/** A practice chain of transfers, sealed by its committee: data for the import bench that any machine makes for itself. */
import { fromBigInt, type Bytes } from '../src-node/base/bytes.ts';
import { millis, type Clock } from '../src-node/base/clock.ts';
import { silentLogger } from '../src-node/base/logger.ts';
import type { PendingTransaction } from '../src-node/chain/build/transaction-queue.ts';
import type { Chain } from '../src-node/chain/chain.ts';
import { writeBlocks } from '../src-node/chain/file/write-blocks.ts';
import { keccak256 } from '../src-node/crypto/keccak.ts';
import { addressOf, sign } from '../src-node/crypto/secp256k1.ts';
import { CommitteeSealer } from '../src-node/dpor/committee-sealer.ts';
import { network } from '../src-node/networks/network.ts';
import { practiceKeys } from '../src-node/networks/practice.ts';
import { encodeBlock } from '../src-node/primitives/block.ts';
import { signTransaction } from '../src-node/primitives/transaction.ts';
import { testChain } from '../src-node/testing/chains.ts';

const practice = network('practice');
const keys = practiceKeys(practice.chainId);
const faucet = addressOf(keys.faucet);
const RECEIVERS = 5000n;

/** Writes `blocks` blocks of `each` transfers to `file`. */
export async function generateChain(file: string, { blocks, each }: { readonly blocks: number; readonly each: number }): Promise<void> {
  const chain = await testChain(practice);
  const abort = new AbortController();
  chain.events.on('head', ({ header }) => header.number >= BigInt(blocks) && abort.abort());
  await new CommitteeSealer({ network: practice, keys }, { chain, clock: leapingClock(), logger: silentLogger, pending: () => [transfers(chain, each)] }).run(abort.signal);
  await writeBlocks(file, encodedBlocks(chain));
}

/** Waits for nothing: sleeping moves it on. */
function leapingClock(): Clock {
  let now = Number(practice.genesis.timeMillis);
  return {
    now: () => millis(now),
    sleep: (delay) => {
      now += delay;
      return Promise.resolve();
    },
  };
}

function transfers(chain: Chain, count: number): PendingTransaction[] {
  const first = chain.stateAt(chain.head.header.stateRoot).nonceOf(faucet);
  return Array.from({ length: count }, (_, i) => {
    const nonce = first + BigInt(i);
    const unsigned = { type: 0n, nonce, gasPrice: 1n, gasLimit: 21_000n, to: receiver(nonce), value: 1n + nonce, payload: new Uint8Array(0) };
    return { transaction: signTransaction(unsigned, practice.chainId, (digest) => sign(digest, keys.faucet)), sender: faucet };
  });
}

function receiver(nonce: bigint): Bytes {
  return keccak256(fromBigInt(nonce % RECEIVERS, 8)).subarray(0, 20);
}

function* encodedBlocks(chain: Chain): Generator<Bytes> {
  for (let number = 0n; number <= chain.head.header.number; number++) {
    const block = chain.blockByNumber(number);
    if (block !== undefined) yield encodeBlock(block);
  }
}
