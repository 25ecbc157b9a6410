import { fromHex, hexOf, type Bytes } from '../../base/bytes.ts';
import { frameText, type FrameSender } from './frame-sender.ts';
import type { HostedStream } from './hosted-stream.ts';
import { toRefusal } from './refusal.ts';
import { MAX_LISTED } from './wire.ts';

const DELAY_MILLIS = 200;

type ListedStream = Pick<HostedStream, 'streamId' | 'onChanged' | 'subscribers'>;

/** Where the streams are that lists are told of. */
export interface ListedStreams {
  host(streamId: Bytes): Promise<ListedStream>;
}

/** Tells a publisher whom to seal keys for, and again whenever that has changed. */
export class SubscriberLists {
  readonly #streams: ListedStreams;
  readonly #sender: Pick<FrameSender, 'text' | 'error'>;
  readonly #closed: AbortSignal;
  /** By stream and channel: what it had and had signed for when it was told. */
  readonly #told = new Map<string, Map<string, string>>();

  /** @param closed aborts when the connection is gone */
  constructor(streams: ListedStreams, sender: Pick<FrameSender, 'text' | 'error'>, closed: AbortSignal) {
    this.#streams = streams;
    this.#sender = sender;
    this.#closed = closed;
  }

  async watch(streamId: Bytes): Promise<void> {
    try {
      const stream = await this.#streams.host(streamId);
      if (this.#closed.aborted) return;
      let timer: NodeJS.Timeout | undefined;
      const stop = stream.onChanged(() => {
        timer ??= setTimeout(() => {
          timer = undefined;
          void this.#tell(stream);
        }, DELAY_MILLIS);
      });
      this.#closed.addEventListener('abort', () => {
        stop();
        clearTimeout(timer);
      }, { once: true });
      await this.#tell(stream);
    } catch (error) {
      this.#sender.error('FRAME', toRefusal(error), error, streamId);
    }
  }

  async #tell(stream: ListedStream): Promise<void> {
    try {
      const now = new Map((await stream.subscribers()).map((subscriber) => [hexOf(subscriber.channelId), subscriber]));
      const key = hexOf(stream.streamId);
      const before = this.#told.get(key);
      const told = new Map([...now].map(([channel, { owed, voucher }]) => [channel, `${owed} ${voucher?.cumulativeAmount ?? ''}`]));
      this.#told.set(key, told);
      const changed = [...now].flatMap(([channel, subscriber]) => (before?.get(channel) === told.get(channel) ? [] : [subscriber]));
      const gone = [...(before?.keys() ?? [])].filter((channel) => !told.has(channel)).map((channel) => fromHex(`0x${channel}`));
      for (let from = 0; from < Math.max(changed.length, gone.length, before === undefined ? 1 : 0); from += MAX_LISTED) {
        const to = from + MAX_LISTED;
        this.#sender.text(frameText({ type: 'SUBSCRIBERS', stream: stream.streamId, first: before === undefined && from === 0, subscribers: changed.slice(from, to), gone: gone.slice(from, to) }));
      }
    } catch (error) {
      this.#sender.error('FRAME', toRefusal(error), error, stream.streamId);
    }
  }
}
