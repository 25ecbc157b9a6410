import { fromHex } from '../../base/bytes.ts';
import { millis, type Clock } from '../../base/clock.ts';
import { isCoded, toCoded, type CodedError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { connectStream } from '../client/connect.ts';
import type { ReaderStore } from '../client/reader-store.ts';
import type { StreamRow } from '../client/row.ts';
import type { StreamEvent } from '../client/stream-event.ts';
import type { DailyCaps } from '../daily-caps.ts';
import type { StreamSchema } from '../publisher/schema.ts';
import type { StreamChain } from '../stream-chain.ts';
import type { ChannelKeys } from './channel-keys.ts';
import type { ReadChannel } from './read-channel.ts';

export interface RunOptions {
  readonly channel: ReadChannel['channel'];
  readonly schema: StreamSchema;
}

export interface RunModules {
  readonly chain: StreamChain;
  readonly keys: ChannelKeys;
  readonly caps: DailyCaps;
  readonly store: ReaderStore;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What a run tells whom it reads for. */
export interface RunListener {
  /** The next row comes when it resolves. */
  onRow(row: StreamRow): Promise<void> | undefined;
  onEvent(event: StreamEvent): void;
  /** The stream has ended. */
  onEnded(): void;
  /** @param goesOn it is tried again by itself */
  onBroken(error: CodedError, goesOn: boolean): void;
}

const RETRY_MILLIS = 2000;
/** What passes by itself, or when somebody unlocks the wallet. */
const PASSING: ReadonlySet<string> = new Set(['CHAIN_UNREACHABLE', 'WALLET_LOCKED', 'STREAM_NOT_HELD', 'KEYS_STOPPED']);

/** Reads one channel until it is stopped, the stream ends, or it cannot go on by itself. */
export class ReadingRun {
  readonly #options: RunOptions;
  readonly #modules: RunModules;
  readonly #listener: RunListener;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  constructor(options: RunOptions, modules: RunModules, listener: RunListener) {
    this.#options = options;
    this.#modules = modules;
    this.#listener = listener;
    this.#done = this.#follow();
  }

  /** It tells nothing more when it returns. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** It never throws. */
  async #follow(): Promise<void> {
    const { clock, log } = this.#modules;
    for (;;) {
      try {
        await this.#read();
        if (!this.#isStopped()) this.#listener.onEnded();
        return;
      } catch (error) {
        const coded = toCoded(error);
        if (!isCoded(error)) log.error('reading a stream failed', { channel: this.#options.channel.id }, error);
        if (this.#isStopped()) return;
        const goesOn = PASSING.has(coded.code);
        this.#listener.onBroken(coded, goesOn);
        if (!goesOn) return;
        await clock.sleep(millis(RETRY_MILLIS), this.#stop.signal);
        if (this.#isStopped()) return;
      }
    }
  }

  async #read(): Promise<void> {
    const { chain, caps, clock, log, store } = this.#modules;
    const { channel, schema } = this.#options;
    const { id, streamId } = channel;
    const keys = await this.#modules.keys.subscriber(channel);
    const rows = connectStream(
      { streamId: fromHex(streamId), channelId: fromHex(id), begin: 'live', schema, dailyCap: caps.of(id), signal: this.#stop.signal },
      { chain, keys, clock, log, store, onEvent: (event) => this.#listener.onEvent(event) },
    );
    for await (const row of rows) {
      const ready = this.#listener.onRow(row);
      if (ready !== undefined) await ready;
    }
  }
}
