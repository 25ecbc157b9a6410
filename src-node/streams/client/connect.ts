/**
 * Reads a stream: verifies, decrypts, pays for what arrived and no more, goes on where it stood, and changes to another gateway of the
 * stream when one fails (docs/protocol/11 §4.11-§4.13).
 */
import { equal, hexOf, type Bytes } from '../../base/bytes.ts';
import { millis, toMillis, type Clock } from '../../base/clock.ts';
import { CodedError, isCoded, toCoded } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { voucherDigest, type TypedDomain, type VoucherMessage } from '../../contracts/typed-data.ts';
import { recoverPublicKey } from '../../crypto/secp256k1.ts';
import { epochAt } from '../format/ggm.ts';
import type { ChannelAnswer, Envelope, ServerFrame, SignedVoucher } from '../gateway/wire.ts';
import type { StreamSchema } from '../publisher/schema.ts';
import type { ChannelRecord, StreamChain, StreamPlan, StreamRecord } from '../stream-chain.ts';
import { GatewayClient } from './gateway-client.ts';
import { GatewaySocket, type SocketData } from './gateway-socket.ts';
import type { SubscriberKeys } from './keys.ts';
import type { ReaderState, ReaderStore } from './reader-store.ts';
import { rowOf, type StreamRow } from './row.ts';
import { SpendGuard, type BudgetLevel } from './spend.ts';
import { StreamVerifier, type DeliveredRecord, type ReaderPosition, type StreamFork, type StreamGap, type StreamNews } from './verify.ts';

export interface ConnectOptions {
  readonly streamId: Bytes;
  readonly channelId: Bytes;
  /** Where a reader begins that never read this stream. */
  readonly begin: 'live' | 'earliest';
  readonly schema: StreamSchema;
  /** Base units a day (UTC); null for no other bound than the deposit. */
  readonly dailyCap: bigint | null;
  /** Ends the reading, after the row that is in hand. */
  readonly signal?: AbortSignal;
}

export interface ConnectModules {
  readonly chain: StreamChain;
  readonly keys: SubscriberKeys;
  readonly store: ReaderStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onEvent?: (event: StreamEvent) => void;
}

/** What happens beside the rows. */
export type StreamEvent =
  /** A batch came and its signature holds. */
  | { readonly type: 'batch' }
  /** These numbers do not come; they are not paid for. `reason` of a gateway that lost or left them out stands beside. */
  | { readonly type: 'gap'; readonly gap: StreamGap; readonly gateway: string | null }
  /** The publisher signed two histories; the second is not delivered. */
  | { readonly type: 'fork'; readonly fork: StreamFork }
  | { readonly type: 'connected'; readonly endpoint: string }
  /** The next gateway of the stream is tried, or the same again. */
  | { readonly type: 'disconnected'; readonly endpoint: string; readonly error: CodedError }
  /** Keys of this epoch are waited for. */
  | { readonly type: 'keys'; readonly epoch: number }
  | { readonly type: 'paid'; readonly units: bigint; readonly amount: bigint; readonly spentToday: bigint }
  | { readonly type: 'budget'; readonly level: BudgetLevel; readonly spentToday: bigint }
  /** Nothing more is signed. `unverified`: what was paid last brought nothing that could be read. */
  | { readonly type: 'paused'; readonly why: 'cap' | 'deposit' | 'unverified' };

/** Batches that may be on their way or wait to be read. */
const CREDIT = 32;
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
/** A hole is told after so long. */
const MISSING_MILLIS = 4000;
const KEYS_MILLIS = 60_000;
const RETRY_MILLIS = 500;
const MAX_RETRY_MILLIS = 15_000;
/** What another gateway is asked for again: its log may be some behind. */
const OVERLAP_MILLIS = 60_000;
const SAVE_MILLIS = 250;
const TICK_MILLIS = 250;

/** Records of some batches, and where the reader stands behind them. */
interface Chunk {
  readonly records: readonly DeliveredRecord[];
  readonly position: ReaderPosition | null;
  readonly cursor: { readonly gateway: string; readonly text: string } | null;
  readonly credit: number;
}

interface ChainFacts {
  readonly stream: StreamRecord;
  readonly plan: StreamPlan;
  readonly channel: ChannelRecord;
}

/** `for await (const { row } of connectStream(options, modules))`: ends when the stream has ended. @throws what no gateway will change */
export function connectStream(options: ConnectOptions, modules: ConnectModules): AsyncIterable<StreamRow> {
  return { [Symbol.asyncIterator]: () => new StreamConnection(options, modules).rows() };
}

class StreamConnection {
  readonly #options: ConnectOptions;
  readonly #modules: ConnectModules;
  readonly #stop = new AbortController();
  #facts: ChainFacts | undefined;
  #state: ReaderState | undefined;
  #spend: SpendGuard | undefined;
  #verifier: StreamVerifier | undefined;
  #chunks: Chunk[] = [];
  #more: () => void = () => undefined;
  #end: { readonly error: CodedError | null } | null = null;
  #socket: GatewaySocket | undefined;
  #gateway: { readonly id: string; readonly client: GatewayClient } | undefined;
  /** Batches that the gateway may still send. */
  #credit = 0;
  /** Of batches that were read; the gateway is told of several at once. */
  #unsentCredit = 0;
  /** Credit of batches that wait for a key or for one before them. */
  #held = 0;
  #cursor = '';
  /** Up to here a gateway said that frames are not to be had. */
  #told: { readonly to: bigint; readonly reason: string } | null = null;
  #missingSince: number | null = null;
  #keysSince: number | null = null;
  /** Epochs whose keys are waited for, and those that the gateway was asked for. */
  #needed: readonly number[] = [];
  #asked = new Set<number>();
  #verifiedSincePaid = true;
  /** The gateway asked for a voucher and got none: what was asked for may not have been handed on yet. */
  #isAskedToPay = false;
  #pausedWhy: string | null = null;
  /** `counted` when a voucher of another run turned up that pays for more: it was for frames that are read again now. */
  #behindSince: bigint | null = null;
  /** When the gateway refused a voucher for now; it is sent again. */
  #refusedAt: number | null = null;
  #paying: Promise<void> = Promise.resolve();
  #savedAt = 0;

  constructor(options: ConnectOptions, modules: ConnectModules) {
    this.#options = options;
    this.#modules = modules;
  }

  async *rows(): AsyncGenerator<StreamRow, void, undefined> {
    await this.#open();
    const { signal } = this.#options;
    const end = (): void => this.#finish(null);
    signal?.addEventListener('abort', end, { once: true });
    const running = this.#run().then(() => this.#finish(null), (error: unknown) => this.#finish(toCoded(error)));
    try {
      for (;;) {
        if (signal?.aborted === true) return;
        const chunk = this.#chunks.shift();
        if (chunk !== undefined) {
          // in this loop itself: every row would pass through the promises of each generator around it
          let handed = 0;
          try {
            for (const record of chunk.records) {
              if (signal !== undefined && isAborted(signal)) return;
              handed += 1;
              yield rowOf(record, this.#options.schema);
            }
          } finally {
            this.#handed(chunk, handed);
          }
          await this.#passed(chunk);
        } else if (this.#end !== null) {
          if (this.#end.error !== null) throw this.#end.error;
          return;
        } else await new Promise<void>((resolve) => (this.#more = resolve));
      }
    } finally {
      signal?.removeEventListener('abort', end);
      await this.#paying; // a voucher that is being signed still reaches the gateway, which would else count it as a debt
      this.#stop.abort();
      this.#socket?.close();
      await running;
      await this.#paying;
      await this.#save();
    }
  }

  /** Where the reader stands when so many records of a chunk were handed on. */
  #handed(chunk: Chunk, count: number): void {
    const last = chunk.records[count - 1];
    const isWhole = count === chunk.records.length;
    const state = this.#current;
    const position = isWhole ? chunk.position : last === undefined ? state.position : { nextSeq: last.seq + 1n, prevBatchHash: null };
    const cursors = isWhole && chunk.cursor !== null ? { ...state.cursors, [chunk.cursor.gateway]: chunk.cursor.text } : state.cursors;
    this.#state = { ...state, position, cursors, timeMillis: last?.timeMillis ?? state.timeMillis, counted: state.counted + BigInt(count) };
  }

  async #passed(chunk: Chunk): Promise<void> {
    this.#unsentCredit += chunk.credit;
    if (this.#unsentCredit > 0 && this.#credit <= CREDIT / 2) {
      this.#credit += this.#unsentCredit;
      this.#socket?.send({ type: 'CREDIT', stream: this.#options.streamId, batches: this.#unsentCredit });
      this.#unsentCredit = 0;
    }
    const { timeMillis } = this.#current;
    if (chunk.records.length > 0) {
      this.#verifiedSincePaid = true;
      this.#pay({ epoch: chunk.records.at(-1)?.epoch ?? null, isAsked: this.#isAskedToPay });
    }
    if (timeMillis > 0 && this.#modules.clock.now() - this.#savedAt >= SAVE_MILLIS) await this.#save();
  }

  get #current(): ReaderState {
    if (this.#state === undefined) throw notOpen();
    return this.#state;
  }

  get #opened(): { readonly facts: ChainFacts; readonly spend: SpendGuard; readonly verifier: StreamVerifier } {
    if (this.#facts === undefined || this.#spend === undefined || this.#verifier === undefined) throw notOpen();
    return { facts: this.#facts, spend: this.#spend, verifier: this.#verifier };
  }

  get #channelDomain(): TypedDomain {
    const { chainId, genesisHash, contracts } = this.#modules.chain;
    return { chainId, genesisHash, contract: contracts.channel };
  }

  async #open(): Promise<void> {
    const { chain, store } = this.#modules;
    const { streamId, channelId, dailyCap } = this.#options;
    this.#state = await store.load();
    const facts = (this.#facts = await this.#readFacts());
    this.#spend = new SpendGuard({ channelId, plan: facts.plan, epochSeconds: facts.stream.epochSeconds, dailyCap }, this.#state.spend);
    const domain = { chainId: chain.chainId, genesisHash: chain.genesisHash, contract: chain.contracts.stream };
    const after = this.#state.position ?? (this.#options.begin === 'earliest' ? { nextSeq: 0n, prevBatchHash: null } : null);
    this.#verifier = new StreamVerifier({ streamId, domain, publisher: facts.stream.publisher, after, maxWaitingBytes: MAX_WAITING_BYTES });
  }

  /** @throws NO_STREAM, NO_CHANNEL, CHAIN_UNREACHABLE */
  async #readFacts(): Promise<ChainFacts> {
    const { chain } = this.#modules;
    const [stream, channel] = [await chain.stream(this.#options.streamId), await chain.channel(this.#options.channelId)];
    if (stream === null) throw new CodedError('NO_STREAM', 'The chain knows no such stream.', { help: 'Choose its network, or another stream.' });
    const plan = channel === null ? null : await chain.plan(stream.streamId, channel.planHash);
    if (channel === null || plan === null || !equal(channel.streamId, stream.streamId)) throw new CodedError('NO_CHANNEL', 'The chain knows no such subscription of this stream.', { help: 'Subscribe again, or wait until its block is there.' });
    return { stream, plan, channel };
  }

  #finish(error: CodedError | null): void {
    this.#end ??= { error };
    this.#more();
  }

  /** One gateway after the other, until the stream has ended. @throws when every gateway refuses for good */
  async #run(): Promise<void> {
    const { signal } = this.#stop;
    let pause = RETRY_MILLIS;
    for (let round = 0; !signal.aborted; round++) {
      const { stream } = (this.#facts = await this.#readFacts().catch((error: unknown) => {
        if (isCoded(error, 'CHAIN_UNREACHABLE')) return this.#opened.facts;
        throw error;
      }));
      const refusals: CodedError[] = [];
      for (const gatewayId of stream.gateways) {
        const endpoint = (await this.#modules.chain.gateway(gatewayId).catch(() => null))?.endpoints[0];
        if (endpoint === undefined) continue;
        const began = this.#modules.clock.now();
        const error = await this.#session(gatewayId, endpoint);
        if (isAborted(signal) || isCoded(error, 'stream_retired')) return;
        this.#modules.onEvent?.({ type: 'disconnected', endpoint, error });
        if (error.meta['retry'] === 'never') refusals.push(error);
        if (this.#modules.clock.now() - began > MAX_RETRY_MILLIS) pause = RETRY_MILLIS;
      }
      if (stream.gateways.length === 0) throw new CodedError('NO_GATEWAY', 'The stream names no gateway.', { help: 'Ask its publisher.' });
      if (refusals.length === stream.gateways.length && refusals[0] !== undefined) throw refusals[0];
      await this.#modules.clock.sleep(millis(pause), signal);
      pause = Math.min(2 * pause, MAX_RETRY_MILLIS);
    }
  }

  /** @returns why it ended */
  async #session(gatewayId: Bytes, endpoint: string): Promise<CodedError> {
    const { chain, keys, clock, log } = this.#modules;
    const { streamId, channelId } = this.#options;
    const { signal } = this.#stop;
    const ending: { over: CodedError | null } = { over: null };
    try {
      const client = new GatewayClient({ gatewayId, endpoint, action: 'subscribe', streams: [streamId], entitlement: channelId }, { chain, clock, signTicket: (ticket) => keys.signTicket(ticket) });
      const id = hexOf(gatewayId);
      await client.hello(signal);
      const cursor = await this.#cursorAt(id, client);
      this.#gateway = { id, client };
      this.#asked = new Set();
      this.#held = 0;
      this.#credit = CREDIT;
      this.#unsentCredit = 0;
      this.#told = null;
      this.#chunks = this.#chunks.map((chunk) => ({ ...chunk, credit: 0 }));
      const failed = new AbortController();
      const guarded = <T>(work: (value: T) => void) => (value: T): void => {
        try {
          work(value);
        } catch (error) {
          ending.over ??= toCoded(error);
          failed.abort();
        }
      };
      const socket = await GatewaySocket.open(client, {
        onData: guarded((data: SocketData) => this.#take(data, id)),
        onFrame: guarded((frame: ServerFrame) => {
          const ended = this.#frame(frame);
          if (ended === null) return;
          ending.over ??= ended;
          failed.abort();
        }),
      }, signal);
      this.#socket = socket;
      if (this.#current.voucher !== null) await this.#know(await client.sendVoucher(this.#current.voucher, signal));
      socket.send({ type: 'SUB', stream: streamId, cursor, credit: CREDIT });
      const done = AbortSignal.any([signal, failed.signal]);
      void socket.closed.then((reason) => {
        ending.over ??= reason;
        failed.abort();
      });
      while (!done.aborted) {
        await clock.sleep(millis(TICK_MILLIS), done);
        this.#tick();
      }
      socket.close();
      return ending.over ?? new CodedError('GATEWAY_UNREACHABLE', 'The reading was stopped.');
    } catch (error) {
      if (!isCoded(error) && !signal.aborted) log.error('reading from a gateway failed', { endpoint }, error);
      return ending.over ?? toCoded(error);
    } finally {
      this.#socket?.close();
      this.#socket = undefined;
      this.#gateway = undefined;
    }
  }

  /** Where this gateway is to begin: cursors hold at the gateway that gave them, another one is asked by time. */
  async #cursorAt(id: string, client: GatewayClient): Promise<string> {
    const { streamId, begin } = this.#options;
    const { position, cursors, timeMillis } = this.#current;
    const known = cursors[id];
    const behind = this.#opened.verifier.position ?? position;
    if (known !== undefined) return known;
    if (behind === null || behind.nextSeq === 0n) return begin;
    return client.cursorAt(streamId, millis(Math.max(0, timeMillis - OVERLAP_MILLIS)), this.#stop.signal);
  }

  #take({ batch, cursor }: SocketData, gateway: string): void {
    this.#credit -= 1;
    if (this.#credit < 0) throw new CodedError('BAD_FRAME', 'A gateway sends more than it was asked for.', { help: 'Use another gateway of the stream.' });
    this.#cursor = cursor;
    const { verifier } = this.#opened;
    const news = verifier.feed(batch);
    this.#modules.onEvent?.({ type: 'batch' });
    this.#held += 1;
    this.#tell(news, gateway);
    const { missingFrom } = news;
    if (this.#told !== null && missingFrom !== null && missingFrom <= this.#told.to) this.#tell(verifier.skipMissing(), gateway);
  }

  /** @returns why the reading is over */
  #frame(frame: ServerFrame): CodedError | null {
    switch (frame.type) {
      case 'SUBOK':
        void this.#know(frame);
        this.#modules.onEvent?.({ type: 'connected', endpoint: this.#gateway?.client.endpoint ?? '' });
        return null;
      case 'PAID':
        return null;
      case 'KEY':
        void this.#addKeys([frame]);
        return null;
      case 'GAP':
        this.#told = { to: frame.to, reason: frame.reason };
        return null;
      case 'PAY':
        this.#isAskedToPay = true;
        this.#catchUp(frame.owed);
        this.#pay({ epoch: frame.epochTo, isAsked: true });
        return null;
      case 'ERR':
        if (frame.code === 'deposit_used') this.#paused('deposit');
        else if (frame.about === 'VOUCHER' && frame.retry !== 'never') this.#refusedAt = this.#modules.clock.now();
        else if (frame.about === 'SUB' && frame.code === 'cursor_too_old') return this.#cursorTooOld(frame.meta['oldest']);
        else if (frame.about === 'SUB' || frame.about === 'READ') return new CodedError(frame.code, frame.message, { help: frame.help, meta: { ...frame.meta, retry: frame.retry } });
        else this.#modules.log.warn('a gateway refuses', { about: frame.about, code: frame.code });
        return null;
      case 'BYE':
        return new CodedError(frame.reason, 'The gateway ended the reading.', { help: 'It is begun again.' });
      case 'HELLO':
      case 'AUTHOK':
      case 'SUBSCRIBERS':
      case 'PUBOK':
      case 'PING':
      case 'PONG':
        return null;
    }
  }

  /** What is between is lost here: reading goes on from the oldest that there is. */
  #cursorTooOld(oldest: unknown): CodedError | null {
    if (typeof oldest !== 'string' || this.#gateway === undefined) return new CodedError('cursor_too_old', 'What stood at this place is no longer kept.');
    this.#told = { to: (1n << 64n) - 1n, reason: 'retention' };
    this.#socket?.send({ type: 'SUB', stream: this.#options.streamId, cursor: oldest, credit: CREDIT });
    return null;
  }

  /** Gaps, forks, keys that are wanted, and records to hand on. */
  #tell(news: StreamNews, gateway: string): void {
    const { onEvent, clock } = this.#modules;
    const now = clock.now();
    for (const { from, to } of news.gaps) this.#passOver(to - from + 1n);
    for (const gap of news.gaps) onEvent?.({ type: 'gap', gap, gateway: this.#told !== null && gap.from <= this.#told.to ? this.#told.reason : null });
    for (const fork of news.forks) onEvent?.({ type: 'fork', fork });
    if (news.gaps.some(({ reason }) => reason === 'wrong_key' || reason === 'unreadable')) this.#verifiedSincePaid = false;
    this.#missingSince = news.missingFrom === null ? null : (this.#missingSince ?? now);
    this.#keysSince = news.needsKeys.length === 0 ? null : (this.#keysSince ?? now);
    const waits = news.missingFrom !== null || news.needsKeys.length > 0;
    this.#needed = news.needsKeys.map(({ epoch }) => epoch);
    for (const epoch of this.#needed) this.#wantKeys(epoch);
    if (waits && news.records.length === 0) return;
    const credit = this.#held;
    this.#held = 0;
    const { position } = this.#opened.verifier;
    this.#chunks.push({ records: news.records, position, cursor: waits ? null : { gateway, text: this.#cursor }, credit });
    this.#more();
  }

  /** Frames that do not come again, and that a voucher of before paid for: they count as read. */
  #passOver(frames: bigint): void {
    const ahead = this.#opened.spend.state.units - this.#current.counted;
    if (ahead <= 0n) return;
    const passed = frames < ahead ? frames : ahead;
    if (this.#behindSince !== null) this.#behindSince += passed;
    this.#state = { ...this.#current, counted: this.#current.counted + passed };
  }

  #wantKeys(epoch: number): void {
    const gateway = this.#gateway;
    if (gateway === undefined || this.#asked.has(epoch)) return;
    this.#asked.add(epoch);
    this.#modules.onEvent?.({ type: 'keys', epoch });
    void gateway.client.envelopes(this.#options.streamId, epoch, epoch, this.#stop.signal).then((envelopes) => this.#addKeys(envelopes), (error: unknown) => {
      this.#asked.delete(epoch);
      const now = epochAt(this.#modules.clock.now(), toMillis(this.#opened.facts.stream.startSeconds), toMillis(this.#opened.facts.stream.epochSeconds));
      // keys of epochs that were over before we paid never come
      if (isCoded(error, 'epoch_unavailable') && epoch < now && this.#gateway !== undefined) this.#tell(this.#opened.verifier.skipKeyless(), this.#gateway.id);
    });
  }

  async #addKeys(envelopes: readonly Pick<Envelope, 'envelope'>[]): Promise<void> {
    for (const { envelope } of envelopes) {
      try {
        const content = await this.#modules.keys.openEnvelope(envelope);
        this.#tell(this.#opened.verifier.addKeys(content), this.#gateway?.id ?? '');
      } catch (error) {
        this.#modules.log.warn('keys that a gateway gave cannot be opened', { code: toCoded(error).code });
      }
    }
  }

  /** Holes and keys are waited for within a bound. */
  #tick(): void {
    const now = this.#modules.clock.now();
    const { verifier } = this.#opened;
    const gateway = this.#gateway?.id ?? '';
    if (this.#missingSince !== null && now - this.#missingSince >= MISSING_MILLIS) this.#tell(verifier.skipMissing(), gateway);
    if (this.#keysSince !== null && now - this.#keysSince >= KEYS_MILLIS) this.#tell(verifier.skipKeyless(), gateway);
    else for (const epoch of this.#needed) this.#wantKeys(epoch);
    if (this.#refusedAt === null || now - this.#refusedAt < RETRY_MILLIS) return;
    this.#refusedAt = null;
    this.#sendVoucher();
  }

  /** The best again: to one who has it, it changes nothing. */
  #sendVoucher(): void {
    const { voucher } = this.#current;
    if (voucher !== null) this.#socket?.send({ type: 'VOUCHER', ...voucher });
  }

  /** A voucher that the gateway shows counts only when this key signed it. */
  async #know({ best }: Pick<ChannelAnswer, 'best'>): Promise<void> {
    if (best === null || !this.#isOwn(best)) return;
    const { spend } = this.#opened;
    const before = spend.state.units;
    spend.know({ channelId: best.channelId, cumulativeUnits: best.cumulativeUnits, cumulativeAmount: best.cumulativeAmount, epochTo: best.epochTo, planHash: best.plan });
    if (spend.state.units === before) return;
    const { counted, position } = this.#current;
    // who begins at an old place reads again what the other run paid for, and counts it then
    const isAgain = (position !== null || this.#options.begin === 'earliest') && counted < best.cumulativeUnits;
    if (isAgain) this.#behindSince = counted;
    this.#state = { ...this.#current, spend: spend.state, voucher: best, counted: counted > best.cumulativeUnits || isAgain ? counted : best.cumulativeUnits };
    await this.#save();
  }

  /** Frames that were paid for are not to be had again, or the gateway has delivered more than was paid for: what was read since is new. */
  #catchUp(owed: bigint): void {
    const { counted } = this.#current;
    const { units } = this.#opened.spend.state;
    if (this.#behindSince === null || counted >= units || owed <= units) return;
    const read = units + counted - this.#behindSince;
    this.#behindSince = null;
    this.#state = { ...this.#current, counted: read < owed ? read : owed };
  }

  #isOwn({ channelId, cumulativeUnits, cumulativeAmount, epochTo, plan, signature }: SignedVoucher): boolean {
    const digest = voucherDigest(this.#channelDomain, { channelId, cumulativeUnits, cumulativeAmount, epochTo, planHash: plan });
    const signer = recoverPublicKey(digest, signature.subarray(0, 64), (signature[64] ?? 0) - 27);
    return signer !== null && equal(signer, this.#modules.keys.publicKey);
  }

  /** One voucher after the other. @param about.epoch of what was read, or that the gateway asks for */
  #pay(about: { readonly epoch: number | null; readonly isAsked: boolean }): void {
    this.#paying = this.#paying.then(() => this.#payOne(about)).catch((error: unknown) => this.#modules.log.warn('a voucher could not be signed or sent', { code: toCoded(error).code }));
  }

  async #payOne({ epoch, isAsked }: { readonly epoch: number | null; readonly isAsked: boolean }): Promise<void> {
    const { facts, spend } = this.#opened;
    const now = this.#modules.clock.now();
    const { plan, stream, channel } = facts;
    const { deposit } = (await this.#modules.chain.channel(channel.channelId).catch(() => null)) ?? channel;
    const { counted } = this.#current;
    if (plan.kind === 'metered' && !isAsked && 2n * (counted - spend.state.units) < BigInt(plan.window)) return;
    const epochNow = epochAt(now, toMillis(stream.startSeconds), toMillis(stream.epochSeconds));
    const isWindowOver = spend.state.units > 0n && epochNow > spend.state.epochTo;
    if (plan.kind === 'period' && isAsked && spend.state.units > 0n) {
      // what is paid is not over: rows that come pay on, a gateway that only asks does not get more
      if (!isWindowOver) return this.#sendVoucher();
      if (!this.#verifiedSincePaid) return this.#paused('unverified');
    }
    const seen = isAsked ? epochNow : Math.min(epoch ?? epochNow, epochNow);
    const decision = plan.kind === 'metered' ? spend.forMessages(counted, deposit, now) : spend.forTime({ now: epochNow, to: seen + stream.ahead }, deposit, now);
    if (decision.sign === null) {
      if (decision.why !== 'nothing') return this.#paused(decision.why);
      // who asks for what was signed already did not take it: its chain was behind, or its disk was full
      return isAsked ? this.#sendVoucher() : undefined;
    }
    await this.#sign(decision.sign);
    // time that was paid because a row came is proved by that row
    if (plan.kind === 'period' && isAsked) this.#verifiedSincePaid = false;
  }

  async #sign(voucher: VoucherMessage): Promise<void> {
    const { keys, clock, onEvent } = this.#modules;
    const { spend } = this.#opened;
    const now = clock.now();
    const { channelId, cumulativeUnits, cumulativeAmount, epochTo, planHash } = voucher;
    const signed: SignedVoucher = { channelId, cumulativeUnits, cumulativeAmount, epochTo, plan: planHash, signature: await keys.signVoucher(voucher) };
    const level = spend.signed(voucher, now);
    this.#state = { ...this.#current, spend: spend.state, voucher: signed };
    await this.#save();
    this.#pausedWhy = null;
    this.#isAskedToPay = false;
    this.#socket?.send({ type: 'VOUCHER', ...signed });
    const spentToday = spend.spentOn(now);
    onEvent?.({ type: 'paid', units: cumulativeUnits, amount: cumulativeAmount, spentToday });
    if (level !== null) onEvent?.({ type: 'budget', level, spentToday });
  }

  /** Told once until something is paid again. */
  #paused(why: 'cap' | 'deposit' | 'unverified'): void {
    if (this.#pausedWhy === why) return;
    this.#pausedWhy = why;
    this.#modules.onEvent?.({ type: 'paused', why });
  }

  async #save(): Promise<void> {
    this.#savedAt = this.#modules.clock.now();
    await this.#modules.store.save(this.#current);
  }
}

/** It may have changed since it was last looked at. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function notOpen(): CodedError {
  return new CodedError('INVARIANT', 'The reading has not begun.', { help: 'This is a fault of the program. Report it with the details.' });
}
