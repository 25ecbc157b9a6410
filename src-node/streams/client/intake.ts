/**
 * What comes and waits: batches are verified as they come, holes and keys are waited for within a bound, and what can be read is handed on. It
 * outlives the connection to one gateway.
 */
import type { Bytes } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import type { TypedDomain } from '../../contracts/typed-data.ts';
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
  #source: BatchSource | null = null;
  /** Behind the last batch that came, at the gateway it came from. */
  #cursor: Chunk['cursor'] = null;
  /** Credit of batches that wait for a key or for one before them. */
  #held = 0;
  /** Up to here the gateway said that frames are not to be had. */
  #told: { readonly to: bigint; readonly reason: string } | null = null;
  #missingSince: number | null = null;
  #keysSince: number | null = null;
  /** Epochs whose keys are waited for. */
  #needed: readonly number[] = [];

  constructor(options: IntakeOptions, modules: IntakeModules) {
    this.#modules = modules;
    this.#verifier = new StreamVerifier({ ...options, maxWaitingBytes: MAX_WAITING_BYTES });
  }

  /** Where to read on; null before the first batch of a reader that began with whatever comes. */
  get position(): ReaderPosition | null {
    return this.#verifier.position;
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

  /** @throws BAD_BATCH */
  feed(batch: Bytes, cursor: string, { id }: BatchSource): void {
    const news = this.#verifier.feed(batch);
    this.#cursor = { gateway: id, text: cursor };
    this.#modules.tell({ type: 'batch' });
    this.#held += 1;
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

  /** Gaps, forks, keys that are wanted, and records to hand on. */
  #take(news: StreamNews): void {
    const { tell, clock, payer, hand } = this.#modules;
    const now = clock.now();
    for (const { from, to } of news.gaps) payer.passOver(to - from + 1n);
    for (const gap of news.gaps) tell({ type: 'gap', gap, gateway: this.#told !== null && gap.from <= this.#told.to ? this.#told.reason : null });
    for (const fork of news.forks) tell({ type: 'fork', fork });
    if (news.gaps.some(({ reason }) => reason === 'wrong_key' || reason === 'unreadable')) payer.unreadable();
    this.#missingSince = news.missingFrom === null ? null : (this.#missingSince ?? now);
    this.#keysSince = news.needsKeys.length === 0 ? null : (this.#keysSince ?? now);
    const waits = news.missingFrom !== null || news.needsKeys.length > 0;
    this.#needed = news.needsKeys.map(({ epoch }) => epoch);
    for (const epoch of this.#needed) this.#source?.wantKeys(epoch);
    if (waits && news.records.length === 0) return;
    const source = this.#source;
    const batches = this.#held;
    this.#held = 0;
    hand({ records: news.records, position: this.#verifier.position, cursor: waits ? null : this.#cursor, release: () => (batches > 0 ? source?.giveCredit(batches) : undefined) });
  }
}
