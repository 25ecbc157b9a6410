/**
 * One stream of this wallet as it is published from this machine: its rows on disk, its sources, the run that signs and sends, and whom its
 * keys go to. Rows are taken while it is on, also before the wallet was unlocked; they are signed when the keys process holds the stream.
 */
import { join } from 'node:path';
import { fromHex, hexOf, toHex, type Hex } from '../../base/bytes.ts';
import { millis, toMillis, type Clock, type Millis } from '../../base/clock.ts';
import { CodedError, isCoded, toCoded } from '../../base/errors.ts';
import type { FilePort } from '../../base/files.ts';
import type { Logger } from '../../base/logger.ts';
import { randomBytes } from '../../crypto/hash.ts';
import { epochAt } from '../format/ggm.ts';
import type { Subscriber } from '../gateway/wire.ts';
import type { ChannelEntry } from '../index/channel-entry.ts';
import type { StreamEntry } from '../index/stream-entry.ts';
import type { StreamMetadata } from '../metadata.ts';
import type { Passwords, PublishingKeys } from '../ports.ts';
import { Publisher, type PublisherStatus } from '../publisher/publisher.ts';
import type { StreamSchema } from '../publisher/schema.ts';
import type { StreamChain } from '../stream-chain.ts';
import type { PublishingTable } from './publishing-table.ts';
import { RowCounter } from './row-counter.ts';
import { newToken, passwordName, StreamSource } from './stream-source.ts';
import type { HourOfUse, PublishingDetails, PublishingStatus, SourceSettings, SubscriberStatus } from './views.ts';
import type { VoucherBook } from './voucher-book.ts';

export interface OwnStreamOptions {
  readonly id: Hex;
  /** Of this stream only. */
  readonly folder: string;
}

export interface OwnStreamModules {
  readonly chain: StreamChain;
  readonly keys: PublishingKeys;
  readonly passwords: Passwords;
  readonly table: PublishingTable;
  readonly vouchers: VoucherBook;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What the chain, its description and the keys process say of it now. */
export interface OwnStreamFacts {
  readonly stream: Pick<StreamEntry, 'status' | 'publisher' | 'generation' | 'epochSeconds' | 'startSeconds' | 'ahead' | 'gateways' | 'plans'>;
  /** Null while it is on its way. */
  readonly text: Pick<StreamMetadata, 'schema' | 'peekDelaySeconds'> | null;
  /** The keys process signs for it. */
  readonly isHeld: boolean;
  /** Those of subscribers, newest first. */
  readonly channels: readonly Pick<ChannelEntry, 'id' | 'streamId' | 'payer' | 'payerKey' | 'planHash' | 'status' | 'deposit' | 'openedAt'>[];
}

interface Run {
  readonly startedAt: Millis;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

const MAX_DELAY = millis(200);
const MAX_WAITING_BYTES = 256 * 1024 * 1024;
const RETRY_MILLIS = 5_000;
/** A run that none of its gateways has answered for so long says so. */
const ANSWER_MILLIS = 5_000;
const SILENT_MILLIS = 30_000;
/** A subscriber whose counters stood still for so long is away. */
const AWAY_MILLIS = 5 * 60_000;
/** After these it goes on by itself. */
const KEYS_AWAY = new Set(['STREAM_NOT_HELD', 'KEYS_STOPPED', 'WALLET_LOCKED']);
const PASSING = new Set(['CHAIN_UNREACHABLE', 'NO_GATEWAY', 'GATEWAY_UNREACHABLE', 'REMOTE_UNREACHABLE']);
const SOURCE_ID_BYTES = 8;

export class OwnStream {
  readonly id: Hex;
  readonly #options: OwnStreamOptions;
  readonly #modules: OwnStreamModules;
  readonly #counter: RowCounter;
  readonly #sources = new Map<string, StreamSource>();
  /** When what a gateway says of each subscriber changed last. */
  readonly #moved = new Map<Hex, { readonly text: string; readonly at: Millis }>();
  #facts: OwnStreamFacts;
  #publisher: Publisher | null = null;
  #run: Run | null = null;
  #fault: { readonly error: CodedError; readonly at: Millis } | null = null;
  #use = { messages: 0, bytes: 0 };
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: OwnStreamOptions, modules: OwnStreamModules, facts: OwnStreamFacts) {
    this.id = options.id;
    this.#options = options;
    this.#modules = modules;
    this.#facts = facts;
    this.#counter = new RowCounter(modules.clock);
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

  setOn(on: boolean): Promise<void> {
    return this.#inTurn(async () => {
      this.#modules.table.setOn(this.id, on);
      this.#fault = null;
      await this.#follow();
    });
  }

  /** Runs at once while the stream is on. @param password of the broker of an MQTT source, or null */
  addSource(settings: SourceSettings, password: string | null): Promise<void> {
    return this.#inTurn(async () => {
      const id = hexOf(randomBytes(SOURCE_ID_BYTES));
      if (password !== null) await this.#modules.passwords.keep(passwordName(id), password);
      this.#modules.table.addSource({ id, stream: this.id, settings, running: true, token: settings.kind === 'post' || settings.kind === 'socket' ? newToken() : null }, this.#modules.clock.now());
      await this.#follow();
    });
  }

  /** @throws SOURCE_UNKNOWN */
  setSource(id: string, running: boolean): Promise<void> {
    return this.#inTurn(async () => {
      const saved = this.#saved(id);
      const source = this.#sources.get(id);
      if (source === undefined) this.#modules.table.changeSource(saved, { running });
      else await source.setRunning(running);
      await this.#follow();
    });
  }

  /** @throws SOURCE_UNKNOWN */
  removeSource(id: string): Promise<void> {
    return this.#inTurn(async () => {
      const { settings } = this.#saved(id);
      await this.#sources.get(id)?.stop();
      this.#sources.delete(id);
      this.#modules.table.removeSource(id);
      if (settings.kind !== 'mqtt' || settings.settings.username === null) return;
      await this.#modules.passwords.keep(passwordName(id), null).catch((error: unknown) => {
        if (!isCoded(error)) throw error;
        this.#modules.log.info('the password of a source is kept until the wallet is open', { code: error.code });
      });
    });
  }

  /** The one before is refused from now on. @throws SOURCE_UNKNOWN, NO_TOKEN */
  sourceToken(id: string): Promise<string> {
    return this.#inTurn(async () => {
      const saved = this.#saved(id);
      if (saved.settings.kind !== 'post' && saved.settings.kind !== 'socket') throw new CodedError('NO_TOKEN', 'Nothing comes to this source by a token.', { help: 'Only sources by POST and by socket have one.' });
      const source = this.#sources.get(id);
      if (source !== undefined) return source.newToken();
      const token = newToken();
      this.#modules.table.changeSource(saved, { token });
      return token;
    });
  }

  /** No further key goes to this channel, also after a restart. @returns the first epoch that it cannot read, and when that begins */
  revoke(channel: Hex): Promise<{ readonly actsAt: Millis; readonly epoch: number }> {
    return this.#inTurn(async () => {
      const publisher = await this.#open();
      const actsAt = await publisher.revoke(fromHex(channel));
      return { actsAt, epoch: this.#epochAt(actsAt) };
    });
  }

  /** What was counted since the last time is written down; what failed for a while is tried again. */
  async tick(): Promise<void> {
    const { table, clock } = this.#modules;
    const now = clock.now();
    this.#see(now);
    const readers = this.#publisher?.status.subscribers.length ?? 0;
    if (this.#use.messages > 0 || (readers > 0 && this.#run !== null)) {
      table.addUse(this.id, { ...this.#use, readers }, now);
      this.#use = { messages: 0, bytes: 0 };
    }
    for (const source of this.#sources.values()) await source.tick();
    if (this.#fault !== null && this.#run === null && now - this.#fault.at >= RETRY_MILLIS) await this.#inTurn(() => this.#follow());
  }

  get status(): PublishingStatus {
    const published = this.#publisher?.status ?? null;
    const newest = newestOf(published);
    return {
      ...this.#state(published),
      subscribers: this.#facts.channels.filter(({ status }) => status === 'open').length,
      ratePerSecond: this.#run === null ? null : this.#counter.perSecond,
      lastSeq: newest === null ? null : Number(newest),
      unsent: published === null ? 0 : published.rowsWaiting + Math.max(0, Number(published.nextSeq - ((newest ?? -1n) + 1n))),
    };
  }

  get details(): PublishingDetails {
    const { stream } = this.#facts;
    const now = this.#modules.clock.now();
    const published = this.#publisher?.status ?? null;
    const epoch = this.#epochAt(now);
    const handed = this.#facts.channels.map(({ id }) => this.#publisher?.keysGivenTo(fromHex(id), stream.generation) ?? -1);
    return {
      generation: stream.generation, epoch, epochEndsAt: this.#epochStart(epoch + 1), handedOutTo: Math.max(epoch, ...handed), runId: published?.runId === null || published === null ? null : toHex(published.runId),
      gateways: stream.gateways.map((gateway) => {
        const link = published?.gateways.find(({ gatewayId }) => gatewayId === gateway);
        return { gateway, acknowledgedSeq: link?.acknowledgedSeq === null || link === undefined ? null : Number(link.acknowledgedSeq), connected: this.#run !== null && link?.state === 'sending' };
      }),
      sources: this.#modules.table.sourcesOf(this.id).map((saved) => (this.#sources.get(saved.id) ?? this.#source(saved.id)).status),
      subscribers: this.#facts.channels.filter(({ status }) => status !== 'closed').map((channel) => this.#subscriber(channel, now)),
      usage: this.#usage(now),
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
    for (const { id } of this.#modules.table.sourcesOf(this.id)) {
      const source = this.#sources.get(id) ?? this.#source(id);
      this.#sources.set(id, source);
      await source.start();
    }
    if (this.#run === null && this.#facts.isHeld && this.#mayRun()) this.#startRun(publisher);
  }

  #mayRun(): boolean {
    if (this.#fault === null) return true;
    const { code } = this.#fault.error;
    return KEYS_AWAY.has(code) || (PASSING.has(code) && this.#modules.clock.now() - this.#fault.at >= RETRY_MILLIS);
  }

  #startRun(publisher: Publisher): void {
    const stop = new AbortController();
    this.#fault = null;
    const run: Run = {
      startedAt: this.#modules.clock.now(), stop,
      done: publisher.run(stop.signal).catch((error: unknown) => {
        const coded = toCoded(error);
        if (!isCoded(error)) this.#modules.log.error('publishing failed', { stream: this.id }, error);
        else this.#modules.log.warn('publishing stopped', { stream: this.id, code: coded.code });
        this.#fault = { error: coded, at: this.#modules.clock.now() };
      }).finally(() => {
        if (this.#run === run) this.#run = null;
      }),
    };
    this.#run = run;
  }

  async #endRun(): Promise<void> {
    const run = this.#run;
    run?.stop.abort();
    await run?.done;
  }

  async #pause(): Promise<void> {
    for (const source of this.#sources.values()) await source.stop();
    this.#sources.clear();
    await this.#endRun();
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
        streamId: fromHex(this.id), folder: join(this.#options.folder, 'publisher'), schema,
        maxDelayMillis: MAX_DELAY, maxWaitingBytes: MAX_WAITING_BYTES, ...(text === null || text.peekDelaySeconds === null ? {} : { peekDelayMillis: millis(text.peekDelaySeconds * 1000) }),
      },
      { chain, keys: keys.publisher(fromHex(this.id), fromHex(stream.publisher)), files, clock, log },
    );
    return this.#publisher;
  }

  #saved(id: string): ReturnType<PublishingTable['sourcesOf']>[number] {
    const saved = this.#modules.table.sourcesOf(this.id).find((source) => source.id === id);
    if (saved === undefined) throw new CodedError('SOURCE_UNKNOWN', 'This stream has no such source.', { help: 'Look at the list of its sources.' });
    return saved;
  }

  #source(id: string): StreamSource {
    const { table, passwords, clock, log } = this.#modules;
    return new StreamSource(this.#saved(id), {
      sink: () => this.#publisher?.sink ?? null, table, passwords, clock, log,
      onTaken: (rows, bytes) => {
        this.#counter.add(rows);
        this.#use = { messages: this.#use.messages + rows, bytes: this.#use.bytes + bytes };
      },
    });
  }

  /** Vouchers that gateways show are written down. */
  #see(now: Millis): void {
    for (const subscriber of this.#publisher?.status.subscribers ?? []) {
      const id = toHex(subscriber.channelId);
      const text = `${subscriber.owed}/${subscriber.voucher?.cumulativeUnits ?? 0n}`;
      if (this.#moved.get(id)?.text !== text) this.#moved.set(id, { text, at: now });
      const channel = this.#facts.channels.find((one) => one.id === id);
      if (channel !== undefined && subscriber.voucher !== null) this.#modules.vouchers.see(channel, subscriber.voucher);
    }
  }

  #state(published: PublisherStatus | null): Pick<PublishingStatus, 'state' | 'problem'> {
    if (this.#facts.stream.status === 'ended') return { state: 'ended', problem: null };
    if (!this.isOn) return { state: 'off', problem: null };
    if (this.#publisher === null) return { state: 'registering', problem: null };
    if (!this.#facts.isHeld || (this.#fault !== null && KEYS_AWAY.has(this.#fault.error.code))) return { state: 'locked', problem: null };
    if (this.#fault !== null) return { state: PASSING.has(this.#fault.error.code) ? 'silent' : 'failed', problem: this.#fault.error.toJSON() };
    const isTaken = published?.gateways.some(({ fault, state }) => fault === null && state === 'sending') ?? false;
    const fault = published?.gateways.find((link) => link.fault !== null)?.fault ?? null;
    const isUnanswered = published?.state === 'starting' && this.#run !== null && this.#modules.clock.now() - this.#run.startedAt >= ANSWER_MILLIS;
    if (isUnanswered) return { state: 'silent', problem: unanswered().toJSON() };
    const lastAt = this.#counter.lastAt;
    const isFresh = lastAt !== null && this.#modules.clock.now() - lastAt < SILENT_MILLIS;
    return { state: isTaken && isFresh ? 'publishing' : 'silent', problem: isTaken || fault === null ? null : { ...fault } };
  }

  #subscriber(channel: OwnStreamFacts['channels'][number], now: Millis): SubscriberStatus {
    const { stream } = this.#facts;
    const told = this.#publisher?.status.subscribers.find(({ channelId }) => toHex(channelId) === channel.id) ?? null;
    const plan = stream.plans.find(({ planHash }) => planHash === channel.planHash);
    const kind = plan?.kind ?? told?.kind ?? 'metered';
    const best = this.#modules.vouchers.of(channel.id)?.voucher ?? null;
    const unsigned = told === null || kind === 'period' ? 0n : told.owed - (best?.cumulativeUnits ?? 0n);
    const given = this.#publisher?.keysGivenTo(fromHex(channel.id), stream.generation) ?? null;
    return {
      channel: channel.id, payer: channel.payer, kind,
      paidUntil: kind === 'period' && best !== null ? this.#epochStart(best.epochTo + 1) : null,
      signed: best?.cumulativeAmount ?? 0n,
      owed: (unsigned > 0n ? unsigned : 0n) * (plan?.unitPrice ?? 0n),
      keysUntil: given === null ? now : this.#epochStart(given + 1),
      state: this.#subscriberState(channel, { told, kind, unsigned, window: plan?.window ?? 0, epochTo: best?.epochTo ?? -1 }, now),
      since: channel.openedAt,
    };
  }

  #subscriberState(channel: OwnStreamFacts['channels'][number], { told, kind, unsigned, window, epochTo }: { readonly told: Subscriber | null; readonly kind: SubscriberStatus['kind']; readonly unsigned: bigint; readonly window: number; readonly epochTo: number }, now: Millis): SubscriberStatus['state'] {
    if (this.#publisher?.revoked.some((revoked) => toHex(revoked) === channel.id) === true) return 'revoked';
    if (channel.status === 'closing') return 'closing';
    if (told === null || now - (this.#moved.get(channel.id)?.at ?? 0) >= AWAY_MILLIS) return 'away';
    const isPaid = kind === 'period' ? epochTo >= this.#epochAt(now) : unsigned < BigInt(window);
    return isPaid ? 'reading' : 'unpaid';
  }

  #usage(now: Millis): readonly HourOfUse[] {
    return this.#modules.table.useOf(this.id, now);
  }

  #epochAt(now: Millis): number {
    const { startSeconds, epochSeconds } = this.#facts.stream;
    return epochAt(Math.max(now, toMillis(startSeconds)), toMillis(startSeconds), toMillis(epochSeconds));
  }

  #epochStart(epoch: number): Millis {
    const { startSeconds, epochSeconds } = this.#facts.stream;
    return millis(toMillis(startSeconds) + epoch * toMillis(epochSeconds));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined); // told to whoever called
    return mine;
  }
}

/** Newest message that any gateway has. */
function newestOf(published: PublisherStatus | null): bigint | null {
  const seqs = (published?.gateways ?? []).flatMap(({ acknowledgedSeq }) => acknowledgedSeq ?? []);
  return seqs.reduce<bigint | null>((newest, seq) => (newest === null || seq > newest ? seq : newest), null);
}

function unanswered(): CodedError {
  return new CodedError('GATEWAY_UNREACHABLE', 'No gateway of this stream answers now; messages are kept on this machine.', { help: 'They are sent as soon as one answers. Look at the gateways of the stream.' });
}
