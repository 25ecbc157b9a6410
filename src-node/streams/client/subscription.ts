import { equal, type Bytes } from '../../base/bytes.ts';
import { toMillis, type Millis } from '../../base/clock.ts';
import { CodedError, isCoded } from '../../base/errors.ts';
import { epochAt } from '../format/ggm.ts';
import type { ChannelRecord, StreamChain, StreamPlan, StreamRecord } from '../stream-chain.ts';

export interface SubscriptionRecord {
  readonly stream: StreamRecord;
  readonly plan: StreamPlan;
  readonly channel: ChannelRecord;
}

interface SubscriptionOptions {
  readonly streamId: Bytes;
  readonly channelId: Bytes;
}

type SubscriptionChain = Pick<StreamChain, 'stream' | 'plan' | 'channel'>;

/** What the chain says of what is read: its stream, plan and channel. */
export class Subscription {
  readonly #options: SubscriptionOptions;
  readonly #chain: SubscriptionChain;
  #record: SubscriptionRecord;

  private constructor(options: SubscriptionOptions, chain: SubscriptionChain, record: SubscriptionRecord) {
    this.#options = options;
    this.#chain = chain;
    this.#record = record;
  }

  /** @throws NO_STREAM, NO_CHANNEL, CHAIN_UNREACHABLE */
  static async open(options: SubscriptionOptions, { chain }: { readonly chain: SubscriptionChain }): Promise<Subscription> {
    return new Subscription(options, chain, await readRecord(options, chain));
  }

  /** As it was read last. */
  get record(): SubscriptionRecord {
    return this.#record;
  }

  /** While the chain cannot be reached what was read last stays. @throws NO_STREAM, NO_CHANNEL */
  async refresh(): Promise<SubscriptionRecord> {
    try {
      this.#record = await readRecord(this.#options, this.#chain);
    } catch (error) {
      if (!isCoded(error, 'CHAIN_UNREACHABLE')) throw error;
    }
    return this.#record;
  }

  epochAt(now: Millis): number {
    const { startSeconds, epochSeconds } = this.#record.stream;
    return epochAt(now, toMillis(startSeconds), toMillis(epochSeconds));
  }
}

async function readRecord({ streamId, channelId }: SubscriptionOptions, chain: SubscriptionChain): Promise<SubscriptionRecord> {
  const [stream, channel] = [await chain.stream(streamId), await chain.channel(channelId)];
  if (stream === null) throw new CodedError('NO_STREAM', 'The chain knows no such stream.', { help: 'Choose its network, or another stream.' });
  const plan = channel === null ? null : await chain.plan(stream.streamId, channel.planHash);
  if (channel === null || plan === null || !equal(channel.streamId, stream.streamId)) throw new CodedError('NO_CHANNEL', 'The chain knows no such subscription of this stream.', { help: 'Subscribe again, or wait until its block is there.' });
  return { stream, plan, channel };
}
