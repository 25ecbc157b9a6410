/**
 * What the key desk has to remember over restarts, in one file: who is revoked, which keys each channel has been given, and what each gateway said
 * last of a channel, for that counts also while the gateway is away.
 */
import { z } from 'zod';
import { toHex, type Bytes } from '../../base/bytes.ts';
import type { Clock, Millis } from '../../base/clock.ts';
import type { FilePort } from '../../base/files.ts';
import { subscriberSchema, type Subscriber } from '../gateway/wire.ts';
import { joined, missing, type EpochSpan } from './epoch-spans.ts';

export interface KeyBookModules {
  readonly files: FilePort;
  readonly clock: Clock;
}

const heardSchema = subscriberSchema.pick({ owed: true, delivered: true, voucher: true });
/** Of what a gateway says of a channel. */
export type Heard = z.infer<typeof heardSchema>;

const bookSchema = z.object({
  revoked: z.array(z.string().regex(/^0x[0-9a-f]{64}$/)),
  /** Last epoch whose key each channel has been given, by generation: what a revocation can promise. */
  given: z.record(z.string(), z.int()),
  /** Epochs of time plans whose keys each channel has been given, first and last, ascending: no more of them than were paid for. */
  handed: z.record(z.string(), z.array(z.tuple([z.int(), z.int()]))).default({}),
  /** By channel and gateway. */
  heard: z.record(z.string(), z.record(z.string(), heardSchema)).default({}),
});

/** A gateway names up to 4 KiB for a channel. */
const MAX_BOOK_BYTES = 256 * 1024 * 1024;
/** Counts of gateways change all the time: a kill forgets at most what came in so long. */
const HEARD_EVERY_MILLIS = 5_000;

export class KeyBook {
  readonly #path: string;
  readonly #modules: KeyBookModules;
  readonly #revoked = new Set<string>();
  readonly #given = new Map<string, number>();
  readonly #handed = new Map<string, readonly EpochSpan[]>();
  readonly #heard = new Map<string, Map<string, Heard>>();
  /** One after another, so that what is on disk is never older than what was promised; rejects for all who wait when the disk refused. */
  #writing: Promise<void> = Promise.resolve();
  #writtenAt: Millis;
  /** The book says more of keys than what is on disk. */
  #isAhead = false;
  /** Gateways said more than what is on disk. */
  #isStale = false;

  private constructor(path: string, modules: KeyBookModules) {
    this.#path = path;
    this.#modules = modules;
    this.#writtenAt = modules.clock.now();
  }

  static async open(options: { readonly path: string }, modules: KeyBookModules): Promise<KeyBook> {
    const book = new KeyBook(options.path, modules);
    if (await modules.files.exists(options.path)) {
      const kept = bookSchema.parse(JSON.parse(Buffer.from(await modules.files.read(options.path, MAX_BOOK_BYTES)).toString('utf8')));
      for (const channel of kept.revoked) book.#revoked.add(channel);
      for (const [key, epoch] of Object.entries(kept.given)) book.#given.set(key, epoch);
      for (const [channel, spans] of Object.entries(kept.handed)) book.#handed.set(channel, spans.map(([from, to]) => ({ from, to })));
      for (const [channel, gateways] of Object.entries(kept.heard)) book.#heard.set(channel, new Map(Object.entries(gateways)));
    }
    return book;
  }

  /** Channels that get no more keys. */
  get revoked(): ReadonlySet<string> {
    return this.#revoked;
  }

  /** On disk when it returns. */
  async revoke(channel: string): Promise<void> {
    this.#revoked.add(channel);
    await this.#write();
  }

  async restore(channel: string): Promise<void> {
    this.#revoked.delete(channel);
    await this.#write();
  }

  /** Last epoch whose key this channel was ever handed; null before the first. */
  givenTo(channel: string, generation: number): number | null {
    return this.#given.get(givenKey(channel, generation)) ?? null;
  }

  /** Epochs of a time plan. */
  handedTo(channel: string): readonly EpochSpan[] {
    return this.#handed.get(channel) ?? [];
  }

  /** In memory at once, so that who asks beside gets nothing more for the same payment. */
  note(channelId: Bytes, generation: number, spans: readonly EpochSpan[], kind: Subscriber['kind']): void {
    const channel = toHex(channelId);
    const key = givenKey(channel, generation);
    for (const span of spans) {
      const handed = this.handedTo(channel);
      const fresh = kind === 'period' ? missing([span], handed) : [];
      const given = this.#given.get(key) ?? -1;
      if (given >= span.to && fresh.length === 0) continue;
      this.#given.set(key, Math.max(given, span.to));
      if (fresh.length > 0) this.#handed.set(channel, joined([...handed, ...fresh]));
      this.#isAhead = true;
    }
  }

  /** Channels of which gateways are listened to. */
  get channels(): Iterable<string> {
    return this.#heard.keys();
  }

  /** What each gateway said last of a channel; undefined unless `follow` was called for it. */
  heardOf(channel: string): Iterable<Heard> | undefined {
    return this.#heard.get(channel)?.values();
  }

  /** From now on what gateways say of this channel is kept: the chain knows it, so that they cannot fill the disk with others. */
  follow(channel: string): void {
    if (!this.#heard.has(channel)) this.#heard.set(channel, new Map());
  }

  /** It is over: nothing will be handed out for it any more. */
  forget(channel: string): void {
    this.#isStale = this.#heard.delete(channel) || this.#isStale;
  }

  /** What others said counts no more. */
  listenTo(gateways: ReadonlySet<string>): void {
    for (const heard of this.#heard.values()) {
      for (const gateway of [...heard.keys()].filter((one) => !gateways.has(one))) this.#isStale = heard.delete(gateway) || this.#isStale;
    }
  }

  hear(gateway: string, { channelId, owed, delivered, voucher }: Subscriber): void {
    const heard = this.#heard.get(toHex(channelId));
    if (heard === undefined) return;
    heard.set(gateway, { owed, delivered, voucher });
    this.#isStale = true;
  }

  /** What was noted of keys is on disk when it returns. */
  async keep(): Promise<void> {
    const isDue = this.#isStale && this.#modules.clock.now() - this.#writtenAt >= HEARD_EVERY_MILLIS;
    await (this.#isAhead || isDue ? this.#write() : this.#writing);
  }

  async close(): Promise<void> {
    await (this.#isAhead || this.#isStale ? this.#write() : this.#writing);
  }

  #write(): Promise<void> {
    const written = this.#writing.catch(() => undefined).then(async () => {
      [this.#isAhead, this.#isStale] = [false, false];
      try {
        await this.#modules.files.writeAtomic(this.#path, JSON.stringify(bookSchema.encode({
          revoked: [...this.#revoked], given: Object.fromEntries(this.#given),
          handed: Object.fromEntries([...this.#handed].map(([channel, spans]) => [channel, spans.map(({ from, to }) => [from, to])])),
          heard: Object.fromEntries([...this.#heard].map(([channel, gateways]) => [channel, Object.fromEntries(gateways)])),
        })));
        this.#writtenAt = this.#modules.clock.now();
      } catch (error) {
        [this.#isAhead, this.#isStale] = [true, true];
        throw error;
      }
    });
    written.catch(() => undefined); // told to whoever wrote, and who waits
    this.#writing = written;
    return written;
  }
}

function givenKey(channel: string, generation: number): string {
  return `${channel}/${generation}`;
}
