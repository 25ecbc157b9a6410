/**
 * Has the keys process sign for the streams, channels and gateways of this wallet. All of them come from the index, so that the 24
 * words and the chain are enough after everything else is gone (docs/protocol/11 §4.25).
 */
import { fromHex, toHex, type Bytes, type Hex } from '../base/bytes.ts';
import { isCoded } from '../base/errors.ts';
import { toTaggedJson } from '../base/tagged-json.ts';
import { gatewayId } from '../contracts/terms.ts';
import type { StreamIndex } from './index/stream-index.ts';
import type { HeldObjects, OwnObject, StreamKeys, StreamsAt } from './ports.ts';

/** As many as the keys process takes; the newest are held. */
const MAX_STREAMS = 1000;
const MAX_CHANNELS = 1000;
const MAX_GATEWAYS = 16;
const NOTHING: HeldObjects = { published: [], subscriptions: [], gateways: [] };

export class Holding {
  readonly #modules: { readonly index: StreamIndex; readonly keys: StreamKeys; readonly at: StreamsAt };
  #held = '';

  constructor(modules: { readonly index: StreamIndex; readonly keys: StreamKeys; readonly at: StreamsAt }) {
    this.#modules = modules;
  }

  /** Waits for an unlock by itself: called again, it does what is left to do. @returns whether something new is held */
  async refresh(accounts: readonly Bytes[]): Promise<boolean> {
    const { keys } = this.#modules;
    const wanted = this.#wanted(accounts);
    const ids = [...wanted.published.map(({ streamId }) => streamId), ...wanted.subscriptions.map(({ channelId }) => channelId), ...wanted.gateways.map(({ gatewayId: id }) => id)].map(toHex);
    const text = toTaggedJson(wanted);
    const held = await keys.held();
    const stands = text === this.#held && ids.every((id) => held.ids.has(id));
    const none = ids.length === 0 && held.ids.size === 0;
    if (stands || none || !held.unlocked) return false;
    try {
      await keys.hold(wanted);
    } catch (error) {
      if (isCoded(error, 'WALLET_LOCKED')) return false;
      throw error;
    }
    this.#held = text;
    return true;
  }

  async forget(): Promise<void> {
    this.#held = '';
    await this.#modules.keys.hold(NOTHING);
  }

  #wanted(accounts: readonly Bytes[]): HeldObjects {
    const { index } = this.#modules;
    const own = <T>(list: (account: Hex) => readonly T[]): readonly { readonly account: Bytes; readonly entry: T }[] => accounts.flatMap((account) => list(toHex(account)).map((entry) => ({ account, entry })));
    const published = own((account) => index.streamsOf(account).filter(({ status }) => status === 'registered'));
    const channels = own((account) => index.channelsOf(account).filter(({ status }) => status === 'open'));
    const gateways = own((account) => index.gatewaysOf(account).filter(({ status }) => status !== 'left').toReversed());
    return {
      published: published.slice(0, MAX_STREAMS).map(({ account, entry: { id, nonce } }) => ({ ...this.#own(account, nonce), streamId: fromHex(id) })),
      subscriptions: channels.slice(0, MAX_CHANNELS).map(({ account, entry: { id, nonce, streamId, deposit } }) => ({ ...this.#own(account, nonce), streamId: fromHex(streamId), channelId: fromHex(id), maxAmount: deposit })),
      gateways: gateways.slice(0, MAX_GATEWAYS).flatMap(({ account, entry: { id } }) => {
        const nonce = this.#gatewayNonce(account, id);
        return nonce === null ? [] : [{ ...this.#own(account, nonce), gatewayId: fromHex(id) }];
      }),
    };
  }

  #own(account: Bytes, nonce: bigint): OwnObject {
    return { at: this.#modules.at, account, nonce };
  }

  /** No event says it; an owner's numbers are those below the count of his gateways. */
  #gatewayNonce(account: Bytes, id: Hex): bigint | null {
    const { index, at } = this.#modules;
    const count = index.gatewaysOf(toHex(account)).length;
    const parts = { contract: toHex(at.gateway), chainId: at.chainId, creator: toHex(account) };
    for (let nonce = 0n; nonce < count; nonce += 1n) if (gatewayId({ ...parts, nonce }) === id) return nonce;
    return null;
  }
}
