/** The streams of one network: index, descriptions, and what the keys process signs for; moved by each head. */
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { toHex, type Hex } from '../base/bytes.ts';
import type { Clock, Millis } from '../base/clock.ts';
import { isCoded } from '../base/errors.ts';
import type { FilePort } from '../base/files.ts';
import type { Logger } from '../base/logger.ts';
import type { ChainReader } from '../chain/reader.ts';
import type { StreamAddresses } from '../contracts/deploy.ts';
import type { StreamParameters } from '../contracts/stream-parameters.ts';
import { ReaderStreamChain, streamContracts } from './chain-view.ts';
import { GatewayAsker } from './client/gateway-asker.ts';
import { StreamReads } from './contract-reads.ts';
import { DailyCaps } from './daily-caps.ts';
import { Holding } from './holding.ts';
import type { ChannelEntry } from './index/channel-entry.ts';
import { StreamIndex } from './index/stream-index.ts';
import { OwnGateway } from './own-gateway/own-gateway.ts';
import type { GatewayKeys, Passwords, PublishingKeys, ReadingKeys, SignedActions, SignedVouchers, StandingActions, StreamKeys, StreamsAt, TextPlaces } from './ports.ts';
import { PublishingHost } from './publishing/publishing-host.ts';
import { ReadingHost, type ReadingHostOptions } from './reading/reading-host.ts';
import type { ReadChannel } from './reading/read-channel.ts';
import type { PublisherChain } from './stream-chain.ts';
import { StreamTexts } from './stream-texts.ts';
import { TextPublisher } from './text-publisher.ts';

export interface StreamsOptions {
  /** Of what this machine does for streams, beside the database. */
  readonly folder: string;
  readonly addresses: StreamAddresses;
  readonly parameters: StreamParameters;
  readonly periodMillis: Millis;
  readonly firstBlock: bigint;
  /** Gateways may run on this computer, without TLS. */
  readonly practice: boolean;
  /** What streams are sorted by; the last one takes what says something else. */
  readonly categories: readonly string[];
  /** What is read. */
  readonly reading: ReadingHostOptions;
}

export type StreamTopic = 'streams' | 'stream-desk' | 'gateway';

export interface StreamsModules {
  readonly db: DatabaseSync;
  readonly reader: ChainReader;
  readonly keys: StreamKeys;
  readonly readingKeys: ReadingKeys;
  readonly gatewayKeys: GatewayKeys;
  readonly publishingKeys: PublishingKeys;
  readonly passwords: Passwords;
  readonly files: FilePort;
  readonly actions: SignedActions & StandingActions;
  readonly texts: TextPlaces;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onChange: (topic: StreamTopic) => void;
}

export class StreamsRuntime {
  readonly contracts: Pick<StreamsOptions, 'addresses' | 'parameters' | 'periodMillis'>;
  readonly at: StreamsAt;
  /** What publishers, readers and gateways know of the chain. */
  readonly chain: PublisherChain;
  readonly db: DatabaseSync;
  readonly keys: StreamKeys;
  readonly index: StreamIndex;
  readonly texts: StreamTexts;
  readonly places: TextPlaces;
  readonly textPublisher: TextPublisher;
  readonly reads: StreamReads;
  readonly caps: DailyCaps;
  readonly asker: GatewayAsker;
  readonly reading: ReadingHost;
  readonly publishing: PublishingHost;
  /** Those that were seen while publishing. */
  vouchers: SignedVouchers;
  readonly gateway: OwnGateway;
  readonly #holding: Holding;
  readonly #modules: StreamsModules;
  readonly #abort = new AbortController();
  #running: Promise<void> | null = null;
  #texting: Promise<void> | null = null;
  #asked = 0;

  constructor(options: StreamsOptions, modules: StreamsModules) {
    const { db, reader, keys, texts } = modules;
    const { addresses } = options;
    this.#modules = modules;
    this.contracts = options;
    const contracts = streamContracts(addresses);
    this.at = { chainId: reader.chainId, genesisHash: reader.genesisHash, ...contracts };
    this.chain = new ReaderStreamChain({ reader, contracts });
    this.db = db;
    this.keys = keys;
    this.places = texts;
    this.asker = new GatewayAsker(options, { chain: this.chain, clock: modules.clock });
    this.index = new StreamIndex({ contracts: addresses, firstBlock: options.firstBlock }, { db, reader });
    this.texts = new StreamTexts(options, modules);
    this.textPublisher = new TextPublisher({ ...modules, onPublished: (stream) => this.texts.trySoon(stream) });
    this.reads = new StreamReads({ reader, contracts: addresses });
    this.caps = new DailyCaps(db);
    this.reading = new ReadingHost(options.reading, { ...modules, chain: this.chain, at: this.at, keys: modules.readingKeys, held: () => keys.held(), caps: this.caps, log: modules.log.child('reading'), onChange: () => modules.onChange('streams') });
    this.publishing = new PublishingHost({ folder: join(options.folder, 'publishing') }, {
      ...modules, chain: this.chain, index: this.index, texts: this.texts, asker: this.asker, keys: modules.publishingKeys, gasPrice: () => reader.gasPrice(), creditOf: (account) => this.reads.channelCredit(account), log: modules.log.child('publishing'),
      onChange: () => modules.onChange('stream-desk'),
    });
    this.vouchers = this.publishing.vouchers;
    this.gateway = new OwnGateway(
      { folder: join(options.folder, 'gateway'), contract: addresses.gateway },
      { ...modules, chain: this.chain, index: this.index, keys: modules.gatewayKeys, log: modules.log.child('gateway'), onChange: () => modules.onChange('gateway') },
    );
    this.#holding = new Holding({ index: this.index, keys, at: this.at });
  }

  /** Takes every step that can be taken now; asked for while it runs, it runs once more. */
  step(): Promise<void> {
    this.#asked += 1;
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
      this.gateway.step(); // also when the keys are away, for it has to say so
    });
    return this.#running;
  }

  async #run(): Promise<void> {
    let seen: number;
    do {
      seen = this.#asked;
      try {
        await this.#stepOnce();
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        if (!isCoded(error)) throw error;
        // The chain or the keys are away for a moment; the next head asks again.
        this.#modules.log.info('streams wait', { code: error.code });
        return;
      }
    } while (seen !== this.#asked && !this.#abort.signal.aborted);
  }

  async #stepOnce(): Promise<void> {
    const { signal } = this.#abort;
    const { keys, onChange } = this.#modules;
    const { streams, channels, gateways } = await this.index.follow(signal);
    const topics = new Set<StreamTopic>();
    if (streams.length + channels.length + gateways.length > 0) topics.add('streams').add('stream-desk');
    if (gateways.length > 0) topics.add('gateway');
    const accounts = await keys.accounts();
    if (await this.#holding.refresh(accounts)) topics.add('streams').add('stream-desk').add('gateway');
    topics.forEach(onChange);
    await this.reading.step(accounts.flatMap((account) => this.index.channelsOf(toHex(account))).flatMap((channel) => this.#readChannel(channel) ?? []));
    await this.publishing.step(accounts, await keys.held());
    await this.textPublisher.step();
    this.#fetchTexts();
  }

  /** Null while the index does not know its stream. */
  #readChannel(channel: ChannelEntry): ReadChannel | null {
    const stream = this.index.stream(channel.streamId);
    const plan = stream?.plans.find(({ planHash }) => planHash === channel.planHash);
    return stream === null || plan === undefined ? null : { channel, stream, plan, columns: this.texts.textOf(stream.id).metadata?.schema ?? null };
  }

  /** Beside the steps, because a description that nobody serves is waited for. */
  #fetchTexts(): void {
    this.#texting ??= this.texts
      .fetchDue(this.#abort.signal)
      .then((arrived) => {
        if (arrived.length === 0) return;
        this.#modules.onChange('streams');
        void this.step(); // an own stream may have waited for its columns
      })
      .catch((error: unknown) => this.#modules.log.error('descriptions of streams cannot be fetched', {}, error))
      .finally(() => (this.#texting = null));
  }

  /** What is left of an account's deposits, and the bonds of its gateways; base units. */
  holdings(account: Hex): { readonly inDeposits: bigint; readonly inBonds: bigint } {
    const open = this.index.channelsOf(account).filter(({ status }) => status !== 'closed');
    return { inDeposits: open.reduce((sum, { deposit, paid }) => sum + deposit - paid, 0n), inBonds: this.index.gatewaysOf(account).reduce((sum, { bond }) => sum + bond, 0n) };
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await Promise.all([this.#running, this.#texting]);
    await Promise.all([this.reading.close(), this.publishing.close()]);
    await this.gateway.close(); // after those that use it
    try {
      await this.#holding.forget();
    } catch (error) {
      if (!isCoded(error)) throw error;
      this.#modules.log.info('keys process is gone', { code: error.code }); // and with it what it held
    }
  }
}
