/** Brings the descriptions of streams here, checks them against the chain, and makes them searchable. */
import type { DatabaseSync } from 'node:sqlite';
import type { Hex } from '../base/bytes.ts';
import { cleanText } from '../base/clean-text.ts';
import type { Clock } from '../base/clock.ts';
import { isCoded } from '../base/errors.ts';
import { column, inTransaction } from '../db/sqlite.ts';
import { decodeStreamMetadata, MAX_STREAM_TEXT_BYTES, type StreamMetadata } from './metadata.ts';
import type { TextPlaces } from './ports.ts';

export interface StreamText {
  /** `missing`: on its way, or nobody serves it · `invalid`: what was served is wrong, with the reason. */
  readonly state: 'ready' | 'missing' | 'invalid';
  readonly reason: string | null;
  readonly metadata: StreamMetadata | null;
}

export interface StreamTextOptions {
  /** What streams are sorted by; a text that says something else is of the last one. */
  readonly categories: readonly string[];
}

const FIRST_RETRY_MILLIS = 2_000;
const LAST_RETRY_MILLIS = 10 * 60_000;
const AT_ONCE = 4;
/** A description is small: whoever has it answers soon. */
const ANSWER_MILLIS = 3_000;

export class StreamTexts {
  readonly #options: StreamTextOptions;
  readonly #db: DatabaseSync;
  readonly #places: TextPlaces;
  readonly #clock: Clock;
  /** Said to be worth it while they were being asked for. */
  readonly #soon = new Set<Hex>();

  constructor(options: StreamTextOptions, modules: { readonly db: DatabaseSync; readonly texts: TextPlaces; readonly clock: Clock }) {
    this.#options = options;
    this.#db = modules.db;
    this.#places = modules.texts;
    this.#clock = modules.clock;
  }

  textOf(stream: Hex): StreamText {
    const row = this.#db.prepare('SELECT state, reason, document FROM stream_text WHERE stream = ?').get(stream);
    if (row === undefined) return { state: 'missing', reason: null, metadata: null };
    const document = column.textOrNull(row, 'document');
    return { state: column.text(row, 'state') as StreamText['state'], reason: column.textOrNull(row, 'reason'), metadata: document === null ? null : (JSON.parse(document) as StreamMetadata) };
  }

  /** It is worth trying again at once. */
  trySoon(stream: Hex): void {
    this.#soon.add(stream);
    this.#db.prepare('UPDATE stream_text SET tries = 0, next_try_at = 0 WHERE stream = ?').run(stream);
  }

  /** Tries the texts whose turn it is. @returns the streams whose text is settled now */
  async fetchDue(signal: AbortSignal): Promise<readonly Hex[]> {
    const due = this.#db
      .prepare("SELECT meta_hash, tries, stream FROM stream_text WHERE state = 'missing' AND next_try_at <= ? ORDER BY next_try_at LIMIT ?")
      .all(this.#clock.now(), AT_ONCE);
    const done = await Promise.all(due.map((row) => this.#fetch(column.text(row, 'meta_hash') as Hex, column.text(row, 'stream') as Hex, column.integer(row, 'tries'), signal)));
    return done.flatMap((id) => (id === null ? [] : [id]));
  }

  async #fetch(metaHash: Hex, stream: Hex, tries: number, signal: AbortSignal): Promise<Hex | null> {
    this.#soon.delete(stream);
    for (const read of this.#places.sources) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MILLIS)]);
      try {
        this.#save(stream, metaHash, decodeStreamMetadata(await read(metaHash, MAX_STREAM_TEXT_BYTES, limit), metaHash, stream));
        return stream;
      } catch (error) {
        if (signal.aborted) return null;
        if (!isCoded(error) && !limit.aborted) throw error;
        if (isCoded(error, 'BAD_STREAM_TEXT')) {
          this.#db.prepare("UPDATE stream_text SET state = 'invalid', reason = ? WHERE stream = ? AND meta_hash = ?").run(error.message, stream, metaHash);
          return stream;
        }
      }
    }
    if (this.#soon.has(stream)) return null; // it came while the last place was asked: its turn is at once
    const wait = Math.min(FIRST_RETRY_MILLIS * 2 ** tries, LAST_RETRY_MILLIS);
    this.#db.prepare('UPDATE stream_text SET tries = tries + 1, next_try_at = ? WHERE stream = ?').run(this.#clock.now() + wait, stream);
    return null;
  }

  #save(stream: Hex, metaHash: Hex, metadata: StreamMetadata): void {
    const { categories } = this.#options;
    const category = categories.includes(metadata.category) ? metadata.category : (categories.at(-1) ?? '');
    const titles = [metadata.title.en, metadata.title.zh ?? ''].map(cleanText).join(' ');
    const columns = metadata.schema.map(({ name, unit }) => `${name} ${unit ?? ''}`);
    inTransaction(this.#db, () => {
      // The stream may have got another description while this one was on its way.
      const { changes } = this.#db.prepare("UPDATE stream_text SET state = 'ready', reason = NULL, document = ?, category = ? WHERE stream = ? AND meta_hash = ?").run(JSON.stringify(metadata), category, stream, metaHash);
      if (changes === 0) return;
      this.#db.prepare('DELETE FROM stream_search WHERE stream = ?').run(stream);
      this.#db
        .prepare('INSERT INTO stream_search (stream, title, summary, body, tags) VALUES (?, ?, ?, ?, ?)')
        .run(stream, titles, cleanText(metadata.summary), cleanText(`${metadata.description_md} ${columns.join(' ')}`), metadata.tags.map(cleanText).join(' '));
    });
  }
}
