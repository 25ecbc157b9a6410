import { hexOf, type Bytes } from '../../base/bytes.ts';
import { frameText, type FrameSender } from './frame-sender.ts';
import type { GatewayCore } from './gateway-core.ts';
import type { HostedStream } from './hosted-stream.ts';
import { toRefusal } from './refusal.ts';

const DELAY_MILLIS = 200;

/** Tells a publisher whom to seal keys for, and again whenever that has changed. */
export class SubscriberLists {
  readonly #core: GatewayCore;
  readonly #sender: FrameSender;
  readonly #closed: AbortSignal;
  /** As they were told, by stream. */
  readonly #told = new Map<string, string>();

  /** @param closed aborts when the connection is gone */
  constructor(core: GatewayCore, sender: FrameSender, closed: AbortSignal) {
    this.#core = core;
    this.#sender = sender;
    this.#closed = closed;
  }

  async watch(streamId: Bytes): Promise<void> {
    try {
      const stream = await this.#core.host(streamId);
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

  async #tell(stream: HostedStream): Promise<void> {
    try {
      const frame = frameText({ type: 'SUBSCRIBERS', stream: stream.streamId, subscribers: [...(await stream.subscribers())] });
      const key = hexOf(stream.streamId);
      if (this.#told.get(key) === frame) return;
      this.#told.set(key, frame);
      this.#sender.text(frame);
    } catch (error) {
      this.#sender.error('FRAME', toRefusal(error), error, stream.streamId);
    }
  }
}
