/** Reading from one gateway (docs/protocol/11 §4.13), from its HELLO until the connection ends. What waits and what is paid outlives it. */
import { hexOf, type Bytes } from '../../base/bytes.ts';
import { millis, type Clock } from '../../base/clock.ts';
import { CodedError, isCoded, toCoded } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { ClientFrame, Envelope, ServerFrame } from '../gateway/wire.ts';
import type { StreamChain } from '../stream-chain.ts';
import { firstCursor } from './first-cursor.ts';
import { GatewayClient } from './gateway-client.ts';
import { GatewaySocket, type SocketData } from './gateway-socket.ts';
import type { BatchSource, Intake } from './intake.ts';
import type { KeptReader } from './kept-reader.ts';
import type { SubscriberKeys } from './keys.ts';
import type { Payer } from './payer.ts';
import type { Standstill } from './standstill.ts';
import type { StreamEvent } from './stream-event.ts';
import type { Subscription } from './subscription.ts';

export interface SessionOptions {
  readonly gatewayId: Bytes;
  readonly endpoint: string;
  /** Where a reader begins that never read this stream. */
  readonly begin: 'live' | 'earliest';
}

export interface SessionModules {
  readonly chain: StreamChain;
  readonly subscription: Subscription;
  readonly keys: SubscriberKeys;
  readonly kept: KeptReader;
  readonly intake: Intake;
  readonly payer: Payer;
  readonly standstill: Standstill;
  readonly clock: Clock;
  readonly log: Logger;
  readonly tell: (event: StreamEvent) => void;
}

/** Batches that may be on their way or wait to be read. */
const CREDIT = 32;
/** What another gateway is asked for again: its log may be some behind. */
const OVERLAP_MILLIS = 60_000;
const NO_BOUND = (1n << 64n) - 1n;

export class GatewaySession implements BatchSource {
  readonly id: string;
  readonly #options: SessionOptions;
  readonly #modules: SessionModules;
  readonly #signal: AbortSignal;
  readonly #failed = new AbortController();
  #client: GatewayClient | undefined;
  #socket: GatewaySocket | undefined;
  /** Why it ended; what came first counts. */
  #over: CodedError | null = null;
  /** Batches that the gateway may still send. */
  #credit = CREDIT;
  /** Of batches that were read; the gateway is told of several at once. */
  #unsentCredit = 0;
  /** Epochs whose keys it was asked for. */
  readonly #asked = new Set<number>();

  /** @param signal ends it */
  constructor(options: SessionOptions, modules: SessionModules, signal: AbortSignal) {
    this.id = hexOf(options.gatewayId);
    this.#options = options;
    this.#modules = modules;
    this.#signal = signal;
  }

  get #streamId(): Bytes {
    return this.#modules.subscription.record.stream.streamId;
  }

  /** @returns why it ended */
  async run(): Promise<CodedError> {
    const { intake, log } = this.#modules;
    try {
      await this.#open();
      const done = AbortSignal.any([this.#signal, this.#failed.signal]);
      if (!done.aborted) await new Promise((resolve) => done.addEventListener('abort', resolve, { once: true }));
      return this.#over ?? new CodedError('GATEWAY_UNREACHABLE', 'The reading was stopped.');
    } catch (error) {
      if (!isCoded(error) && !this.#signal.aborted) log.error('reading from a gateway failed', { endpoint: this.#options.endpoint }, error);
      return this.#over ?? toCoded(error);
    } finally {
      this.#socket?.close();
      this.#socket = undefined;
      this.#client = undefined;
      intake.end(this);
    }
  }

  /** Nothing when it is over. */
  send(frame: ClientFrame): void {
    this.#socket?.send(frame);
  }

  giveCredit(batches: number): void {
    this.#unsentCredit += batches;
    if (this.#credit > CREDIT / 2) return;
    this.send({ type: 'CREDIT', stream: this.#streamId, batches: this.#unsentCredit });
    this.#credit += this.#unsentCredit;
    this.#unsentCredit = 0;
  }

  wantKeys(epoch: number): void {
    const { tell, intake, subscription, clock } = this.#modules;
    const client = this.#client;
    if (client === undefined || this.#asked.has(epoch)) return;
    this.#asked.add(epoch);
    tell({ type: 'keys', epoch });
    void client.envelopes(this.#streamId, epoch, epoch, this.#signal).then((envelopes) => this.#addKeys(envelopes), (error: unknown) => {
      this.#asked.delete(epoch);
      // keys of epochs that were over before we paid never come
      if (isCoded(error, 'epoch_unavailable') && epoch < subscription.epochAt(clock.now()) && this.#client !== undefined) intake.skipKeyless();
    });
  }

  /** From where the reader stands: what the gateway counts and never came is left behind. */
  beginAnew(): void {
    this.#fail(new CodedError('READING_STANDS', 'The gateway waits to be paid for messages that never came here.', { help: 'The reading is begun again.' }));
  }

  async #open(): Promise<void> {
    const { chain, keys, clock, kept, intake, payer, standstill, subscription } = this.#modules;
    const { gatewayId, endpoint } = this.#options;
    const streamId = this.#streamId;
    const client = new GatewayClient({ gatewayId, endpoint, action: 'subscribe', streams: [streamId], entitlement: subscription.record.channel.channelId }, { chain, clock, signTicket: (ticket) => keys.signTicket(ticket) });
    await client.hello(this.#signal);
    const cursor = await this.#cursorAt(client);
    this.#client = client;
    intake.begin(this);
    standstill.end();
    const handlers = { onData: this.#guarded((data: SocketData) => this.#take(data)), onFrame: this.#guarded((frame: ServerFrame) => this.#frame(frame)) };
    const socket = (this.#socket = await GatewaySocket.open(client, handlers, this.#signal));
    const { voucher } = kept.state;
    if (voucher !== null) await payer.know(await client.sendVoucher(voucher, this.#signal));
    this.#subscribe(cursor);
    void socket.closed.then((reason) => this.#fail(reason));
  }

  /** Where this gateway is to begin: cursors hold at the gateway that gave them, another one is asked by time. */
  async #cursorAt(client: GatewayClient): Promise<string> {
    const { intake, kept, keys, subscription, clock } = this.#modules;
    const { position, cursors, timeMillis } = kept.state;
    const known = cursors[this.id];
    const behind = intake.position ?? position;
    if (known !== undefined) return known;
    if (behind === null || behind.nextSeq === 0n) return firstCursor(this.#options.begin, { client, keys, subscription, clock }, this.#signal);
    return client.cursorAt(this.#streamId, millis(Math.max(0, timeMillis - OVERLAP_MILLIS)), this.#signal);
  }

  #subscribe(cursor: string): void {
    const { subscription, payer } = this.#modules;
    this.send({ type: 'SUB', stream: this.#streamId, cursor, credit: CREDIT, ...(subscription.record.plan.kind === 'metered' ? { counted: payer.counted } : {}) });
  }

  #take({ batch, cursor }: SocketData): void {
    this.#modules.standstill.end();
    this.#credit -= 1;
    if (this.#credit < 0) throw new CodedError('BAD_FRAME', 'A gateway sends more than it was asked for.', { help: 'Use another gateway of the stream.' });
    this.#modules.intake.feed(batch, cursor, this);
  }

  #frame(frame: ServerFrame): void {
    const { payer, intake, standstill, tell } = this.#modules;
    switch (frame.type) {
      case 'SUBOK':
        payer.know(frame).catch((error: unknown) => this.#fail(toCoded(error)));
        return tell({ type: 'connected', endpoint: this.#client?.endpoint ?? '' });
      case 'KEY':
        return void this.#addKeys([frame]);
      case 'GAP':
        return intake.lost(frame.to, frame.reason);
      case 'PAY':
        if (frame.pausedAt !== null && frame.epochTo === null) standstill.begin(frame.signed);
        return payer.asked(frame.owed, frame.epochTo);
      case 'ERR':
        return this.#refused(frame);
      case 'BYE':
        throw new CodedError(frame.reason, 'The gateway ended the reading.', { help: 'It is begun again.' });
      case 'PAID':
      case 'HELLO':
      case 'AUTHOK':
      case 'SUBSCRIBERS':
      case 'PUBOK':
      case 'PING':
      case 'PONG':
    }
  }

  #refused({ code, about, retry, message, help, meta }: Extract<ServerFrame, { type: 'ERR' }>): void {
    const { payer, standstill, log } = this.#modules;
    if (code === 'deposit_used') {
      standstill.end();
      return payer.paused('deposit');
    }
    if (about === 'VOUCHER' && retry !== 'never') return payer.refusedForNow();
    if (about === 'SUB' && code === 'cursor_too_old') return this.#readFromOldest(meta['oldest']);
    if (about === 'SUB' || about === 'READ') throw new CodedError(code, message, { help, meta: { ...meta, retry } });
    log.warn('a gateway refuses', { about, code });
  }

  /** What is between is lost here. */
  #readFromOldest(oldest: unknown): void {
    if (typeof oldest !== 'string') throw new CodedError('cursor_too_old', 'What stood at this place is no longer kept.');
    this.#modules.intake.lost(NO_BOUND, 'retention');
    this.#subscribe(oldest);
  }

  async #addKeys(envelopes: readonly Pick<Envelope, 'envelope'>[]): Promise<void> {
    const { keys, intake, log } = this.#modules;
    for (const { envelope } of envelopes) {
      try {
        intake.addKeys(await keys.openEnvelope(envelope));
      } catch (error) {
        log.warn('keys that a gateway gave cannot be opened', { code: toCoded(error).code });
      }
    }
  }

  #guarded<T>(work: (value: T) => void): (value: T) => void {
    return (value) => {
      try {
        work(value);
      } catch (error) {
        this.#fail(toCoded(error));
      }
    };
  }

  #fail(reason: CodedError): void {
    this.#over ??= reason;
    this.#failed.abort();
  }
}
