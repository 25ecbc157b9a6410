/** Brings the descriptions of listings here, checks them against the chain, and makes them searchable. */
import type { DatabaseSync } from 'node:sqlite';
import type { Hex } from '../../base/bytes.ts';
import { cleanText } from '../../base/clean-text.ts';
import type { Clock } from '../../base/clock.ts';
import { isCoded } from '../../base/errors.ts';
import { column, inTransaction } from '../../db/sqlite.ts';
import type { ObjectPlace } from '../pdp/place.ts';
import { decodeMetadata, MAX_METADATA_BYTES, metadataLocators, type Metadata } from '../metadata.ts';

export interface ListingText {
  /** `missing`: on its way, or nobody serves it · `invalid`: what was served is wrong, with the reason. */
  readonly state: 'ready' | 'missing' | 'invalid';
  readonly reason: string | null;
  readonly metadata: Metadata | null;
}

const FIRST_RETRY_MILLIS = 2_000;
const LAST_RETRY_MILLIS = 10 * 60_000;
const AT_ONCE = 4;
/** A description is small: whoever has it answers soon. */
const ANSWER_MILLIS = 3_000;

export class ListingTexts {
  readonly #db: DatabaseSync;
  readonly #places: readonly ObjectPlace[];
  readonly #clock: Clock;
  /** Said to be worth it while they were being asked for. */
  readonly #soon = new Set<Hex>();

  constructor(modules: { readonly db: DatabaseSync; readonly places: readonly ObjectPlace[]; readonly clock: Clock }) {
    this.#db = modules.db;
    this.#places = modules.places;
    this.#clock = modules.clock;
  }

  textOf(listing: Hex): ListingText {
    const row = this.#db.prepare('SELECT state, reason, document FROM listing_text WHERE listing = ?').get(listing);
    if (row === undefined) return { state: 'missing', reason: null, metadata: null };
    const document = column.textOrNull(row, 'document');
    return { state: column.text(row, 'state') as ListingText['state'], reason: column.textOrNull(row, 'reason'), metadata: document === null ? null : (JSON.parse(document) as Metadata) };
  }

  /** It is worth trying again at once. */
  trySoon(listing: Hex): void {
    this.#soon.add(listing);
    this.#db.prepare('UPDATE listing_text SET tries = 0, next_try_at = 0 WHERE listing = ?').run(listing);
  }

  /** Tries the texts whose turn it is. @returns the listings whose text is here now */
  async fetchDue(signal: AbortSignal): Promise<readonly Hex[]> {
    const due = this.#db
      .prepare("SELECT meta_hash, tries, listing FROM listing_text WHERE state = 'missing' AND next_try_at <= ? ORDER BY next_try_at LIMIT ?")
      .all(this.#clock.now(), AT_ONCE);
    const done = await Promise.all(due.map((row) => this.#fetch(column.text(row, 'meta_hash') as Hex, column.text(row, 'listing') as Hex, column.integer(row, 'tries'), signal)));
    return done.flatMap((id) => (id === null ? [] : [id]));
  }

  async #fetch(metaHash: Hex, listing: Hex, tries: number, signal: AbortSignal): Promise<Hex | null> {
    this.#soon.delete(listing);
    for (const locator of metadataLocators(metaHash)) {
      const place = this.#places.find(({ scheme }) => scheme === locator.scheme);
      if (place === undefined) continue;
      const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MILLIS)]);
      try {
        this.#save(listing, metaHash, decodeMetadata(await place.get(locator, MAX_METADATA_BYTES, limit), metaHash, listing));
        return listing;
      } catch (error) {
        if (signal.aborted) return null;
        if (!isCoded(error) && !limit.aborted) throw error;
        if (isCoded(error, 'BAD_METADATA')) {
          this.#db.prepare("UPDATE listing_text SET state = 'invalid', reason = ? WHERE listing = ? AND meta_hash = ?").run(error.message, listing, metaHash);
          return listing;
        }
      }
    }
    if (this.#soon.has(listing)) return null; // it came while the last place was asked: its turn is at once
    const wait = Math.min(FIRST_RETRY_MILLIS * 2 ** tries, LAST_RETRY_MILLIS);
    this.#db.prepare('UPDATE listing_text SET tries = tries + 1, next_try_at = ? WHERE listing = ?').run(this.#clock.now() + wait, listing);
    return null;
  }

  #save(listing: Hex, metaHash: Hex, metadata: Metadata): void {
    const titles = [metadata.title.en, metadata.title.zh ?? ''].map(cleanText).join(' ');
    inTransaction(this.#db, () => {
      // The listing may have got another description while this one was on its way.
      const { changes } = this.#db.prepare("UPDATE listing_text SET state = 'ready', reason = NULL, document = ? WHERE listing = ? AND meta_hash = ?").run(JSON.stringify(metadata), listing, metaHash);
      if (changes === 0) return;
      this.#db.prepare('DELETE FROM listing_search WHERE listing = ?').run(listing);
      this.#db
        .prepare('INSERT INTO listing_search (listing, title, summary, body, tags) VALUES (?, ?, ?, ?, ?)')
        .run(listing, titles, cleanText(metadata.summary), `${cleanText(metadata.description_md)} ${metadata.schema.map(({ name }) => name).join(' ')}`, metadata.tags.map(cleanText).join(' '));
    });
  }
}
