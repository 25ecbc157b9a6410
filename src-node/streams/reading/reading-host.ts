/** Reads the channels of this wallet, whether a window is open or not. */
import type { DatabaseSync } from 'node:sqlite';
import { toHex, type Hex } from '../../base/bytes.ts';
import { millis, type Millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import { faultOf } from '../../base/files.ts';
import type { Snippets } from '../client/snippets.ts';
import { LocalReaders } from './local-readers.ts';
import type { ReadChannel } from './read-channel.ts';
import { Reading } from './reading.ts';
import type { ReadingModules, ReadingOptions } from './reading-modules.ts';
import { ReadingTable } from './reading-table.ts';

export interface ReadingHostOptions extends ReadingOptions {
  /** Where other programs of this computer read along; 0: any that is free. */
  readonly localPort: number;
}

export interface ReadingHostModules extends Omit<ReadingModules, 'table'> {
  /** Of the network's streams. */
  readonly db: DatabaseSync;
}

const TICK_MILLIS = 500;

export class ReadingHost {
  readonly #options: ReadingHostOptions;
  readonly #modules: ReadingModules;
  readonly #readings = new Map<Hex, Reading>();
  readonly #local: LocalReaders;
  readonly #abort = new AbortController();
  readonly #ticking: Promise<void>;
  #stepping: Promise<void> = Promise.resolve();

  constructor(options: ReadingHostOptions, modules: ReadingHostModules) {
    this.#options = options;
    this.#modules = { ...modules, table: new ReadingTable(modules.db) };
    this.#local = new LocalReaders({ port: options.localPort }, { ...modules, rows: (streamId) => this.#sharedRows(toHex(streamId)) });
    this.#ticking = this.#tick();
  }

  /** @param channels all of this wallet, as the index tells them now */
  step(channels: readonly ReadChannel[]): Promise<void> {
    this.#stepping = this.#stepping.then(() => this.#follow(channels));
    return this.#stepping;
  }

  has(channel: Hex): boolean {
    return this.#readings.has(channel);
  }

  /** @throws CHANNEL_UNKNOWN */
  of(channel: Hex): Reading {
    const reading = this.#readings.get(channel);
    if (reading === undefined) throw new CodedError('CHANNEL_UNKNOWN', 'This subscription is not one of this wallet.', { help: 'Wait until the index has reached the head, or check the link.' });
    return reading;
  }

  /** How other programs of this computer read along. @throws CHANNEL_UNKNOWN, LOCAL_GATEWAY_OFF */
  snippets(channel: Hex): Promise<Snippets & { readonly endpoint: string }> {
    return this.#local.snippets(this.of(channel).channel.channel.streamId);
  }

  /** From then on the rows of the channel are kept for them. @throws CHANNEL_UNKNOWN, CHANNEL_STATE, LOCAL_GATEWAY_OFF */
  async snippetTicket(channel: Hex): Promise<{ readonly ticket: string; readonly endsAt: Millis }> {
    const reading = this.of(channel);
    reading.share();
    return this.#local.ticket();
  }

  /** Everything is written down. */
  async close(): Promise<void> {
    this.#abort.abort();
    await this.#stepping;
    await this.#ticking;
    await this.#local.close();
    await Promise.all([...this.#readings.values()].map((reading) => reading.close()));
  }

  #sharedRows(streamId: Hex): Reading['sharedRows'] {
    return [...this.#readings.values()].find(({ channel, sharedRows }) => channel.channel.streamId === streamId && sharedRows !== null)?.sharedRows ?? null;
  }

  async #follow(channels: readonly ReadChannel[]): Promise<void> {
    for (const channel of channels) {
      if (this.#abort.signal.aborted) return;
      const { id } = channel.channel;
      try {
        const reading = this.#readings.get(id) ?? (await Reading.open(channel, this.#options, this.#modules));
        this.#readings.set(id, reading);
        await reading.update(channel);
      } catch (error) {
        // one that cannot be opened keeps no other one from being read
        this.#modules.log.error('a subscription cannot be read', { channel: id, code: faultOf(error).code }, error);
      }
    }
  }

  async #tick(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      await this.#modules.clock.sleep(millis(TICK_MILLIS), signal);
      for (const reading of this.#readings.values()) reading.tick();
    }
  }
}
