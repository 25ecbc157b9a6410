import { blockReward as rewardOf } from '../../../chain/execution/reward.ts';
import { recordsKind, same } from '../vector-kind.ts';

interface Recorded {
  readonly number: number;
  readonly rewardWei: string;
}

export const blockReward = recordsKind<Recorded>('block reward', ['number', 'rewardWei'], ({ number, rewardWei }) => [same(`block ${number}`, () => String(rewardOf(BigInt(number))), rewardWei)]);
