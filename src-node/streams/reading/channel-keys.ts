import { fromHex, type Hex } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import type { SubscriberKeys } from '../client/keys.ts';
import type { ReadingKeys, StreamKeys, StreamsAt } from '../ports.ts';
import type { ReadChannel } from './read-channel.ts';
import type { ReadingTable } from './reading-table.ts';

export interface ChannelKeysModules {
  readonly at: StreamsAt;
  readonly keys: ReadingKeys;
  /** What the keys process signs for now. */
  readonly held: StreamKeys['held'];
  readonly table: Pick<ReadingTable, 'setPublicKey'>;
}

/** The subscription key of one channel, which the keys process holds; its public half is asked for once. */
export class ChannelKeys {
  readonly #modules: ChannelKeysModules;
  #publicKey: SubscriberKeys['publicKey'] | null;

  constructor(publicKey: SubscriberKeys['publicKey'] | null, modules: ChannelKeysModules) {
    this.#publicKey = publicKey;
    this.#modules = modules;
  }

  async isHeld(id: Hex): Promise<boolean> {
    return (await this.#modules.held()).ids.has(id);
  }

  /** @throws STREAM_NOT_HELD, WALLET_LOCKED, KEYS_STOPPED */
  async subscriber({ id, streamId, payer, nonce }: ReadChannel['channel']): Promise<SubscriberKeys> {
    const { keys, at, table } = this.#modules;
    if (!(await this.isHeld(id))) throw new CodedError('STREAM_NOT_HELD', 'The key of this subscription is not there yet.', { help: 'Unlock the wallet once; reading goes on by itself then.' });
    if (this.#publicKey === null) {
      this.#publicKey = await keys.publicKeyOf({ at, account: fromHex(payer), nonce, streamId: fromHex(streamId) });
      table.setPublicKey(id, this.#publicKey);
    }
    return keys.subscriber(fromHex(id), this.#publicKey);
  }
}
