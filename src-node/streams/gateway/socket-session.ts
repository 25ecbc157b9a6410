/**
 * One WebSocket of a reader or publisher (docs/protocol/11 §4.13). A reader gets a batch only when it has given credit and its connection has
 * taken what was sent before, so a slow one holds a bounded part of memory and stands for itself.
 */
import { equal, hexOf, type Bytes } from '../../base/bytes.ts';
import { millis, toSeconds, type Millis } from '../../base/clock.ts';
import type { CodedError } from '../../base/errors.ts';
import { randomBytes } from '../../crypto/hash.ts';
import { BINARY } from './binary-frames.ts';
import type { ChannelAccount } from './channel-account.ts';
import type { ConnectionFacts } from './connection-facts.ts';
import type { GatewayErrorCode } from './error-codes.ts';
import type { GatewayCore } from './gateway-core.ts';
import { epochAt, type HostedStream } from './hosted-stream.ts';
import { errorAnswer, refusal, toRefusal } from './refusal.ts';
import type { ReadingRight } from './rights.ts';
import type { ReadItem, StreamReader } from './stream-reader.ts';
import type { Holder } from './tickets.ts';
import { clientFrameSchema, MAX_BATCH_BYTES, serverFrameSchema, type ClientFrame, type ServerFrame } from './wire.ts';

/** The connection, whatever carries it. */
export interface SocketLink {
  send(data: string | Bytes): void;
  /** Bytes that wait to be taken by the other side. */
  readonly buffered: number;
  /** Resolves when few wait, or when the signal aborts. */
  drained(signal: AbortSignal): Promise<void>;
  /** After what was sent. */
  close(code: number, reason: string): void;
  terminate(): void;
}

type ErrorAbout = Extract<ServerFrame, { type: 'ERR' }>['about'];
type ByeReason = Extract<ServerFrame, { type: 'BYE' }>['reason'];

const AUTH_MILLIS = 10_000;
const PING_MILLIS = 20_000;
const IDLE_MILLIS = 60_000;
const TICK_MILLIS = 1000;
/** Control frames that a connection does not take end it. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024;
const MAX_TEXT_BYTES = 16 * 1024;
/** Frames of a client that wait for their turn. */
const MAX_QUEUED = 1024;
const READ_BATCHES = 32;
const LIST_DELAY_MILLIS = 200;
const NORMAL = 1000;
const REFUSED = 1008;
const GOING_AWAY = 1001;

interface Reading {
  readonly stream: HostedStream;
  readonly account: ChannelAccount;
  readonly reader: StreamReader;
  readonly end: AbortController;
  readonly sentKeys: Set<string>;
  right: ReadingRight;
  credit: number;
  /** Told when credit, a voucher or a right came. */
  wake: () => void;
  /** Whether PAY was sent since the last voucher. */
  isAsked: boolean;
  /** Why and where it stands, as the reader was told. */
  standsAt: string;
  readonly since: Millis;
  bytes: number;
  delayMillis: number | null;
  /** Why the next batch is not given now. */
  halt: 'unpaid' | 'quota' | null;
}

export class SocketSession {
  readonly #core: GatewayCore;
  readonly #link: SocketLink;
  readonly #network: string;
  readonly #challenge = randomBytes(32);
  readonly #closed = new AbortController();
  readonly #readings = new Map<string, Reading>();
  readonly #lists = new Map<string, string>();
  readonly #onEnd: (() => void)[] = [];
  readonly #openedAt: number;
  readonly #since: Millis;
  readonly #id: string;
  #publishedBytes = 0;
  #holder: Holder | undefined;
  #queue: Promise<void> = Promise.resolve();
  #queued = 0;
  #answers: Promise<void> = Promise.resolve();
  #heardAt: number;
  #sentPingAt = 0;

  /** @throws quota_sockets */
  constructor(core: GatewayCore, link: SocketLink, network: string) {
    this.#core = core;
    this.#link = link;
    this.#network = network;
    this.#openedAt = performance.now();
    this.#since = core.clock.now();
    this.#id = String(++core.connected);
    this.#heardAt = this.#openedAt;
    this.#onEnd.push(core.quotas.openSocket({ network }));
    const timer = setInterval(() => this.#tick(), TICK_MILLIS);
    timer.unref();
    this.#onEnd.push(() => clearInterval(timer));
    this.#onEnd.push(core.chain.onHead(() => void this.#recheck()));
    this.#send({ type: 'HELLO', gatewayId: core.gatewayId, challenge: this.#challenge, time: core.clock.now() });
  }

  /** Bytes that the other side has not taken yet. */
  get buffered(): number {
    return this.#link.buffered;
  }

  /** Nothing before it has shown a ticket. */
  facts(): readonly ConnectionFacts[] {
    const holder = this.#holder;
    if (holder === undefined) return [];
    const { action, clientKey, expirySeconds, streams } = holder;
    const common = { action, clientKey, expirySeconds, network: this.#network, since: this.#since };
    const readings = [...this.#readings.values()];
    if (readings.length === 0) return streams.map((streamId, i) => ({ ...common, id: `${this.#id}.${i}`, streamId, bytes: this.#publishedBytes, behind: null, delayMillis: null, state: 'ok' }));
    return readings.map((reading, i) => {
      const { stream, reader, bytes, credit, delayMillis } = reading;
      return { ...common, id: `${this.#id}.${i}`, streamId: stream.streamId, bytes, behind: stream.tail.position - reader.place.offset, delayMillis: credit > 0 ? delayMillis : null, state: this.#stateOf(reading) };
    });
  }

  #stateOf({ halt, reader, credit }: Reading): ConnectionFacts['state'] {
    if (reader.atEnd) return 'ok';
    return halt ?? (credit <= 0 || this.#link.buffered > 0 ? 'slow' : 'ok');
  }

  /** A holder that was proved by the request that opened the connection: the old paths have no AUTH and SUB. */
  begin(holder: Holder, streamId: Bytes): void {
    this.#enqueue('SUB', async () => {
      this.#take(holder);
      if (holder.action === 'subscribe') await this.#subscribe({ type: 'SUB', stream: streamId, cursor: 'earliest', credit: Number.MAX_SAFE_INTEGER });
    });
  }

  text(data: string): void {
    this.#heardAt = performance.now();
    if (data.length > MAX_TEXT_BYTES) return this.#error('FRAME', refusal('body_too_large'));
    const frame = parsed(data);
    if (frame === null) return this.#error('FRAME', refusal('bad_request'));
    switch (frame.type) {
      case 'AUTH':
        return this.#enqueue('AUTH', () => this.#authenticate(frame));
      case 'SUB':
        return this.#enqueue('SUB', () => this.#subscribe(frame));
      case 'CREDIT':
        return this.#enqueue('CREDIT', () => this.#credit(frame));
      case 'VOUCHER':
        return this.#enqueue('VOUCHER', async () => {
          await this.#paced(this.#authenticated());
          this.#send({ type: 'PAID', ...(await this.#core.voucher(frame)) });
        });
      case 'PING':
        return this.#send({ type: 'PONG' });
      case 'PONG':
        return;
      case 'BYE':
        return this.#bye('client', NORMAL);
    }
  }

  binary(data: Bytes): void {
    this.#heardAt = performance.now();
    const [kind] = data;
    if (kind !== BINARY.PUB && kind !== BINARY.PUB_GAP) return this.#error('FRAME', refusal('bad_request'));
    if (data.length > MAX_BATCH_BYTES + 1) return this.#error('PUB', refusal('batch_too_large', { firstSeq: null }));
    this.#enqueue('PUB', () => this.#publish(data.subarray(1), kind === BINARY.PUB_GAP));
  }

  /** The connection is gone. */
  closed(): void {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    for (const { end } of this.#readings.values()) end.abort();
    for (const end of this.#onEnd) end();
  }

  /** Says where to go on, and closes. */
  stop(): void {
    this.#bye('stopping', GOING_AWAY);
  }

  /** One after another, in the order in which they came. */
  #enqueue(about: ErrorAbout, work: () => Promise<void>): void {
    if (this.#queued >= MAX_QUEUED) return this.#bye('quota_rate', REFUSED);
    this.#queued++;
    this.#queue = this.#queue.then(async () => {
      this.#queued--;
      if (this.#closed.signal.aborted) return;
      try {
        await work();
      } catch (error) {
        this.#error(about, toRefusal(error), error);
        if (about === 'AUTH') this.#link.close(REFUSED, 'AUTH');
      }
    });
  }

  /** To check a signature costs time that all share. Who sends many waits, as a reader that is refused would stop. */
  async #paced(holder: Holder): Promise<void> {
    const { quotas, clock } = this.#core;
    const { ticket, account } = this.#core.consumer(this.#network, holder);
    const who = { ...(ticket === undefined ? {} : { ticket }), ...(account === undefined ? {} : { account }) };
    for (;;) {
      const wait = quotas.wait('requestsPerSecond', 1, who);
      if (wait === 0) return quotas.use('requestsPerSecond', 1, who);
      await clock.sleep(millis(wait), this.#closed.signal);
      if (this.#closed.signal.aborted) return;
    }
  }

  #authenticate({ ticket, proof }: Extract<ClientFrame, { type: 'AUTH' }>): Promise<void> {
    if (this.#holder !== undefined) throw refusal('bad_request', { why: 'AUTH' });
    this.#take(this.#core.tickets.provedSocket(ticket, this.#challenge, proof));
    return Promise.resolve();
  }

  #take(holder: Holder): void {
    const { ticket, account } = this.#core.consumer(this.#network, holder);
    this.#onEnd.push(this.#core.quotas.openSocket({ ...(ticket === undefined ? {} : { ticket }), ...(account === undefined ? {} : { account }) }));
    this.#holder = holder;
    const { action, streams, expirySeconds } = holder;
    this.#send({ type: 'AUTHOK', action, streams: [...streams], expSeconds: expirySeconds });
    if (action === 'publish') for (const stream of streams) void this.#watchSubscribers(stream);
  }

  #authenticated(): Holder {
    if (this.#holder === undefined) throw refusal('ticket_required');
    return this.#holder;
  }

  async #subscribe({ stream: streamId, cursor, credit }: Omit<Extract<ClientFrame, { type: 'SUB' }>, 'credit'> & { readonly credit: number }): Promise<void> {
    const holder = this.#authenticated();
    const key = hexOf(streamId);
    if (holder.action !== 'subscribe' || !holder.streams.some((id) => equal(id, streamId))) throw refusal('not_subscribed');
    if (this.#readings.has(key)) throw refusal('bad_request', { why: 'SUB' });
    const right = await this.#core.rights.reading(streamId, holder.entitlement, holder.address);
    const stream = await this.#core.host(streamId);
    const place = await stream.placeOf(cursor);
    const account = stream.account(right);
    const reading: Reading = { stream, account, reader: stream.reader(place), end: new AbortController(), sentKeys: new Set(), right, credit, wake: () => undefined, isAsked: false, standsAt: '', since: this.#core.clock.now(), bytes: 0, delayMillis: null, halt: null };
    const { generation } = right.stream;
    this.#send({ type: 'SUBOK', stream: streamId, cursor: stream.cursor(place), generation, epoch: epochAt(right.stream, this.#core.clock.now()), kind: right.plan.kind, ...account.answer(right.channel) });
    this.#readings.set(key, reading);
    const stopListening = stream.onChanged(() => this.#changed(reading));
    reading.end.signal.addEventListener('abort', stopListening, { once: true });
    this.#changed(reading);
    this.#pump(reading).catch((error: unknown) => {
      this.#error('READ', toRefusal(error), error, streamId);
      this.#endReading(reading, toRefusal(error).code);
    });
  }

  #credit({ stream, batches }: Extract<ClientFrame, { type: 'CREDIT' }>): Promise<void> {
    const reading = this.#readings.get(hexOf(stream));
    if (reading === undefined) throw refusal('not_subscribed');
    reading.credit += batches;
    reading.wake();
    return Promise.resolve();
  }

  /** Answers come in the order of the batches, however long each takes. */
  async #publish(bytes: Bytes, gap: boolean): Promise<void> {
    const holder = this.#authenticated();
    const { receipt } = await this.#core.publish(bytes, holder, this.#core.consumer(this.#network, holder), { gap });
    this.#publishedBytes += bytes.length;
    receipt.catch(() => undefined); // is told below, in its turn
    this.#answers = this.#answers.then(async () => {
      try {
        this.#send({ type: 'PUBOK', receipt: await receipt });
      } catch (error) {
        this.#error('PUB', toRefusal(error), error);
      }
    });
  }

  async #pump(reading: Reading): Promise<void> {
    const { signal } = reading.end;
    const { reader } = reading;
    while (!signal.aborted) {
      if (reading.credit <= 0) {
        await this.#woken(reading);
        continue;
      }
      await this.#link.drained(signal);
      const items = await reader.next(Math.min(reading.credit, READ_BATCHES));
      if (items.length === 0) {
        if (reading.right.stream.status === 'ended') return this.#endReading(reading, 'stream_retired');
        await reader.grown(signal);
        continue;
      }
      for (const item of items) {
        if (!(await this.#deliver(reading, item))) break;
      }
    }
  }

  /** @returns whether to go on with the next at once */
  async #deliver(reading: Reading, item: ReadItem): Promise<boolean> {
    if (reading.end.signal.aborted) return false;
    const { account, reader, right, end } = reading;
    const { entry, gap } = item;
    const admission = account.admit(entry, right.channel.deposit);
    if (admission === 'unpaid') {
      this.#gap(reading, { from: gap?.from ?? entry.firstSeq, to: entry.endSeq - 1n, reason: 'unpaid' });
      reader.passed(item);
      return true;
    }
    if (admission !== 'serve') {
      reading.halt = 'unpaid';
      const standsAt = `${admission} ${entry.firstSeq} ${account.signed} ${right.channel.deposit}`;
      if (standsAt !== reading.standsAt) {
        reading.standsAt = standsAt;
        if (admission === 'pay') this.#askToPay(reading, entry.firstSeq, right.plan.kind === 'period' ? entry.epoch : null);
        else this.#error('READ', refusal('deposit_used'), undefined, reading.stream.streamId);
      }
      await this.#woken(reading);
      return false;
    }
    const consumer = this.#core.consumer(this.#network, this.#holder);
    const wait = this.#core.quotas.wait('readBytesPerSecond', entry.batch.length, consumer);
    if (wait > 0) {
      reading.halt = 'quota';
      await this.#core.clock.sleep(millis(wait), end.signal);
      return false;
    }
    this.#core.quotas.use('readBytesPerSecond', entry.batch.length, consumer);
    if (gap !== null) this.#gap(reading, gap);
    this.#link.send(entry.data);
    reading.halt = null;
    reading.bytes += entry.batch.length;
    reading.stream.outbound.add(entry.batch.length);
    if (entry.timeMillis >= reading.since) reading.delayMillis = Math.max(0, this.#core.clock.now() - entry.timeMillis);
    reader.passed(item);
    account.delivered(entry);
    reading.credit--;
    this.#count(entry.batch.length, Number(entry.endSeq - entry.firstSeq));
    if (account.isHalfOwed && !reading.isAsked) {
      reading.isAsked = true;
      this.#askToPay(reading, null, null);
    }
    if (this.#link.buffered > 0) await this.#link.drained(end.signal);
    return reading.credit > 0;
  }

  #gap(reading: Reading, gap: NonNullable<ReadItem['gap']>): void {
    this.#core.metrics.add('gaps');
    this.#send({ type: 'GAP', stream: reading.stream.streamId, ...gap });
  }

  #askToPay({ stream, account }: Reading, pausedAt: bigint | null, epochTo: number | null): void {
    this.#send({ type: 'PAY', stream: stream.streamId, owed: account.owed, signed: account.signed, window: account.plan.window, epochTo, pausedAt });
  }

  #count(bytes: number, frames: number): void {
    const { metrics } = this.#core;
    metrics.add('read_batches');
    metrics.add('read_frames', frames);
    metrics.add('read_bytes', bytes);
    if (this.#holder === undefined) return;
    const usage = this.#core.usage(this.#holder);
    usage.readBytes += bytes;
    usage.readFrames += frames;
  }

  #woken(reading: Reading): Promise<void> {
    const { signal } = reading.end;
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      reading.wake = done;
      if (signal.aborted) done();
      else signal.addEventListener('abort', done, { once: true });
    });
  }

  /** Keys and vouchers of a reading's stream. */
  #changed(reading: Reading): void {
    const { stream, account, sentKeys } = reading;
    const epoch = epochAt(reading.right.stream, this.#core.clock.now());
    for (const envelope of stream.envelopes(account.channelId, epoch, Number.MAX_SAFE_INTEGER)) {
      const name = `${envelope.generation}-${envelope.from}-${envelope.to}`;
      if (sentKeys.has(name)) continue;
      sentKeys.add(name);
      this.#send({ type: 'KEY', stream: stream.streamId, ...envelope });
    }
    if (!account.isHalfOwed) reading.isAsked = false;
    reading.wake();
  }

  async #watchSubscribers(streamId: Bytes): Promise<void> {
    try {
      const stream = await this.#core.host(streamId);
      if (this.#closed.signal.aborted) return;
      let timer: NodeJS.Timeout | undefined;
      const soon = (): void => {
        timer ??= setTimeout(() => {
          timer = undefined;
          void this.#tellSubscribers(stream);
        }, LIST_DELAY_MILLIS);
      };
      this.#onEnd.push(stream.onChanged(soon), () => clearTimeout(timer));
      await this.#tellSubscribers(stream);
    } catch (error) {
      this.#error('FRAME', toRefusal(error), error, streamId);
    }
  }

  async #tellSubscribers(stream: HostedStream): Promise<void> {
    try {
      const frame = textOf({ type: 'SUBSCRIBERS', stream: stream.streamId, subscribers: [...(await stream.subscribers())] });
      const key = hexOf(stream.streamId);
      if (this.#lists.get(key) === frame) return;
      this.#lists.set(key, frame);
      this.#sendText(frame);
    } catch (error) {
      this.#error('FRAME', toRefusal(error), error, stream.streamId);
    }
  }

  /** A block may have ended a right, or raised a deposit. */
  async #recheck(): Promise<void> {
    const holder = this.#holder;
    if (holder === undefined) return;
    for (const reading of this.#readings.values()) {
      try {
        reading.right = await this.#core.rights.reading(reading.stream.streamId, holder.entitlement, holder.address);
        this.#changed(reading);
        if (reading.right.stream.status === 'ended' && reading.reader.atEnd) this.#endReading(reading, 'stream_retired');
      } catch (error) {
        const { code } = toRefusal(error);
        if (code !== 'chain_unavailable') this.#endReading(reading, code);
      }
    }
  }

  #tick(): void {
    const now = performance.now();
    const holder = this.#holder;
    if (holder === undefined) {
      if (now - this.#openedAt > AUTH_MILLIS) this.#bye('ticket_required', REFUSED);
      return;
    }
    if (holder.expirySeconds <= toSeconds(this.#core.clock.now())) return this.#bye('ticket_expired', REFUSED);
    if (now - this.#heardAt > IDLE_MILLIS) return this.#bye('idle', NORMAL);
    if (now - Math.max(this.#heardAt, this.#sentPingAt) > PING_MILLIS) {
      this.#sentPingAt = now;
      this.#send({ type: 'PING' });
    }
    const seconds = toSeconds(this.#core.clock.now());
    for (const reading of this.#readings.values()) if (reading.right.channel.expirySeconds <= seconds) this.#endReading(reading, 'channel_closed');
  }

  #endReading(reading: Reading, reason: ByeReason): void {
    if (reading.end.signal.aborted) return;
    reading.end.abort();
    this.#readings.delete(hexOf(reading.stream.streamId));
    this.#send({ type: 'BYE', reason, stream: reading.stream.streamId, resumeCursor: reading.stream.cursor(reading.reader.place) });
  }

  #bye(reason: ByeReason, code: number): void {
    for (const reading of [...this.#readings.values()]) this.#endReading(reading, reason);
    this.#send({ type: 'BYE', reason, stream: null, resumeCursor: null });
    this.#link.close(code, reason);
  }

  #error(about: ErrorAbout, error: CodedError<GatewayErrorCode>, cause: unknown = error, stream: Bytes | null = null): void {
    this.#core.metrics.refused(error.code);
    if (error.code === 'internal') this.#core.logger.error('a frame of a socket failed', { about }, cause);
    this.#send({ type: 'ERR', about, stream, ...errorAnswer(error) });
  }

  #send(frame: ServerFrame): void {
    this.#sendText(textOf(frame));
  }

  #sendText(text: string): void {
    if (this.#closed.signal.aborted) return;
    if (this.#link.buffered > MAX_BUFFERED_BYTES) return this.#link.terminate();
    this.#link.send(text);
  }
}

function textOf(frame: ServerFrame): string {
  return JSON.stringify(serverFrameSchema.encode(frame));
}

function parsed(text: string): ClientFrame | null {
  try {
    return clientFrameSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // no JSON at all
  }
}
