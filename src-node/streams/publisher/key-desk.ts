/**
 * Hands the keys of coming epochs to who paid for them (docs/protocol/11 §4.11): at a time plan the epochs that were paid for, at a message
 * plan while no more is owed than the plan allows, by all gateways together, and never further than `ahead` epochs from now. Who is revoked
 * gets no more. Lists of subscribers come from gateways, which may read nothing themselves: whose key it is says the chain, what was paid the
 * signature of that key, and what was handed out for it the own book.
 */
import { equal, fromHex, toHex, type Bytes } from '../../base/bytes.ts';
import { millis, toMillis, toSeconds, type Clock, type Millis } from '../../base/clock.ts';
import { isCoded } from '../../base/errors.ts';
import type { FilePort } from '../../base/files.ts';
import type { Logger } from '../../base/logger.ts';
import { voucherDigest } from '../../contracts/typed-data.ts';
import { addressOfPublicKey } from '../../crypto/secp256k1.ts';
import { typedSigner } from '../../crypto/typed-signer.ts';
import { MAX_BATCH_FRAMES } from '../format/batch.ts';
import { sealEnvelope } from '../format/envelope.ts';
import { epochAt } from '../format/ggm.ts';
import type { KeysRequest, SignedVoucher, Subscriber } from '../gateway/wire.ts';
import type { ChannelRecord, StreamChain, StreamPlan, StreamRecord } from '../stream-chain.ts';
import { aheadSpan, countOf, missing, paidSpans, within, type EpochSpan } from './epoch-spans.ts';
import { KeyBook, type Heard } from './key-book.ts';
import type { PublisherKeys } from './keys.ts';
import { unitedOwed } from './united-owed.ts';

export interface KeyDeskModules {
  readonly chain: StreamChain;
  readonly keys: PublisherKeys;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Where envelopes go. */
export interface EnvelopePlace {
  /** Of the gateway. */
  readonly id: string;
  post(request: KeysRequest): Promise<void>;
}

/** One subscriber, as all gateways tell of it together. */
export interface Reading {
  readonly channelId: Bytes;
  readonly kind: Subscriber['kind'];
  readonly owed: bigint;
  /** Those that gateways show; nobody has looked at their signatures. */
  readonly vouchers: readonly SignedVoucher[];
}

/** A span that goes to a subscriber at one gateway. */
interface Handed {
  readonly subscriber: Subscriber;
  readonly channel: string;
  readonly postedKey: string;
  readonly span: EpochSpan;
}

/** Requests to one gateway. */
const AT_ONCE = 8;

export class KeyDesk {
  readonly #modules: KeyDeskModules;
  readonly #book: KeyBook;
  /** What each gateway of this run said last. */
  readonly #lists = new Map<string, ReadonlyMap<string, Subscriber>>();
  /** What each gateway has of each channel in this run. */
  readonly #posted = new Map<string, EpochSpan[]>();
  /** Epoch in which the book was last rid of channels that are over. */
  #tidiedIn = -1;

  private constructor(book: KeyBook, modules: KeyDeskModules) {
    this.#book = book;
    this.#modules = modules;
  }

  static async open(options: { readonly path: string }, modules: KeyDeskModules): Promise<KeyDesk> {
    return new KeyDesk(await KeyBook.open(options, modules), modules);
  }

  /** Channels that get no more keys. */
  get revoked(): readonly Bytes[] {
    return [...this.#book.revoked].map(fromHex);
  }

  /** Last epoch whose key this channel was ever handed; null before the first. */
  givenTo(channelId: Bytes, generation: number): number | null {
    return this.#book.givenTo(toHex(channelId), generation);
  }

  /** No further key goes to this channel. @returns when the last one that it has ends: nothing after that can be read */
  async revoke(channelId: Bytes, stream: StreamRecord): Promise<Millis> {
    await this.#book.revoke(toHex(channelId));
    const given = this.givenTo(channelId, stream.generation);
    return given === null ? this.#modules.clock.now() : millis(toMillis(stream.startSeconds) + (given + 1) * toMillis(stream.epochSeconds));
  }

  async restore(channelId: Bytes): Promise<void> {
    await this.#book.restore(toHex(channelId));
  }

  /** Who may read now at a gateway, instead of what it said before. */
  hear(gateway: string, subscribers: readonly Subscriber[]): void {
    this.#lists.set(gateway, new Map(subscribers.map((subscriber) => [toHex(subscriber.channelId), subscriber])));
    for (const subscriber of subscribers) this.#book.hear(gateway, subscriber);
  }

  /** Another run, with these gateways: none has said yet who may read. */
  begin(gateways: readonly Bytes[]): void {
    this.#lists.clear();
    this.#book.listenTo(new Set(gateways.map(toHex)));
  }

  /** Who may read now at any gateway. */
  get readings(): readonly Reading[] {
    const subscribers = new Map([...this.#lists.values()].flatMap((list) => [...list]));
    return [...subscribers].map(([channel, { channelId, kind, owed }]) => {
      const heard = this.#heardOf(channel);
      return { channelId, kind, owed: kind === 'metered' ? unitedOwed(heard) : owed, vouchers: heard.flatMap(({ voucher }) => voucher ?? []) };
    });
  }

  /** Posts what each subscriber has a right to now and this gateway does not have. A gateway that refuses is tried again with the next call. */
  async serve(stream: StreamRecord, place: EnvelopePlace): Promise<void> {
    const now = epochAt(this.#modules.clock.now(), toMillis(stream.startSeconds), toMillis(stream.epochSeconds));
    const isDue = now !== this.#tidiedIn;
    this.#tidiedIn = now; // other gateways are served meanwhile
    if (isDue) await this.#forgetClosed();
    const granted: Handed[] = [];
    for (const [channel, subscriber] of this.#lists.get(place.id) ?? []) {
      if (this.#book.revoked.has(channel)) continue;
      const postedKey = `${place.id}/${channel}/${stream.generation}`;
      const wanted = subscriber.kind === 'period' ? paidSpans(subscriber.paid, now, stream.ahead) : [aheadSpan(now, stream.ahead)];
      const open = missing(wanted, this.#posted.get(postedKey) ?? []);
      const spans = open.length === 0 ? [] : ((await this.#grant(stream, subscriber, open).catch(unlessAway)) ?? []);
      granted.push(...spans.map((span) => ({ subscriber, channel, postedKey, span })));
    }
    // on disk before the keys go out, so that a promise is never too early and nothing is given twice for one payment
    await this.#book.keep();
    const handed = granted.filter(({ channel }) => !this.#book.revoked.has(channel)); // while the others were looked at
    for (let i = 0; i < handed.length; i += AT_ONCE) await Promise.all(handed.slice(i, i + AT_ONCE).map((one) => this.#post(stream, one, place)));
  }

  /** Everything is on disk. */
  close(): Promise<void> {
    return this.#book.close();
  }

  async #post(stream: StreamRecord, { subscriber, channel, postedKey, span: { from, to } }: Handed, place: EnvelopePlace): Promise<void> {
    const { streamId, generation } = stream;
    try {
      const content = { streamId, generation, from, to, nodes: await this.#modules.keys.nodes(generation, from, to) };
      const envelope = sealEnvelope(content, this.#modules.chain.chainId, subscriber.publicKey);
      await place.post({ channelId: subscriber.channelId, generation, from, to, envelope });
      this.#posted.set(postedKey, [...(this.#posted.get(postedKey) ?? []), { from, to }].slice(-64));
    } catch (error) {
      if (!isCoded(error)) throw error;
      this.#modules.log.warn('keys could not be handed to a gateway', { gateway: place.id, channel, code: error.code });
    }
  }

  /** What of it the subscriber has a right to, whatever the gateway says of it; from then on it counts as handed out. */
  async #grant(stream: StreamRecord, { channelId, publicKey, kind }: Subscriber, open: readonly EpochSpan[]): Promise<readonly EpochSpan[]> {
    const { chain, clock } = this.#modules;
    const channel = await chain.channel(channelId);
    if (channel === null || channel.status !== 'open' || channel.expirySeconds <= toSeconds(clock.now())) return [];
    if (!equal(channel.streamId, stream.streamId) || !equal(channel.payerKey, addressOfPublicKey(publicKey))) return [];
    const plan = await chain.plan(stream.streamId, channel.planHash);
    if (plan === null || plan.kind !== kind) return [];
    const key = toHex(channelId);
    this.#follow(key);
    const heard = this.#heardOf(key);
    const units = heard.map(({ voucher }) => this.#signedUnits(voucher, channel, plan)).reduce((best, signed) => (signed > best ? signed : best), 0n);
    const handed = this.#book.handedTo(key);
    // a gateway lets one batch through when nothing is owed, however small the window is
    const isWithin = unitedOwed(heard) - units <= BigInt(Math.max(plan.window, MAX_BATCH_FRAMES));
    const spans = kind === 'period' ? within(open, handed, Math.floor(Number(units) / stream.epochSeconds) - countOf(handed)) : isWithin ? open : [];
    this.#book.note(channelId, stream.generation, spans, kind);
    return spans;
  }

  /** A channel that the chain knows: what gateways said of it so far and will say counts, also when they are away. */
  #follow(channel: string): void {
    if (this.#book.heardOf(channel) !== undefined) return;
    this.#book.follow(channel);
    for (const [gateway, list] of this.#lists) {
      const subscriber = list.get(channel);
      if (subscriber !== undefined) this.#book.hear(gateway, subscriber);
    }
  }

  #heardOf(channel: string): readonly Heard[] {
    return [...(this.#book.heardOf(channel) ?? [...this.#lists.values()].flatMap((list) => list.get(channel) ?? []))];
  }

  /** Gateways name them no more. */
  async #forgetClosed(): Promise<void> {
    const named = new Set([...this.#lists.values()].flatMap((list) => [...list.keys()]));
    for (const channel of [...this.#book.channels].filter((one) => !named.has(one))) {
      const record = await this.#modules.chain.channel(fromHex(channel)).catch(unlessAway);
      if (record === null || record?.status === 'closed') this.#book.forget(channel);
    }
  }

  /** Of a voucher that the chain would pay; none of any other. */
  #signedUnits(voucher: SignedVoucher | null, { channelId, planHash, payerKey, deposit }: ChannelRecord, { unitPrice }: StreamPlan): bigint {
    if (voucher === null || !equal(voucher.channelId, channelId) || !equal(voucher.plan, planHash)) return 0n;
    const { cumulativeUnits, cumulativeAmount, signature } = voucher;
    if (cumulativeAmount > deposit || cumulativeAmount < cumulativeUnits * unitPrice) return 0n;
    const { chainId, genesisHash, contracts } = this.#modules.chain;
    const signer = typedSigner(voucherDigest({ chainId, genesisHash, contract: contracts.channel }, { ...voucher, planHash: voucher.plan }), signature);
    return signer !== null && equal(signer.address, payerKey) ? cumulativeUnits : 0n;
  }
}

/** A chain that cannot be read now opens nothing now, and ends nothing. */
function unlessAway(error: unknown): undefined {
  if (isCoded(error, 'CHAIN_UNREACHABLE')) return undefined;
  throw error;
}
