/**
 * One WebSocket of a reader or publisher (docs/protocol/11 §4.13). A reader gets a batch only when it has given credit and its connection has
 * taken what was sent before, so a slow one holds a bounded part of memory and stands for itself.
 */
import { equal, hexOf, type Bytes } from '../../base/bytes.ts';
import { toSeconds, type Millis } from '../../base/clock.ts';
import { randomBytes } from '../../crypto/hash.ts';
import { BINARY } from './binary-frames.ts';
import type { ConnectionFacts } from './connection-facts.ts';
import { forgiveUnread } from './forgive-unread.ts';
import { FrameSender, type ByeReason, type ErrorAbout } from './frame-sender.ts';
import type { GatewayCore } from './gateway-core.ts';
import { refusal, toRefusal } from './refusal.ts';
import type { SocketLink } from './socket-link.ts';
import { SocketPulse } from './socket-pulse.ts';
import { SocketReading } from './socket-reading.ts';
import { epochAt } from './stream-epochs.ts';
import { SubscriberLists } from './subscriber-lists.ts';
import type { Holder } from './tickets.ts';
import { clientFrameSchema, MAX_BATCH_BYTES, type ClientFrame } from './wire.ts';

const TICK_MILLIS = 1000;
const MAX_TEXT_BYTES = 16 * 1024;
/** Frames of a client that wait for their turn. */
const MAX_QUEUED = 1024;
const MAX_QUEUED_BYTES = 8 * 1024 * 1024;
const NORMAL = 1000;
const REFUSED = 1008;
const GOING_AWAY = 1001;

export class SocketSession {
  readonly #core: GatewayCore;
  readonly #link: SocketLink;
  readonly #network: string;
  readonly #challenge = randomBytes(32);
  readonly #closed = new AbortController();
  readonly #readings = new Map<string, SocketReading>();
  readonly #sender: FrameSender;
  readonly #lists: SubscriberLists;
  readonly #onEnd: (() => void)[] = [];
  readonly #pulse = new SocketPulse();
  readonly #since: Millis;
  readonly #id: string;
  #publishedBytes = 0;
  #holder: Holder | undefined;
  #queue: Promise<void> = Promise.resolve();
  #queued = 0;
  #queuedBytes = 0;
  #answers: Promise<void> = Promise.resolve();

  /** @throws quota_sockets */
  constructor(core: GatewayCore, link: SocketLink, network: string) {
    this.#core = core;
    this.#link = link;
    this.#network = network;
    this.#sender = new FrameSender(core, link, this.#closed.signal);
    this.#lists = new SubscriberLists(core, this.#sender, this.#closed.signal);
    this.#since = core.clock.now();
    this.#id = String(++core.connected);
    this.#onEnd.push(core.quotas.openSocket(core.consumer(network)));
    const timer = setInterval(() => this.#tick(), TICK_MILLIS);
    timer.unref();
    this.#onEnd.push(() => clearInterval(timer));
    this.#onEnd.push(core.chain.onHead(() => void this.#recheck()));
    this.#sender.send({ type: 'HELLO', gatewayId: core.gatewayId, challenge: this.#challenge, time: core.clock.now() });
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
    return readings.map((reading, i) => ({ ...common, id: `${this.#id}.${i}`, ...reading.facts() }));
  }

  /** A holder that was proved by the request that opened the connection: the old paths have no AUTH and SUB. */
  begin(holder: Holder, streamId: Bytes): void {
    this.#enqueue('SUB', async () => {
      this.#take(holder);
      if (holder.action === 'subscribe') await this.#subscribe({ type: 'SUB', stream: streamId, cursor: 'earliest', credit: Number.MAX_SAFE_INTEGER });
    });
  }

  text(data: string): void {
    this.#pulse.heard();
    if (data.length > MAX_TEXT_BYTES) return this.#sender.error('FRAME', refusal('body_too_large'));
    const frame = parsed(data);
    if (frame === null) return this.#sender.error('FRAME', refusal('bad_request'));
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
          this.#sender.send({ type: 'PAID', ...(await this.#core.voucher(frame)) });
        });
      case 'PING':
        return this.#sender.send({ type: 'PONG' });
      case 'PONG':
        return;
      case 'BYE':
        return this.#bye('client', NORMAL);
    }
  }

  binary(data: Bytes): void {
    this.#pulse.heard();
    const [kind] = data;
    if (kind !== BINARY.PUB && kind !== BINARY.PUB_GAP) return this.#sender.error('FRAME', refusal('bad_request'));
    if (data.length > MAX_BATCH_BYTES + 1) return this.#sender.error('PUB', refusal('batch_too_large', { firstSeq: null }));
    this.#enqueue('PUB', () => this.#publish(data.subarray(1), kind === BINARY.PUB_GAP), data.length);
  }

  /** The connection is gone. */
  closed(): void {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    for (const reading of this.#readings.values()) reading.stop();
    for (const end of this.#onEnd) end();
  }

  /** Says where to go on, and closes. */
  stop(): void {
    this.#bye('stopping', GOING_AWAY);
  }

  /** One after another, in the order in which they came. */
  #enqueue(about: ErrorAbout, work: () => Promise<void>, bytes = 0): void {
    if (this.#queued >= MAX_QUEUED) return this.#bye('quota_rate', REFUSED);
    if (this.#queuedBytes + bytes > MAX_QUEUED_BYTES) return this.#bye('quota_bytes', REFUSED);
    this.#queued++;
    this.#queuedBytes += bytes;
    this.#queue = this.#queue.then(async () => {
      this.#queued--;
      this.#queuedBytes -= bytes;
      if (this.#closed.signal.aborted) return;
      try {
        await work();
      } catch (error) {
        this.#sender.error(about, toRefusal(error), error);
        if (about === 'AUTH') this.#link.close(REFUSED, 'AUTH');
      }
    });
  }

  /** To check a signature costs time that all share. Who sends many waits, as a reader that is refused would stop. */
  #paced(holder: Holder): Promise<void> {
    return this.#core.quotas.turn('requestsPerSecond', 1, this.#core.holderOnly(holder), { clock: this.#core.clock, signal: this.#closed.signal });
  }

  #authenticate({ ticket, proof }: Extract<ClientFrame, { type: 'AUTH' }>): Promise<void> {
    if (this.#holder !== undefined) throw refusal('bad_request', { why: 'AUTH' });
    this.#take(this.#core.tickets.provedSocket(ticket, this.#challenge, proof));
    return Promise.resolve();
  }

  #take(holder: Holder): void {
    this.#onEnd.push(this.#core.quotas.openSocket(this.#core.holderOnly(holder)));
    this.#holder = holder;
    const { action, streams, expirySeconds } = holder;
    this.#sender.send({ type: 'AUTHOK', action, streams: [...streams], expSeconds: expirySeconds });
    if (action === 'publish') for (const stream of streams) void this.#lists.watch(stream);
  }

  #authenticated(): Holder {
    if (this.#holder === undefined) throw refusal('ticket_required');
    return this.#holder;
  }

  async #subscribe({ stream: streamId, cursor, credit, counted }: Omit<Extract<ClientFrame, { type: 'SUB' }>, 'credit'> & { readonly credit: number }): Promise<void> {
    const holder = this.#authenticated();
    const key = hexOf(streamId);
    if (holder.action !== 'subscribe' || !holder.streams.some((id) => equal(id, streamId))) throw refusal('not_subscribed');
    if (this.#readings.has(key)) throw refusal('bad_request', { why: 'SUB' });
    const right = await this.#core.rights.reading(streamId, holder.entitlement, holder.address);
    const stream = await this.#core.host(streamId);
    const place = await stream.placeOf(cursor);
    const account = stream.account(right);
    if (counted !== undefined) await forgiveUnread({ stream, account, place, counted }, this.#core);
    if (this.#closed.signal.aborted) return;
    this.#sender.send({ type: 'SUBOK', stream: streamId, cursor: stream.cursor(place), generation: right.stream.generation, epoch: epochAt(right.stream, this.#core.clock.now()), kind: right.plan.kind, ...account.answer(right.channel) });
    const reading = new SocketReading(
      { stream, account, right, place, credit, holder, consumer: this.#core.consumer(this.#network, holder) },
      { core: this.#core, link: this.#link, sender: this.#sender, onEnd: () => this.#readings.delete(key) },
    );
    this.#readings.set(key, reading);
    reading.start();
  }

  #credit({ stream, batches }: Extract<ClientFrame, { type: 'CREDIT' }>): Promise<void> {
    const reading = this.#readings.get(hexOf(stream));
    if (reading === undefined) throw refusal('not_subscribed');
    reading.give(batches);
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
        this.#sender.send({ type: 'PUBOK', receipt: await receipt });
      } catch (error) {
        this.#sender.error('PUB', toRefusal(error), error);
      }
    });
  }

  /** A block may have ended a right, or raised a deposit. */
  async #recheck(): Promise<void> {
    for (const reading of this.#readings.values()) await reading.recheck();
  }

  #tick(): void {
    const holder = this.#holder;
    const now = toSeconds(this.#core.clock.now());
    if (holder !== undefined && holder.expirySeconds <= now) return this.#bye('ticket_expired', REFUSED);
    const due = this.#pulse.due(holder !== undefined);
    if (due === 'ping') this.#sender.send({ type: 'PING' });
    else if (due !== null) return this.#bye(due, due === 'idle' ? NORMAL : REFUSED);
    for (const reading of this.#readings.values()) reading.tick(now);
  }

  #bye(reason: ByeReason, code: number): void {
    for (const reading of [...this.#readings.values()]) reading.end(reason);
    this.#sender.send({ type: 'BYE', reason, stream: null, resumeCursor: null });
    this.#link.close(code, reason);
  }
}

function parsed(text: string): ClientFrame | null {
  try {
    return clientFrameSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // no JSON at all
  }
}
