/**
 * Hands the keys of coming epochs to who paid for them (docs/protocol/11 §4.11): at a time plan the epochs that were paid for, at a message
 * plan while no more is owed than the plan allows, and never further than `ahead` epochs from now. Who is revoked gets no more.
 * Lists of subscribers come from gateways, which may read nothing themselves: whose key it is says the chain, what was paid the signature of
 * that key, and what was handed out for it the own book.
 */
import { z } from 'zod';
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
import { EPOCH_COUNT, epochAt } from '../format/ggm.ts';
import type { KeysRequest, SignedVoucher, Subscriber } from '../gateway/wire.ts';
import type { ChannelRecord, StreamChain, StreamPlan, StreamRecord } from '../stream-chain.ts';
import type { PublisherKeys } from './keys.ts';

export interface EpochSpan {
  /** First and last epoch. */
  readonly from: number;
  readonly to: number;
}

export interface KeyDeskModules {
  readonly chain: StreamChain;
  readonly keys: PublisherKeys;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Where envelopes go. */
export interface EnvelopePlace {
  readonly id: string;
  post(request: KeysRequest): Promise<void>;
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

const bookSchema = z.object({
  revoked: z.array(z.string().regex(/^0x[0-9a-f]{64}$/)),
  /** Last epoch whose key each channel has been given, by generation: what a revocation can promise. */
  given: z.record(z.string(), z.int()),
  /** Epochs of time plans whose keys each channel has been given, first and last, ascending: no more of them than were paid for. */
  handed: z.record(z.string(), z.array(z.tuple([z.int(), z.int()]))).default({}),
});

const MAX_BOOK_BYTES = 16 * 1024 * 1024;

export class KeyDesk {
  readonly #path: string;
  readonly #modules: KeyDeskModules;
  readonly #revoked = new Set<string>();
  readonly #given = new Map<string, number>();
  readonly #handed = new Map<string, readonly EpochSpan[]>();
  /** What each gateway has of each channel in this run. */
  readonly #posted = new Map<string, EpochSpan[]>();
  /** One after another, so that what is on disk is never older than what was promised. */
  #writing: Promise<void> = Promise.resolve();
  /** The book says more than what is on disk. */
  #isAhead = false;

  private constructor(path: string, modules: KeyDeskModules) {
    this.#path = path;
    this.#modules = modules;
  }

  static async open(options: { readonly path: string }, modules: KeyDeskModules): Promise<KeyDesk> {
    const desk = new KeyDesk(options.path, modules);
    if (await modules.files.exists(options.path)) {
      const book = bookSchema.parse(JSON.parse(Buffer.from(await modules.files.read(options.path, MAX_BOOK_BYTES)).toString('utf8')));
      for (const channel of book.revoked) desk.#revoked.add(channel);
      for (const [key, epoch] of Object.entries(book.given)) desk.#given.set(key, epoch);
      for (const [channel, spans] of Object.entries(book.handed)) desk.#handed.set(channel, spans.map(([from, to]) => ({ from, to })));
    }
    return desk;
  }

  /** Channels that get no more keys. */
  get revoked(): readonly Bytes[] {
    return [...this.#revoked].map(fromHex);
  }

  /** Last epoch whose key this channel was ever handed; null before the first. */
  givenTo(channelId: Bytes, generation: number): number | null {
    return this.#given.get(givenKey(toHex(channelId), generation)) ?? null;
  }

  /** No further key goes to this channel. @returns when the last one that it has ends: nothing after that can be read */
  async revoke(channelId: Bytes, stream: StreamRecord): Promise<Millis> {
    const channel = toHex(channelId);
    this.#revoked.add(channel);
    await this.#write();
    const given = this.#given.get(givenKey(channel, stream.generation));
    return given === undefined ? this.#modules.clock.now() : millis(toMillis(stream.startSeconds) + (given + 1) * toMillis(stream.epochSeconds));
  }

  async restore(channelId: Bytes): Promise<void> {
    this.#revoked.delete(toHex(channelId));
    await this.#write();
  }

  /** Posts what each subscriber has a right to now and this gateway does not have. A gateway that refuses is tried again with the next call. */
  async serve(stream: StreamRecord, subscribers: readonly Subscriber[], place: EnvelopePlace): Promise<void> {
    const now = epochAt(this.#modules.clock.now(), toMillis(stream.startSeconds), toMillis(stream.epochSeconds));
    const granted: Handed[] = [];
    for (const subscriber of subscribers) {
      const channel = toHex(subscriber.channelId);
      if (this.#revoked.has(channel)) continue;
      const postedKey = `${place.id}/${channel}/${stream.generation}`;
      const wanted = subscriber.kind === 'period' ? paidSpans(subscriber.paid, now, stream.ahead) : [aheadSpan(now, stream.ahead)];
      const open = missing(wanted, this.#posted.get(postedKey) ?? []);
      // a chain that cannot be read now opens nothing now, and ends nothing
      const spans = open.length === 0 ? [] : await this.#grant(stream, subscriber, open).catch((error: unknown) => {
        if (isCoded(error, 'CHAIN_UNREACHABLE')) return [];
        throw error;
      });
      granted.push(...spans.map((span) => ({ subscriber, channel, postedKey, span })));
    }
    // on disk before the keys go out, so that a promise is never too early and nothing is given twice for one payment
    await (this.#isAhead ? this.#write() : this.#writing);
    const handed = granted.filter(({ channel }) => !this.#revoked.has(channel)); // while the others were looked at
    for (let i = 0; i < handed.length; i += AT_ONCE) await Promise.all(handed.slice(i, i + AT_ONCE).map((one) => this.#post(stream, one, place)));
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
  async #grant(stream: StreamRecord, { channelId, publicKey, kind, voucher, owed }: Subscriber, open: readonly EpochSpan[]): Promise<readonly EpochSpan[]> {
    const { chain, clock } = this.#modules;
    const channel = await chain.channel(channelId);
    if (channel === null || channel.status !== 'open' || channel.expirySeconds <= toSeconds(clock.now())) return [];
    if (!equal(channel.streamId, stream.streamId) || !equal(channel.payerKey, addressOfPublicKey(publicKey))) return [];
    const plan = await chain.plan(stream.streamId, channel.planHash);
    if (plan === null || plan.kind !== kind) return [];
    const units = this.#signedUnits(voucher, channel, plan);
    if (kind === 'period') {
      const handed = this.#handed.get(toHex(channelId)) ?? [];
      return this.#note(channelId, stream.generation, within(open, handed, Math.floor(Number(units) / stream.epochSeconds) - length(handed)), kind);
    }
    // the gateway lets one batch through when nothing is owed, however small the window is
    return owed - units <= BigInt(Math.max(plan.window, MAX_BATCH_FRAMES)) ? this.#note(channelId, stream.generation, open, kind) : [];
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

  /** In memory at once, so that who asks beside gets nothing more for the same payment. */
  #note(channelId: Bytes, generation: number, spans: readonly EpochSpan[], kind: Subscriber['kind']): readonly EpochSpan[] {
    const channel = toHex(channelId);
    const key = givenKey(channel, generation);
    for (const span of spans) {
      const handed = this.#handed.get(channel) ?? [];
      const fresh = kind === 'period' ? missing([span], handed) : [];
      const given = this.#given.get(key) ?? -1;
      if (given >= span.to && fresh.length === 0) continue;
      this.#given.set(key, Math.max(given, span.to));
      if (fresh.length > 0) this.#handed.set(channel, joined([...handed, ...fresh]));
      this.#isAhead = true;
    }
    return spans;
  }

  #write(): Promise<void> {
    const written = this.#writing.then(async () => {
      this.#isAhead = false;
      try {
        await this.#modules.files.writeAtomic(this.#path, JSON.stringify({
          revoked: [...this.#revoked], given: Object.fromEntries(this.#given),
          handed: Object.fromEntries([...this.#handed].map(([channel, spans]) => [channel, spans.map(({ from, to }) => [from, to])])),
        }));
      } catch (error) {
        this.#isAhead = true;
        throw error;
      }
    });
    this.#writing = written.catch(() => undefined); // told to whoever wrote
    return written;
  }
}

/** Of the epochs that were paid for, those that are not too far ahead. */
export function paidSpans(paid: readonly EpochSpan[], now: number, ahead: number): readonly EpochSpan[] {
  return paid.map(({ from, to }) => ({ from, to: Math.min(to, now + ahead, EPOCH_COUNT - 1) })).filter(({ from, to }) => from <= to);
}

function aheadSpan(now: number, ahead: number): EpochSpan {
  return { from: now, to: Math.min(now + ahead, EPOCH_COUNT - 1) };
}

/** What of `wanted` is not in `had`, in whole spans. */
export function missing(wanted: readonly EpochSpan[], had: readonly EpochSpan[]): readonly EpochSpan[] {
  let rest = [...wanted];
  for (const { from, to } of had) {
    rest = rest.flatMap((span) => {
      if (span.to < from || span.from > to) return [span];
      return [{ from: span.from, to: from - 1 }, { from: to + 1, to: span.to }].filter((part) => part.from <= part.to);
    });
  }
  return rest;
}

/** Of `wanted` what was handed out before, and so many epochs more. */
function within(wanted: readonly EpochSpan[], handed: readonly EpochSpan[], more: number): readonly EpochSpan[] {
  const fresh: EpochSpan[] = [];
  let left = more;
  for (const { from, to } of missing(wanted, handed)) {
    if (left <= 0) break;
    fresh.push({ from, to: Math.min(to, from + left - 1) });
    left -= to - from + 1;
  }
  const again = missing(wanted, missing(wanted, handed));
  return joined([...again, ...fresh]);
}

/** Ascending, with none that touch. */
function joined(spans: readonly EpochSpan[]): readonly EpochSpan[] {
  const out: EpochSpan[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = out.at(-1);
    if (last !== undefined && span.from <= last.to + 1) out[out.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else out.push(span);
  }
  return out;
}

function length(spans: readonly EpochSpan[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

function givenKey(channel: string, generation: number): string {
  return `${channel}/${generation}`;
}
