/** Reads the channels of this wallet, whether a window is open or not. */
import type { DatabaseSync } from 'node:sqlite';
import type { Hex } from '../../base/bytes.ts';
import { millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import { faultOf } from '../../base/files.ts';
import { Reading, type ReadChannel, type ReadingModules, type ReadingOptions } from './reading.ts';
import { ReadingTable } from './reading-table.ts';

export interface ReadingHostModules extends Omit<ReadingModules, 'table'> {
  /** Of the network's streams. */
  readonly db: DatabaseSync;
}

const TICK_MILLIS = 500;

export class ReadingHost {
  readonly #options: ReadingOptions;
  readonly #modules: ReadingModules;
  readonly #readings = new Map<Hex, Reading>();
  readonly #abort = new AbortController();
  readonly #ticking: Promise<void>;
  #stepping: Promise<void> = Promise.resolve();

  constructor(options: ReadingOptions, modules: ReadingHostModules) {
    this.#options = options;
    this.#modules = { ...modules, table: new ReadingTable(modules.db) };
    this.#ticking = this.#tick();
  }

  /** @param channels all of this wallet, as the index tells them now */
  step(channels: readonly ReadChannel[]): Promise<void> {
    this.#stepping = this.#stepping.then(() => this.#follow(channels));
    return this.#stepping;
  }

  /** @throws CHANNEL_UNKNOWN */
  of(channel: Hex): Reading {
    const reading = this.#readings.get(channel);
    if (reading === undefined) throw new CodedError('CHANNEL_UNKNOWN', 'This subscription is not one of this wallet.', { help: 'Wait until the index has reached the head, or check the link.' });
    return reading;
  }

  /** Everything is written down. */
  async close(): Promise<void> {
    this.#abort.abort();
    await this.#stepping;
    await this.#ticking;
    await Promise.all([...this.#readings.values()].map((reading) => reading.close()));
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
