/** What the chain says of streams and channels, read once per block: a right that ends in a block has ended for everyone when that block is there. */
import { byteKey } from '../../base/byte-key.ts';
import { toHex, type Bytes } from '../../base/bytes.ts';
import type { ChannelRecord, GatewayRecord, StreamChain, StreamPlan, StreamRecord } from '../stream-chain.ts';

const MAX_FACTS = 20_000;

export class ChainFacts {
  readonly #chain: StreamChain;
  readonly #facts = new Map<string, { readonly at: bigint | undefined; readonly value: Promise<unknown> }>();

  constructor(chain: StreamChain) {
    this.#chain = chain;
  }

  /** All throw CHAIN_UNREACHABLE. */
  stream(streamId: Bytes): Promise<StreamRecord | null> {
    return this.#read(`s${byteKey(streamId)}`, () => this.#chain.stream(streamId));
  }

  plan(streamId: Bytes, planHash: Bytes): Promise<StreamPlan | null> {
    return this.#read(`p${byteKey(streamId)}${byteKey(planHash)}`, () => this.#chain.plan(streamId, planHash));
  }

  channel(channelId: Bytes): Promise<ChannelRecord | null> {
    return this.#read(`c${byteKey(channelId)}`, () => this.#chain.channel(channelId));
  }

  gateway(gatewayId: Bytes): Promise<GatewayRecord | null> {
    return this.#read(`g${toHex(gatewayId)}`, () => this.#chain.gateway(gatewayId));
  }

  async #read<T>(key: string, load: () => Promise<T>): Promise<T> {
    const at = this.#chain.head()?.number;
    const known = this.#facts.get(key);
    if (known?.at === at && known !== undefined) return known.value as Promise<T>;
    const value = load();
    this.#facts.delete(key);
    this.#facts.set(key, { at, value });
    const oldest = this.#facts.size > MAX_FACTS ? this.#facts.keys().next().value : undefined;
    if (oldest !== undefined) this.#facts.delete(oldest);
    try {
      return await value;
    } catch (error) {
      if (this.#facts.get(key)?.value === value) this.#facts.delete(key); // it is asked again
      throw error;
    }
  }
}
