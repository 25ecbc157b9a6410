import { hexOf } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import type { ServerFrame, Subscriber } from '../gateway/wire.ts';

/** More than any gateway serves; one that goes on naming others would fill the memory. */
const MAX_SUBSCRIBERS = 100_000;

/** Who may read a stream at one gateway, as its frames tell it one after the other (docs/protocol/11 §4.13). */
export class ListedSubscribers {
  readonly #byChannel = new Map<string, Subscriber>();

  /** @returns all of them. @throws BAD_FRAME */
  take({ first, subscribers, gone }: Pick<Extract<ServerFrame, { type: 'SUBSCRIBERS' }>, 'first' | 'subscribers' | 'gone'>): readonly Subscriber[] {
    if (first) this.#byChannel.clear();
    for (const channelId of gone) this.#byChannel.delete(hexOf(channelId));
    for (const subscriber of subscribers) this.#byChannel.set(hexOf(subscriber.channelId), subscriber);
    if (this.#byChannel.size > MAX_SUBSCRIBERS) {
      this.#byChannel.clear();
      throw new CodedError('BAD_FRAME', 'A gateway names more readers than it can have.', { help: 'Take it off the list of the stream, and tell its operator.' });
    }
    return [...this.#byChannel.values()];
  }
}
