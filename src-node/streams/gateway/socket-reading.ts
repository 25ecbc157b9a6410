/**
 * One stream that a connection reads. A batch goes out only for credit and when the connection has taken what was sent before, so a slow
 * reader holds a bounded part of memory and stands for itself.
 */
import { millis, type Millis } from '../../base/clock.ts';
import type { ChannelAccount } from './channel-account.ts';
import type { ConnectionFacts } from './connection-facts.ts';
import type { Place } from './cursor.ts';
import type { ByeReason, FrameSender } from './frame-sender.ts';
import type { GatewayCore } from './gateway-core.ts';
import type { HostedStream } from './hosted-stream.ts';
import type { Consumer } from './quotas.ts';
import { refusal, toRefusal } from './refusal.ts';
import type { ReadingRight } from './rights.ts';
import type { SocketLink } from './socket-link.ts';
import { epochAt } from './stream-epochs.ts';
import type { ReadItem, StreamReader } from './stream-reader.ts';
import type { Holder } from './tickets.ts';

export interface SocketReadingOptions {
  readonly stream: HostedStream;
  readonly account: ChannelAccount;
  readonly right: ReadingRight;
  readonly place: Place;
  readonly credit: number;
  readonly holder: Holder;
  readonly consumer: Consumer;
}

export interface SocketReadingModules {
  readonly core: GatewayCore;
  readonly link: SocketLink;
  readonly sender: FrameSender;
  readonly onEnd: () => void;
}

const READ_BATCHES = 32;

export class SocketReading {
  readonly #options: SocketReadingOptions;
  readonly #core: GatewayCore;
  readonly #link: SocketLink;
  readonly #sender: FrameSender;
  readonly #onEnd: () => void;
  readonly #reader: StreamReader;
  readonly #end = new AbortController();
  readonly #sentKeys = new Set<string>();
  readonly #since: Millis;
  #right: ReadingRight;
  #credit: number;
  /** Told when credit, a voucher or a right came. */
  #wake: () => void = () => undefined;
  /** Whether PAY was sent since the last voucher. */
  #isAsked = false;
  /** Why and where it stands, as the reader was told. */
  #standsAt = '';
  #bytes = 0;
  #delayMillis: number | null = null;
  /** Why the next batch is not given now. */
  #halt: 'unpaid' | 'quota' | null = null;

  constructor(options: SocketReadingOptions, modules: SocketReadingModules) {
    this.#options = options;
    this.#core = modules.core;
    this.#link = modules.link;
    this.#sender = modules.sender;
    this.#onEnd = modules.onEnd;
    this.#reader = options.stream.reader(options.place);
    this.#right = options.right;
    this.#credit = options.credit;
    this.#since = modules.core.clock.now();
  }

  facts(): Pick<ConnectionFacts, 'streamId' | 'bytes' | 'behind' | 'delayMillis' | 'state'> {
    const { stream } = this.#options;
    return { streamId: stream.streamId, bytes: this.#bytes, behind: stream.tail.position - this.#reader.place.offset, delayMillis: this.#credit > 0 ? this.#delayMillis : null, state: this.#state() };
  }

  /** Goes on until it ends. */
  start(): void {
    const stopListening = this.#options.stream.onChanged(() => this.#changed());
    this.#end.signal.addEventListener('abort', stopListening, { once: true });
    this.#changed();
    this.#pump().catch((error: unknown) => {
      this.#sender.error('READ', toRefusal(error), error, this.#options.stream.streamId);
      this.end(toRefusal(error).code);
    });
  }

  give(credit: number): void {
    this.#credit += credit;
    this.#wake();
  }

  /** A block may have ended the right, or raised a deposit. */
  async recheck(): Promise<void> {
    const { stream, holder } = this.#options;
    try {
      this.#right = await this.#core.rights.reading(stream.streamId, holder.entitlement, holder.address);
      this.#changed();
      if (this.#right.stream.status === 'ended' && this.#reader.atEnd) this.end('stream_retired');
    } catch (error) {
      const { code } = toRefusal(error);
      if (code !== 'chain_unavailable') this.end(code);
    }
  }

  /** Ends it when the time of its channel is over. */
  tick(nowSeconds: number): void {
    if (this.#right.channel.expirySeconds <= nowSeconds) this.end('channel_closed');
  }

  /** Says where to go on. */
  end(reason: ByeReason): void {
    if (this.#end.signal.aborted) return;
    const { stream } = this.#options;
    this.stop();
    this.#onEnd();
    this.#sender.send({ type: 'BYE', reason, stream: stream.streamId, resumeCursor: stream.cursor(this.#reader.place) });
  }

  /** The connection is gone. */
  stop(): void {
    this.#end.abort();
  }

  #state(): ConnectionFacts['state'] {
    if (this.#reader.atEnd) return 'ok';
    return this.#halt ?? (this.#credit <= 0 || this.#link.buffered > 0 ? 'slow' : 'ok');
  }

  async #pump(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      if (this.#credit <= 0) {
        await this.#woken();
        continue;
      }
      await this.#link.drained(signal);
      const items = await this.#reader.next(Math.min(this.#credit, READ_BATCHES));
      if (items.length === 0) {
        if (this.#right.stream.status === 'ended') return this.end('stream_retired');
        await this.#reader.grown(signal);
        continue;
      }
      for (const item of items) {
        if (!(await this.#deliver(item))) break;
      }
    }
  }

  /** @returns whether to go on with the next at once */
  async #deliver(item: ReadItem): Promise<boolean> {
    const { signal } = this.#end;
    if (signal.aborted) return false;
    const { account, stream, consumer } = this.#options;
    const { entry, gap } = item;
    const { deposit } = this.#right.channel;
    const admission = account.admit(entry, deposit);
    if (admission === 'unpaid') {
      this.#gap({ from: gap?.from ?? entry.firstSeq, to: entry.endSeq - 1n, reason: 'unpaid' });
      this.#reader.passed(item);
      return true;
    }
    if (admission !== 'serve') {
      this.#halt = 'unpaid';
      const standsAt = `${admission} ${entry.firstSeq} ${account.signed} ${deposit}`;
      if (standsAt !== this.#standsAt) {
        this.#standsAt = standsAt;
        if (admission === 'pay') this.#askToPay(entry.firstSeq, this.#right.plan.kind === 'period' ? entry.epoch : null);
        else this.#sender.error('READ', refusal('deposit_used'), undefined, stream.streamId);
      }
      await this.#woken();
      return false;
    }
    const wait = this.#core.quotas.wait('readBytesPerSecond', entry.batch.length, consumer);
    if (wait > 0) {
      this.#halt = 'quota';
      await this.#core.clock.sleep(millis(wait), signal);
      return false;
    }
    this.#core.quotas.use('readBytesPerSecond', entry.batch.length, consumer);
    if (gap !== null) this.#gap(gap);
    this.#send(item);
    if (this.#link.buffered > 0) await this.#link.drained(signal);
    return this.#credit > 0;
  }

  #send(item: ReadItem): void {
    const { account, stream, holder } = this.#options;
    const { entry } = item;
    const bytes = entry.batch.length;
    this.#link.sendBatch(entry.head, entry.batch);
    this.#halt = null;
    this.#bytes += bytes;
    stream.outbound.add(bytes);
    if (entry.timeMillis >= this.#since) this.#delayMillis = Math.max(0, this.#core.clock.now() - entry.timeMillis);
    this.#reader.passed(item);
    account.delivered(entry);
    this.#credit--;
    this.#core.countRead(holder, bytes, Number(entry.endSeq - entry.firstSeq));
    if (account.isHalfOwed && !this.#isAsked) {
      this.#isAsked = true;
      this.#askToPay(null, null);
    }
  }

  #gap(gap: NonNullable<ReadItem['gap']>): void {
    this.#core.metrics.add('gaps');
    this.#sender.send({ type: 'GAP', stream: this.#options.stream.streamId, ...gap });
  }

  #askToPay(pausedAt: bigint | null, epochTo: number | null): void {
    const { stream, account } = this.#options;
    this.#sender.send({ type: 'PAY', stream: stream.streamId, owed: account.owed, signed: account.signed, window: account.plan.window, epochTo, pausedAt });
  }

  #woken(): Promise<void> {
    const { signal } = this.#end;
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#wake = done;
      if (signal.aborted) done();
      else signal.addEventListener('abort', done, { once: true });
    });
  }

  /** Keys and vouchers of the stream. */
  #changed(): void {
    const { stream, account } = this.#options;
    const epoch = epochAt(this.#right.stream, this.#core.clock.now());
    for (const envelope of stream.envelopes(account.channelId, epoch, Number.MAX_SAFE_INTEGER)) {
      const name = `${envelope.generation}-${envelope.from}-${envelope.to}`;
      if (this.#sentKeys.has(name)) continue;
      this.#sentKeys.add(name);
      this.#sender.send({ type: 'KEY', stream: stream.streamId, ...envelope });
    }
    if (!account.isHalfOwed) this.#isAsked = false;
    this.#wake();
  }
}
