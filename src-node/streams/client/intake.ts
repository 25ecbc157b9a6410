/**
 * What comes and waits: batches are verified as they come, holes and keys are waited for within a bound, and what can be read is handed on. It
 * outlives the connection to one gateway.
 */
import { equal, type Bytes } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { isCoded } from '../../base/errors.ts';
import type { TypedDomain } from '../../contracts/typed-data.ts';
import { decodeBatch, nextSeq } from '../format/batch.ts';
import type { EnvelopeContent } from '../format/envelope.ts';
import type { Payer } from './payer.ts';
import type { StreamEvent } from './stream-event.ts';
import { StreamVerifier, type DeliveredRecord, type ReaderPosition, type StreamNews } from './verify.ts';

/** The gateway that batches come from. */
export interface BatchSource {
  /** Hex, without "0x". */
  readonly id: string;
  /** It may send so many batches more; nothing when it is gone. */
  giveCredit(batches: number): void;
  /** Asks for keys of an epoch, once until the answer is there; they come by `addKeys`. */
  wantKeys(epoch: number): void;
}

/** Records of some batches, and where the reader stands behind them. */
export interface Chunk {
  readonly records: readonly DeliveredRecord[];
  readonly position: ReaderPosition | null;
  /** Null while something before it waits. */
  readonly cursor: { readonly gateway: string; readonly text: string } | null;
  /** Gives back the credit of its batches. */
  readonly release: () => void;
}

export interface IntakeOptions {
  readonly streamId: Bytes;
  /** Of PDStream. */
  readonly domain: TypedDomain;
  readonly publisher: Bytes;
  readonly after: ReaderPosition | null;
}

export interface IntakeModules {
  readonly clock: Clock;
  readonly payer: Pick<Payer, 'passOver' | 'unreadable'>;
  readonly hand: (chunk: Chunk) => void;
  readonly tell: (event: StreamEvent) => void;
}

const MAX_WAITING_BYTES = 8 * 1024 * 1024;
/** A hole is told after so long. */
const MISSING_MILLIS = 4000;
const KEYS_MILLIS = 60_000;

export class Intake {
  readonly #modules: IntakeModules;
  readonly #verifier: StreamVerifier;
  /** The account whose batches are believed. */
  #publisher: Bytes;
  #source: BatchSource | null = null;
  /** Behind the last batch that came, at the gateway it came from. */
  #cursor: Chunk['cursor'] = null;
  /** Credit of batches that wait for a key or for one before them. */
  #held = 0;
  /** Up to here the gateway said that frames are not to be had. */
  #told: { readonly to: bigint; readonly reason: string } | null = null;
  #missingSince: number | null = null;
  #keysSince: number | null = null;
  /** For a batch before those that came, or for a key. */
  #waits = false;
  /** Epochs whose keys are waited for. */
  #needed: readonly number[] = [];

  constructor(options: IntakeOptions, modules: IntakeModules) {
    this.#modules = modules;
    this.#publisher = options.publisher;
    const publisher = (): Bytes => this.#publisher;
    this.#verifier = new StreamVerifier({ ...options, maxWaitingBytes: MAX_WAITING_BYTES, get publisher() { return publisher(); } });
  }

  /** Where to read on; null before the first batch of a reader that began with whatever comes. */
  get position(): ReaderPosition | null {
    return this.#verifier.position;
  }

  /** For a batch before those that came, or for a key. */
  get waits(): boolean {
    return this.#waits;
  }

  /** Batches come from there now; what waits from before has no credit there. */
  begin(source: BatchSource): void {
    this.#source = source;
    this.#held = 0;
    this.#told = null;
  }

  /** Nothing more comes from there. */
  end(source: BatchSource): void {
    if (this.#source === source) this.#source = null;
  }

  /** The account that the chain names now. @returns whether it is another one than before */
  follow(publisher: Bytes): boolean {
    if (equal(publisher, this.#publisher)) return false;
    this.#publisher = publisher;
    return true;
  }

  /** @throws BAD_BATCH */
  feed(batch: Bytes, cursor: string, { id }: BatchSource): void {
    const news = this.#verify(batch);
    this.#cursor = { gateway: id, text: cursor };
    this.#held += 1;
    if (news === null) return this.#waits ? undefined : this.#handOn([]);
    this.#modules.tell({ type: 'batch' });
    this.#take(news);
    const { missingFrom } = news;
    if (this.#told !== null && missingFrom !== null && missingFrom <= this.#told.to) this.#take(this.#verifier.skipMissing());
  }

  /** The gateway does not have these numbers. */
  lost(to: bigint, reason: string): void {
    this.#told = { to, reason };
  }

  addKeys(content: EnvelopeContent): void {
    this.#take(this.#verifier.addKeys(content));
  }

  /** Keys that batches wait for do not come. */
  skipKeyless(): void {
    this.#take(this.#verifier.skipKeyless());
  }

  /** Holes and keys are waited for within a bound; keys only while there is a gateway that could bring them. */
  tick(): void {
    const now = this.#modules.clock.now();
    if (this.#missingSince !== null && now - this.#missingSince >= MISSING_MILLIS) this.#take(this.#verifier.skipMissing());
    if (this.#source === null) return;
    if (this.#keysSince !== null && now - this.#keysSince >= KEYS_MILLIS) this.skipKeyless();
    else for (const epoch of this.#needed) this.#source.wantKeys(epoch);
  }

  /** Null for one that another account signed, when all its numbers were read: the stream may have changed its account since. @throws BAD_BATCH */
  #verify(batch: Bytes): StreamNews | null {
    try {
      return this.#verifier.feed(batch);
    } catch (error) {
      const { position } = this.#verifier;
      if (!isOfOtherAccount(error) || position === null || nextSeq(decodeBatch(batch).fields) > position.nextSeq) throw error;
      return null;
    }
  }

  /** Gaps, forks, keys that are wanted, and records to hand on. */
  #take(news: StreamNews): void {
    const { tell, clock, payer } = this.#modules;
    const now = clock.now();
    for (const { from, to } of news.gaps) payer.passOver(to - from + 1n);
    for (const gap of news.gaps) tell({ type: 'gap', gap, gateway: this.#told !== null && gap.from <= this.#told.to ? this.#told.reason : null });
    for (const fork of news.forks) tell({ type: 'fork', fork });
    if (news.gaps.some(({ reason }) => reason === 'wrong_key' || reason === 'unreadable')) payer.unreadable();
    this.#missingSince = news.missingFrom === null ? null : (this.#missingSince ?? now);
    this.#keysSince = news.needsKeys.length === 0 ? null : (this.#keysSince ?? now);
    this.#waits = news.missingFrom !== null || news.needsKeys.length > 0;
    this.#needed = news.needsKeys.map(({ epoch }) => epoch);
    for (const epoch of this.#needed) this.#source?.wantKeys(epoch);
    if (!this.#waits || news.records.length > 0) this.#handOn(news.records);
  }

  #handOn(records: Chunk['records']): void {
    const source = this.#source;
    const batches = this.#held;
    this.#held = 0;
    this.#modules.hand({ records, position: this.#verifier.position, cursor: this.#waits ? null : this.#cursor, release: () => (batches > 0 ? source?.giveCredit(batches) : undefined) });
  }
}

/** A batch was refused because another account signed it. */
export function isOfOtherAccount(error: unknown): boolean {
  return isCoded(error, 'BAD_BATCH') && error.meta['why'] === 'publisher';
}
