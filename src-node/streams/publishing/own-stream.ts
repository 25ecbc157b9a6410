/**
 * One stream of this wallet as it is published from this machine: its rows on disk, its sources, the run that signs and sends, and whom its
 * keys go to. Rows are taken while it is on, also before the wallet was unlocked; they are signed when the keys process holds the stream.
 */
import { join } from 'node:path';
import { fromHex, toHex, type Hex } from '../../base/bytes.ts';
import { millis, type Clock, type Millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import type { FilePort } from '../../base/files.ts';
import type { Logger } from '../../base/logger.ts';
import type { Passwords, PublishingKeys } from '../ports.ts';
import { Publisher } from '../publisher/publisher.ts';
import type { StreamSchema } from '../publisher/schema.ts';
import type { StreamAnchor } from '../publisher/stream-anchor.ts';
import type { PublisherChain } from '../stream-chain.ts';
import { epochOf, epochStart } from './epoch-times.ts';
import { gatewayProgress, newestAcknowledged } from './gateway-progress.ts';
import { OwnRun } from './own-run.ts';
import { OwnSources } from './own-sources.ts';
import type { OwnStreamFacts } from './own-stream-facts.ts';
import { OwnSubscribers } from './own-subscribers.ts';
import { publishingState } from './publishing-state.ts';
import type { PublishingTable } from './publishing-table.ts';
import { RowCounter } from './row-counter.ts';
import type { PublishingDetails, PublishingStatus, SourceSettings } from './views.ts';
import type { VoucherBook } from './voucher-book.ts';

export interface OwnStreamOptions {
  readonly id: Hex;
  /** Of this stream only. */
  readonly folder: string;
}

export interface OwnStreamModules {
  readonly chain: PublisherChain;
  readonly keys: PublishingKeys;
  readonly passwords: Passwords;
  readonly table: PublishingTable;
  readonly vouchers: VoucherBook;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly log: Logger;
}

const MAX_DELAY = millis(200);
const MAX_WAITING_BYTES = 256 * 1024 * 1024;

export class OwnStream {
  readonly id: Hex;
  readonly #options: OwnStreamOptions;
  readonly #modules: OwnStreamModules;
  readonly #counter: RowCounter;
  readonly #sources: OwnSources;
  readonly #subscribers: OwnSubscribers;
  readonly #run: OwnRun;
  #facts: OwnStreamFacts;
  #publisher: Publisher | null = null;
  #use = { messages: 0, bytes: 0 };
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: OwnStreamOptions, modules: OwnStreamModules, facts: OwnStreamFacts) {
    this.id = options.id;
    this.#options = options;
    this.#modules = modules;
    this.#facts = facts;
    this.#counter = new RowCounter(modules.clock);
    this.#subscribers = new OwnSubscribers(modules);
    this.#run = new OwnRun({ stream: options.id }, modules);
    this.#sources = new OwnSources({ stream: options.id }, {
      ...modules,
      sink: () => this.#publisher?.sink ?? null,
      onTaken: (rows, bytes) => {
        this.#counter.add(rows);
        this.#use = { messages: this.#use.messages + rows, bytes: this.#use.bytes + bytes };
      },
    });
  }

  /** Takes every step that can be taken now. */
  update(facts: OwnStreamFacts): Promise<void> {
    this.#facts = facts;
    return this.#inTurn(() => this.#follow());
  }

  get isOn(): boolean {
    return this.#modules.table.isOn(this.id) && this.#facts.stream.status === 'registered';
  }

  /** The declared columns; null while the description is on its way. */
  get schemaOrNull(): StreamSchema | null {
    const { text } = this.#facts;
    return text === null ? null : { version: 1, columns: text.schema.map(({ name, type, unit }) => ({ name, type, unit: unit ?? '' })) };
  }

  /** @throws COLUMNS_MISSING */
  get schema(): StreamSchema {
    const schema = this.schemaOrNull;
    if (schema === null) throw new CodedError('COLUMNS_MISSING', 'The description of this stream, which names its columns, is not here yet.', { help: 'It comes when its storage places can be reached.' });
    return schema;
  }

  /** What a window sees move. */
  get shown(): unknown {
    const { gateways, sources, subscribers, handedOutTo } = this.details;
    return [gateways, sources, subscribers.map(({ keysUntil: _, ...subscriber }) => subscriber), handedOutTo];
  }

  /** Number of the next message that this machine would sign. @throws COLUMNS_MISSING */
  position(): Promise<bigint> {
    return this.#inTurn(async () => (await this.#open()).status.nextSeq);
  }

  /** What gateways gave receipts for last. */
  get anchors(): readonly StreamAnchor[] {
    return this.#publisher?.anchors ?? [];
  }

  setOn(on: boolean): Promise<void> {
    return this.#inTurn(async () => {
      this.#modules.table.setOn(this.id, on);
      this.#run.forgive();
      await this.#follow();
    });
  }

  /** Runs at once while the stream is on. @param password of the broker of an MQTT source, or null */
  addSource(settings: SourceSettings, password: string | null): Promise<void> {
    return this.#inTurn(async () => {
      await this.#sources.add(settings, password);
      await this.#follow();
    });
  }

  /** @throws SOURCE_UNKNOWN */
  setSource(id: string, running: boolean): Promise<void> {
    return this.#inTurn(async () => {
      await this.#sources.setRunning(id, running);
      await this.#follow();
    });
  }

  /** @throws SOURCE_UNKNOWN */
  removeSource(id: string): Promise<void> {
    return this.#inTurn(() => this.#sources.remove(id));
  }

  /** The one before is refused from now on. @throws SOURCE_UNKNOWN, NO_TOKEN */
  sourceToken(id: string): Promise<string> {
    return this.#inTurn(() => this.#sources.newToken(id));
  }

  /** No further key goes to this channel, also after a restart. @returns the first epoch that it cannot read, and when that begins */
  revoke(channel: Hex): Promise<{ readonly actsAt: Millis; readonly epoch: number }> {
    return this.#inTurn(async () => {
      const publisher = await this.#open();
      const actsAt = await publisher.revoke(fromHex(channel));
      return { actsAt, epoch: epochOf(this.#facts.stream, actsAt) };
    });
  }

  /** What was counted since the last time is written down; what failed for a while is tried again. */
  async tick(): Promise<void> {
    const { table, clock } = this.#modules;
    const now = clock.now();
    const told = this.#publisher?.status.subscribers ?? [];
    this.#subscribers.see(told, this.#facts.channels);
    if (this.#use.messages > 0 || (told.length > 0 && this.#run.startedAt !== null)) {
      table.addUse(this.id, { ...this.#use, readers: told.length }, now);
      this.#use = { messages: 0, bytes: 0 };
    }
    await this.#sources.tick();
    if (this.#run.isDue) await this.#inTurn(() => this.#follow());
  }

  get status(): PublishingStatus {
    const { stream, isHeld, channels } = this.#facts;
    const published = this.#publisher?.status ?? null;
    const newest = newestAcknowledged(published?.gateways ?? []);
    return {
      ...publishingState({ hasEnded: stream.status === 'ended', isOn: this.isOn, isHeld, published, run: this.#run, lastAt: this.#counter.lastAt }, this.#modules.clock.now()),
      subscribers: channels.filter(({ status }) => status === 'open').length,
      ratePerSecond: this.#run.startedAt === null ? null : this.#counter.perSecond,
      lastSeq: newest === null ? null : Number(newest),
      unsent: published === null ? 0 : published.rowsWaiting + Math.max(0, Number(published.nextSeq - ((newest ?? -1n) + 1n))),
    };
  }

  get details(): PublishingDetails {
    const { stream } = this.#facts;
    const now = this.#modules.clock.now();
    const published = this.#publisher?.status ?? null;
    const epoch = epochOf(stream, now);
    const told = new Map((published?.subscribers ?? []).map((reading) => [toHex(reading.channelId), reading]));
    const handed = this.#facts.channels.map(({ id }) => this.#publisher?.keysGivenTo(fromHex(id), stream.generation) ?? -1);
    return {
      generation: stream.generation, epoch, epochEndsAt: epochStart(stream, epoch + 1), handedOutTo: Math.max(epoch, ...handed), runId: published?.runId === null || published === null ? null : toHex(published.runId),
      gateways: gatewayProgress(stream.gateways, published?.gateways ?? [], this.#run.startedAt !== null),
      sources: this.#sources.statuses,
      subscribers: this.#facts.channels.filter(({ status }) => status !== 'closed').map((channel) => this.#subscribers.statusOf(channel, stream, told.get(channel.id) ?? null, this.#publisher)),
      usage: this.#modules.table.useOf(this.id, now),
    };
  }

  /** Everything is on disk. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#inTurn(() => this.#shut());
    await this.tick();
  }

  async #follow(): Promise<void> {
    if (this.#closed) return;
    if (this.#facts.stream.status === 'ended') return this.#shut();
    if (this.#publisher === null && this.#facts.text === null) return;
    const publisher = await this.#open(); // also while it is off, for it knows whom keys went to
    if (!this.isOn) return this.#pause();
    await this.#sources.start();
    if (this.#facts.isHeld) this.#run.start(publisher);
  }

  async #pause(): Promise<void> {
    await this.#sources.stop();
    await this.#run.end();
  }

  async #shut(): Promise<void> {
    await this.#pause();
    await this.#publisher?.close();
    this.#publisher = null;
  }

  /** @throws COLUMNS_MISSING, CodedError<FileErrorCode>, JOURNAL_DAMAGED */
  async #open(): Promise<Publisher> {
    if (this.#publisher !== null) return this.#publisher;
    const { stream, text } = this.#facts;
    const { schema } = this;
    const { chain, keys, files, clock, log } = this.#modules;
    this.#publisher = await Publisher.open(
      {
        streamId: fromHex(this.id), folder: join(this.#options.folder, 'publisher'), schema, formerPublishers: stream.publishers.slice(0, -1).map(fromHex),
        maxDelayMillis: MAX_DELAY, maxWaitingBytes: MAX_WAITING_BYTES, ...(text === null || text.peekDelaySeconds === null ? {} : { peekDelayMillis: millis(text.peekDelaySeconds * 1000) }),
      },
      { chain, keys: keys.publisher(fromHex(this.id), fromHex(stream.publisher)), files, clock, log },
    );
    return this.#publisher;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined); // told to whoever called
    return mine;
  }
}
