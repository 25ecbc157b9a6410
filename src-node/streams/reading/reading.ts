/** One channel of this wallet as it is read: rows for windows and for a file, and how the reading and its spending stand (docs/protocol/11 §4.12, §4.13). */
import { join } from 'node:path';
import { fromHex, toHex, type Hex } from '../../base/bytes.ts';
import { cleanText } from '../../base/clean-text.ts';
import { millis, toMillis, type Clock, type Millis } from '../../base/clock.ts';
import { CodedError, isCoded, toCoded } from '../../base/errors.ts';
import type { FilePort } from '../../base/files.ts';
import type { Logger } from '../../base/logger.ts';
import { connectStream, type StreamEvent } from '../client/connect.ts';
import type { SubscriberKeys } from '../client/keys.ts';
import { RowWindow } from '../client/local-endpoint.ts';
import { FileReaderStore, type ReaderState, type ReaderStore } from '../client/reader-store.ts';
import type { StreamRow } from '../client/row.ts';
import { verifiedRow } from '../client/verified-row.ts';
import type { StreamGap } from '../client/verify.ts';
import type { DailyCaps } from '../daily-caps.ts';
import type { ChannelEntry } from '../index/channel-entry.ts';
import type { StreamEntry, StreamPlanEntry } from '../index/stream-entry.ts';
import type { StreamTextColumn } from '../metadata.ts';
import { planWindow } from '../plan-window.ts';
import type { ReadingKeys, StreamKeys, StreamsAt } from '../ports.ts';
import type { StreamSchema } from '../publisher/schema.ts';
import type { StreamChain } from '../stream-chain.ts';
import { GapList } from './gap-list.ts';
import { LiveWindow, type LiveSource } from './live-window.ts';
import { RateMeter } from './rate-meter.ts';
import type { ReadingTable, SavedReading } from './reading-table.ts';
import { Recorder, type RecorderModules } from './recorder.ts';
import { RowRing } from './row-ring.ts';
import type { ReadingEvent, ReadingGap, ReadingState, ReadingView, RecordingFormat, RecordingView, SpendView } from './views.ts';

/** A channel of this wallet, by the index. */
export interface ReadChannel {
  readonly channel: Pick<ChannelEntry, 'id' | 'streamId' | 'payer' | 'nonce' | 'status' | 'deposit' | 'paid'>;
  readonly stream: Pick<StreamEntry, 'epochSeconds' | 'ahead' | 'startSeconds'>;
  readonly plan: Pick<StreamPlanEntry, 'kind' | 'unitPrice' | 'window'>;
  /** Null while the publisher's description is on its way; rows are shown as they came then. */
  readonly columns: readonly StreamTextColumn[] | null;
}

export interface ReadingOptions {
  /** Of this network's data: where readers stand, and what they signed. */
  readonly folder: string;
  /** Of files that are recorded. */
  readonly recordings: string;
}

export interface ReadingModules {
  readonly chain: StreamChain;
  readonly at: StreamsAt;
  readonly keys: ReadingKeys;
  /** What the keys process signs for now. */
  readonly held: StreamKeys['held'];
  readonly caps: DailyCaps;
  readonly table: ReadingTable;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly log: Logger;
  /** Something changed that a page shows. */
  readonly onChange: () => void;
}

const DAY_MILLIS = 86_400_000;
const HOUR_MILLIS = 3_600_000;
const RATE_MILLIS = 10_000;
const SILENT_MILLIS = 15_000;
const RETRY_MILLIS = 2000;
/** A gateway that failed may take over again after so long. */
const FAILED_MILLIS = 60_000;
const MAX_WINDOWS = 32;
/** At least so many are kept for other programs, at most twice as many. */
const SHARED_ROWS = 1000;
/** What passes by itself, or when somebody unlocks the wallet. */
const PASSING: ReadonlySet<string> = new Set(['CHAIN_UNREACHABLE', 'WALLET_LOCKED', 'STREAM_NOT_HELD', 'KEYS_STOPPED']);
const MARKS = [100, 80, 50] as const;

interface Run {
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

export class Reading implements LiveSource {
  readonly #options: ReadingOptions;
  readonly #modules: ReadingModules;
  readonly #files: ReaderStore;
  readonly #gaps: GapList;
  readonly #ring = new RowRing();
  readonly #windows = new Set<LiveWindow>();
  readonly #closed = new AbortController();
  readonly #rate: RateMeter;
  /** Base units. */
  readonly #costs: RateMeter;
  readonly #failedAt = new Map<string, Millis>();
  #channel: ReadChannel;
  #schema: StreamSchema;
  #wanted: boolean;
  #publicKey: SubscriberKeys['publicKey'] | null;
  #recorder: Recorder | null;
  #state: ReaderState;
  #shared: RowWindow | null = null;
  #run: Run | null = null;
  /** One change after the other. */
  #turn: Promise<void> = Promise.resolve();
  #phase: 'off' | 'connecting' | 'connected' | 'ended' | 'failed' = 'off';
  #phaseAt: Millis;
  #problem: CodedError | null = null;
  #unpaid: { readonly why: 'cap' | 'deposit' | 'unverified'; readonly day: number } | null = null;
  #waitsForKey = false;
  #gateway: { readonly id: Hex; readonly name: string } | null = null;
  #endpoint = '';
  #others: readonly string[] = [];
  #batches = 0;
  #refused = 0;
  #last: { readonly seq: number; readonly at: Millis; readonly epoch: number; readonly arrived: Millis } | null = null;
  /** Frames that were read over the life of the channel: those before this connection, and those since. */
  #counted = { before: 0n, since: 0n };
  /** Base units, by the last voucher. */
  #signed: bigint;
  #gapsChanged = false;

  private constructor(channel: ReadChannel, options: ReadingOptions, modules: ReadingModules, parts: { readonly files: ReaderStore; readonly state: ReaderState; readonly recorder: Recorder | null; readonly saved: SavedReading }) {
    const now = modules.clock.now();
    this.#channel = channel;
    this.#options = options;
    this.#modules = modules;
    this.#schema = schemaOf(channel);
    this.#files = parts.files;
    this.#state = parts.state;
    this.#counted.before = parts.state.counted;
    this.#recorder = parts.recorder;
    this.#wanted = parts.saved.wanted;
    this.#publicKey = parts.saved.publicKey;
    this.#gaps = new GapList(parts.saved.gaps);
    this.#signed = parts.state.spend.amount;
    this.#rate = new RateMeter(millis(RATE_MILLIS), now);
    this.#costs = new RateMeter(millis(HOUR_MILLIS), now);
    this.#phaseAt = now;
  }

  /** As it was left; one that was opened on this machine is wanted from the start. @throws CodedError<FileErrorCode> */
  static async open(channel: ReadChannel, options: ReadingOptions, modules: ReadingModules): Promise<Reading> {
    const { id } = channel.channel;
    const files = new FileReaderStore({ path: join(options.folder, `${id.slice(2)}.json`) }, modules);
    const saved = modules.table.load(id) ?? { wanted: modules.caps.isSet(id), publicKey: null, gaps: [], recording: null };
    modules.table.setWanted(id, saved.wanted);
    const recorder = saved.recording === null ? null : await Recorder.reopen(saved.recording, schemaOf(channel), recorderModules(id, modules));
    return new Reading(channel, options, modules, { files, state: await files.load(), recorder, saved });
  }

  get channel(): ReadChannel {
    return this.#channel;
  }

  get isWanted(): boolean {
    return this.#wanted;
  }

  /** As the index tells it now. Reads if that is wanted and possible. */
  update(channel: ReadChannel): Promise<void> {
    return this.#after(async () => {
      const { deposit } = this.#channel.channel;
      const columnsCame = this.#channel.columns === null && channel.columns !== null;
      this.#channel = channel;
      if (columnsCame) this.#schema = schemaOf(channel);
      if (channel.channel.status !== 'open') {
        if (this.#recorder?.isRunning === true) await this.#recorder.stop(this.#modules.clock.now());
        return this.#end();
      }
      const isToppedUp = this.#unpaid?.why === 'deposit' && channel.channel.deposit > deposit;
      if (columnsCame || isToppedUp) await this.#end();
      if (this.#wanted && this.#phase !== 'failed' && this.#phase !== 'ended') this.#begin();
    });
  }

  /** @throws CHANNEL_STATE, WALLET_LOCKED when its keys were not held since the start */
  async resume(): Promise<void> {
    const { channel } = this.#channel;
    if (channel.status !== 'open') throw new CodedError('CHANNEL_STATE', 'This subscription is not open any more.', { help: 'Subscribe again.', meta: { status: channel.status } });
    if (!(await this.#modules.held()).ids.has(channel.id)) throw new CodedError('WALLET_LOCKED', 'The key of this subscription is not there yet.', { help: 'Unlock the wallet once; reading goes on by itself then, also after it is locked again.' });
    await this.#want(true);
  }

  pause(): Promise<void> {
    return this.#want(false);
  }

  /** Base units a day; null takes the cap away. Holds from the next voucher on. */
  setDailyCap(cap: bigint | null): Promise<void> {
    return this.#after(async () => {
      this.#modules.caps.set(this.#channel.channel.id, cap);
      if (this.#run === null) return;
      await this.#end();
      this.#begin();
    });
  }

  /** @throws ALREADY_RECORDING, CHANNEL_STATE, CodedError<FileErrorCode> */
  record(format: RecordingFormat): Promise<void> {
    return this.#after(async () => {
      const { clock } = this.#modules;
      const { channel } = this.#channel;
      if (this.#recorder?.isRunning === true) throw new CodedError('ALREADY_RECORDING', 'This subscription is being recorded already.', { help: 'Stop that recording first.' });
      if (channel.status !== 'open') throw new CodedError('CHANNEL_STATE', 'This subscription is not open any more, so nothing comes to be recorded.', { help: 'Subscribe again.', meta: { status: channel.status } });
      const now = clock.now();
      const time = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '');
      this.#recorder = await Recorder.begin({ folder: this.#options.recordings, name: `stream-${channel.streamId.slice(2, 10)}-${time}-${channel.id.slice(2, 6)}`, format, schema: this.#schema, now }, recorderModules(channel.id, this.#modules));
      this.#changed();
    });
  }

  stopRecording(): Promise<void> {
    return this.#after(async () => {
      await this.#recorder?.stop(this.#modules.clock.now());
      this.#changed();
    });
  }

  /** Keeps rows for other programs of this computer from now on. @throws CHANNEL_STATE */
  share(): void {
    const { status } = this.#channel.channel;
    if (status !== 'open') throw new CodedError('CHANNEL_STATE', 'This subscription is not open any more.', { help: 'Subscribe again.', meta: { status } });
    this.#shared ??= new RowWindow({ maxRows: SHARED_ROWS });
  }

  /** Null while it is not read, or nobody asked for it. */
  get sharedRows(): RowWindow | null {
    return this.#run === null ? null : this.#shared;
  }

  /** Until `signal` aborts or the program ends. Looking on does not read by itself. @throws TOO_MANY_WINDOWS */
  async *live(signal: AbortSignal): AsyncGenerator<ReadingEvent, void, undefined> {
    if (this.#windows.size >= MAX_WINDOWS) throw new CodedError('TOO_MANY_WINDOWS', 'Too many windows look at this subscription.', { help: 'Close one.' });
    const window = new LiveWindow(this, this.#modules.clock);
    this.#windows.add(window);
    try {
      yield* window.events(AbortSignal.any([signal, this.#closed.signal]));
    } finally {
      this.#windows.delete(window);
    }
  }

  /** Everything is written down. */
  close(): Promise<void> {
    this.#closed.abort();
    return this.#after(async () => {
      await this.#end();
      await this.#recorder?.close();
      this.#saveGaps();
    });
  }

  /** Time passes. */
  tick(): void {
    const { clock } = this.#modules;
    const now = clock.now();
    const isTrying = this.#phase === 'connected' || this.#phase === 'connecting';
    const isQuiet = now - Math.max(this.#last?.arrived ?? 0, this.#phaseAt) > SILENT_MILLIS;
    if (isTrying && isQuiet) this.#beginGap(this.#phase === 'connected' ? 'publisher' : 'gateway', this.#last?.arrived ?? this.#phaseAt);
    if (this.#unpaid?.why === 'cap' && this.#unpaid.day !== dayOf(now)) {
      this.#unpaid = null;
      void this.#again();
    }
    this.#saveGaps();
    void this.#recorder?.flush(); // what came since the reader's place was last written down
    for (const window of this.#windows) window.touch();
  }

  reading(): ReadingView {
    const now = this.#modules.clock.now();
    const { stream } = this.#channel;
    const rate = this.#rate.perMilli(now);
    const last = this.#last;
    const problem = this.#shownProblem();
    return {
      state: this.#stateAt(now), problem: problem === null ? null : problem.toJSON(), gateway: this.#phase === 'connected' ? this.#gateway : null,
      gatewaysReady: this.#others.filter((endpoint) => now - (this.#failedAt.get(endpoint) ?? 0) > FAILED_MILLIS).length,
      ratePerSecond: rate === null ? null : rate * 1000, lagMillis: last === null ? null : last.arrived - last.at,
      epoch: last?.epoch ?? null, epochEndsAt: last === null ? null : millis(toMillis(stream.startSeconds) + (last.epoch + 1) * toMillis(stream.epochSeconds)),
      signature: this.#refused > 0 ? 'refused' : this.#batches > 0 ? 'valid' : 'none-yet', batches: this.#batches, refusedBatches: this.#refused,
      gaps: this.#gaps.all(now), lastSeq: last?.seq ?? null, lastAt: last?.at ?? null, at: now,
    };
  }

  spend(): SpendView {
    const { clock, caps } = this.#modules;
    const now = clock.now();
    const { channel, stream, plan } = this.#channel;
    const { units, amount, day, spentToday: spent } = this.#state.spend;
    const today = dayOf(now);
    const spentToday = day === today ? spent : 0n;
    const capPerDay = caps.of(channel.id);
    const window = planWindow(stream, plan);
    const unsigned = this.#counted.before + this.#counted.since - units;
    const cost = this.#costs.perMilli(now);
    return {
      kind: plan.kind, unitPrice: plan.unitPrice, spentToday, capPerDay, dayEndsAt: millis((today + 1) * DAY_MILLIS), deposit: channel.deposit, signed: amount, paid: channel.paid,
      owed: plan.kind === 'metered' && unsigned > 0n ? unsigned * plan.unitPrice : 0n, window: window.units, windowAmount: window.amount,
      lastsMillis: cost === null || cost === 0 ? null : Math.floor(Math.max(0, Number(channel.deposit - amount)) / cost),
      warning: capPerDay === null ? null : (MARKS.find((mark) => spentToday * 100n >= capPerDay * BigInt(mark)) ?? null),
    };
  }

  recording(): RecordingView | null {
    return this.#recorder?.view ?? null;
  }

  rows(): ReturnType<RowRing['rows']> {
    return this.#ring.rows(this.#modules.clock.now());
  }

  #want(wanted: boolean): Promise<void> {
    return this.#after(async () => {
      this.#wanted = wanted;
      this.#modules.table.setWanted(this.#channel.channel.id, wanted);
      if (!wanted) {
        await this.#end();
        this.#endGap();
        this.#beginGap('paused', this.#modules.clock.now());
      } else if (this.#phase !== 'connected' || this.#unpaid !== null) {
        await this.#end();
        this.#begin();
      }
      this.#changed();
    });
  }

  /** Ends the connection and begins another one. */
  #again(): Promise<void> {
    return this.#after(async () => {
      if (this.#run === null) return;
      await this.#end();
      this.#begin();
    });
  }

  #after<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.then(() => undefined, () => undefined);
    return done;
  }

  #begin(): void {
    if (this.#run !== null) return;
    const stop = new AbortController();
    this.#unpaid = null;
    this.#to('connecting', null);
    this.#run = { stop, done: this.#follow(stop.signal) };
  }

  async #end(): Promise<void> {
    const run = this.#run;
    run?.stop.abort();
    await run?.done;
    this.#run = null;
    this.#to('off', null);
  }

  /** Until it is stopped, or cannot go on by itself; it never throws. */
  async #follow(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#modules;
    const isStopped = (): boolean => signal.aborted;
    for (;;) {
      try {
        await this.#readOn(signal);
        if (!isStopped()) this.#to('ended', null);
        return;
      } catch (error) {
        const coded = toCoded(error);
        if (!isCoded(error)) log.error('reading a stream failed', { channel: this.#channel.channel.id }, error);
        if (isStopped()) return;
        this.#to(PASSING.has(coded.code) ? 'connecting' : 'failed', coded);
        if (!PASSING.has(coded.code)) return;
        await clock.sleep(millis(RETRY_MILLIS), signal);
        if (isStopped()) return;
      }
    }
  }

  async #readOn(signal: AbortSignal): Promise<void> {
    const { chain, caps, clock, log } = this.#modules;
    const { id, streamId } = this.#channel.channel;
    const keys = await this.#subscriber();
    const rows = connectStream(
      { streamId: fromHex(streamId), channelId: fromHex(id), begin: 'live', schema: this.#schema, dailyCap: caps.of(id), signal },
      { chain, keys, clock, log, store: { load: () => this.#loadPlace(), save: (state) => this.#savePlace(state) }, onEvent: (event) => this.#take(event) },
    );
    for await (const row of rows) if (this.#takeRow(row)) await this.#recorder?.flush();
  }

  /** @throws STREAM_NOT_HELD, WALLET_LOCKED, KEYS_STOPPED */
  async #subscriber(): Promise<SubscriberKeys> {
    const { keys, held, at } = this.#modules;
    const { id, streamId, payer, nonce } = this.#channel.channel;
    if (!(await held()).ids.has(id)) throw new CodedError('STREAM_NOT_HELD', 'The key of this subscription is not there yet.', { help: 'Unlock the wallet once; reading goes on by itself then.' });
    if (this.#publicKey === null) {
      this.#publicKey = await keys.publicKeyOf({ at, account: fromHex(payer), nonce, streamId: fromHex(streamId) });
      this.#modules.table.setPublicKey(id, this.#publicKey);
    }
    return keys.subscriber(fromHex(id), this.#publicKey);
  }

  async #loadPlace(): Promise<ReaderState> {
    this.#state = await this.#files.load();
    this.#counted = { before: this.#state.counted, since: 0n };
    this.#signed = this.#state.spend.amount;
    return this.#state;
  }

  async #savePlace(state: ReaderState): Promise<void> {
    await this.#recorder?.flush();
    await this.#files.save(state);
    this.#state = state;
    // a voucher of another copy of this wallet counts as read
    const { before, since } = this.#counted;
    if (state.counted > before + since) this.#counted = { before: state.counted - since, since };
  }

  /** @returns whether the recording is to be waited for */
  #takeRow(row: StreamRow): boolean {
    const now = this.#modules.clock.now();
    const shown = verifiedRow(row, this.#schema.columns);
    this.#counted.since += 1n;
    this.#waitsForKey = false;
    this.#last = { seq: shown.seq, at: row.record.timeMillis, epoch: row.epoch, arrived: now };
    this.#rate.add(1, now);
    this.#ring.add(shown, row.record.body.length, now);
    this.#endGap();
    for (const window of this.#windows) window.row(shown);
    this.#shared?.add(row);
    return this.#recorder?.add(row) ?? false;
  }

  #take(event: StreamEvent): void {
    const { clock } = this.#modules;
    const now = clock.now();
    switch (event.type) {
      case 'batch':
        this.#batches += 1;
        return;
      case 'connected':
        this.#to('connected', null);
        this.#gateway = null;
        this.#endpoint = event.endpoint;
        void this.#lookRound(event.endpoint);
        return;
      case 'disconnected':
        if (event.error.code === 'BAD_BATCH') this.#refused += 1;
        for (const [endpoint, at] of this.#failedAt) if (now - at > FAILED_MILLIS) this.#failedAt.delete(endpoint);
        this.#failedAt.set(event.endpoint, now);
        return this.#to('connecting', event.error);
      case 'keys':
        this.#waitsForKey = true;
        return this.#touch();
      case 'gap': {
        const { from, to, reason } = event.gap;
        return this.#addGap({ fromSeq: Number(from), toSeq: Number(to), from: this.#last?.arrived ?? now, to: now, reason: gapReason(reason, event.gateway) });
      }
      case 'fork': {
        const seq = Number(event.fork.firstSeq);
        this.#refused += 1;
        return this.#addGap({ fromSeq: seq, toSeq: seq, from: now, to: now, reason: 'fork' });
      }
      case 'paid':
        this.#costs.add(Number(event.amount - this.#signed), now);
        this.#signed = event.amount;
        this.#unpaid = null;
        return this.#touch();
      case 'budget':
        return this.#changed();
      case 'paused':
        this.#unpaid = { why: event.why, day: dayOf(now) };
        return this.#changed();
    }
  }

  /** Which gateway it is, and which others there are. */
  async #lookRound(endpoint: string): Promise<void> {
    const { chain } = this.#modules;
    const stream = await chain.stream(fromHex(this.#channel.channel.streamId)).catch(() => null);
    const others: string[] = [];
    let found: ReadingView['gateway'] = null;
    for (const gatewayId of stream?.gateways ?? []) {
      const gateway = await chain.gateway(gatewayId).catch(() => null);
      const [first] = gateway?.endpoints ?? [];
      if (gateway === null || first === undefined) continue;
      if (first === endpoint && found === null) found = { id: toHex(gatewayId), name: nameOf(first) };
      else if (gateway.status === 'bonded') others.push(first);
    }
    if (endpoint !== this.#endpoint) return; // another one meanwhile
    this.#gateway = found;
    this.#others = others;
    this.#touch();
  }

  #stateAt(now: Millis): ReadingState {
    if (this.#phase === 'ended' || this.#phase === 'failed') return this.#phase;
    if (this.#run === null) return this.#channel.channel.status === 'open' ? (this.#wanted ? 'connecting' : 'paused') : 'ended';
    if (this.#unpaid !== null) return this.#unpaid.why === 'cap' ? 'cap' : 'pay';
    if (this.#phase === 'connecting') return 'connecting';
    if (this.#waitsForKey) return 'waiting-key';
    return now - Math.max(this.#last?.arrived ?? 0, this.#phaseAt) > SILENT_MILLIS ? 'silent' : 'live';
  }

  #shownProblem(): CodedError | null {
    if (this.#unpaid?.why === 'deposit') return new CodedError('DEPOSIT_USED', 'The deposit of this subscription is used up; nothing more was signed.', { help: 'Top it up, or let it end.' });
    if (this.#unpaid?.why === 'unverified') return new CodedError('UNVERIFIED_WINDOW', 'What was paid last brought nothing that could be verified, so nothing more was signed.', { help: 'Resume reading to pay for one more window, or close the subscription to bring the rest of the deposit back.' });
    return this.#problem;
  }

  #to(phase: 'off' | 'connecting' | 'connected' | 'ended' | 'failed', problem: CodedError | null): void {
    if (phase === this.#phase && problem?.code === this.#problem?.code) return;
    if (phase !== this.#phase) this.#phaseAt = this.#modules.clock.now();
    this.#phase = phase;
    this.#problem = problem;
    if (phase === 'off') this.#waitsForKey = false;
    this.#changed();
  }

  #beginGap(reason: ReadingGap['reason'], from: Millis): void {
    const begun = this.#gaps.begin(reason, from);
    if (begun !== null) this.#tellGap(begun);
  }

  #endGap(): void {
    const ended = this.#gaps.end(this.#modules.clock.now());
    if (ended !== null) this.#tellGap(ended);
  }

  #addGap(gap: ReadingGap): void {
    this.#gaps.add(gap);
    this.#tellGap(gap);
  }

  #tellGap(gap: ReadingGap): void {
    this.#gapsChanged = true;
    for (const window of this.#windows) window.gap(gap);
    this.#touch();
  }

  #touch(): void {
    for (const window of this.#windows) window.touch();
  }

  #changed(): void {
    this.#touch();
    this.#modules.onChange();
  }

  #saveGaps(): void {
    if (!this.#gapsChanged) return;
    this.#gapsChanged = false;
    this.#modules.table.setGaps(this.#channel.channel.id, this.#gaps.all(this.#modules.clock.now()));
  }
}

function schemaOf({ columns }: ReadChannel): StreamSchema {
  return { version: 1, columns: (columns ?? []).map(({ name, type, unit }) => ({ name, type, unit: unit ?? '' })) };
}

function recorderModules(channel: Hex, { files, table }: ReadingModules): RecorderModules {
  return { files, save: (recording) => table.setRecording(channel, recording) };
}

function gapReason(reason: StreamGap['reason'], told: string | null): ReadingGap['reason'] {
  if (reason === 'wrong_key' || reason === 'unreadable') return 'refused';
  if (told === 'retention') return 'retention';
  if (told === 'unpaid') return 'paused';
  return reason === 'missing' && told === null ? 'gateway' : 'publisher';
}

/** Host and port. */
function nameOf(endpoint: string): string {
  return cleanText(URL.canParse(endpoint) ? new URL(endpoint).host : endpoint).slice(0, 80);
}

function dayOf(now: Millis): number {
  return Math.floor(now / DAY_MILLIS);
}
