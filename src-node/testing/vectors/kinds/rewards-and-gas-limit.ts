import { nextGasLimit } from '../../../chain/build/gas-limit.ts';
import { blockReward } from '../../../chain/execution/reward.ts';
import { objectKind, same } from '../vector-kind.ts';

interface Recorded {
  readonly rewards: readonly { readonly firstBlock: string; readonly lastBlock: string; readonly rewardWei: string }[];
  readonly afterLast: string;
  readonly calcGasLimit: readonly { readonly parentGasLimit: string; readonly parentGasUsed: string; readonly nextGasLimit: string }[];
}

export const rewardsAndGasLimit = objectKind<Recorded>('rewards and gas limit', ['rewards', 'afterLast', 'calcGasLimit'], function* ({ rewards, afterLast, calcGasLimit }) {
  const reward = (block: bigint, recorded: string) => same(`reward of block ${block.toString()}`, () => String(blockReward(block)), recorded);
  for (const { firstBlock, lastBlock, rewardWei } of rewards) {
    yield reward(BigInt(firstBlock), rewardWei);
    yield reward(BigInt(lastBlock), rewardWei);
  }
  yield reward(BigInt(rewards.at(-1)?.lastBlock ?? 0) + 1n, afterLast);
  for (const { parentGasLimit: gasLimit, parentGasUsed: gasUsed, nextGasLimit: next } of calcGasLimit) {
    yield same(`gas limit after ${gasLimit}, ${gasUsed} used`, () => String(nextGasLimit({ gasLimit: BigInt(gasLimit), gasUsed: BigInt(gasUsed) })), next);
  }
});
