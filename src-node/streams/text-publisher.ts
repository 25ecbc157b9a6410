/**
 * The publisher's description of a new stream: written down before the sheet can be signed, brought to the storage places when
 * the block that registered the stream has a child, so that nobody finds a text of a stream that never was.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Bytes, Hex } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { isCoded } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { column } from '../db/sqlite.ts';
import type { SignedActions, TextPlaces } from './ports.ts';

export interface TextToPublish {
  readonly proposal: string;
  readonly stream: Hex;
  readonly metaHash: Hex;
  readonly text: Bytes;
}

export interface TextPublisherModules {
  readonly db: DatabaseSync;
  readonly texts: TextPlaces;
  readonly actions: SignedActions;
  readonly clock: Clock;
  readonly log: Logger;
  /** The text of this stream is in its places now. */
  readonly onPublished: (stream: Hex) => void;
}

/** A sheet that nobody signed; it is much older than any that can still be. */
const UNSIGNED_MILLIS = 24 * 3_600_000;

export class TextPublisher {
  readonly #modules: TextPublisherModules;

  constructor(modules: TextPublisherModules) {
    this.#modules = modules;
  }

  keep({ proposal, stream, metaHash, text }: TextToPublish): void {
    const { db, clock } = this.#modules;
    db.prepare('INSERT OR REPLACE INTO text_to_publish (proposal, stream, meta_hash, text, kept_at) VALUES (?, ?, ?, ?, ?)').run(proposal, stream, metaHash, text, clock.now());
  }

  /** Brings out what is due. A place that fails is tried again at the next call. */
  async step(): Promise<void> {
    const { db, actions, clock, texts, log, onPublished } = this.#modules;
    for (const row of db.prepare('SELECT proposal, stream, text, kept_at FROM text_to_publish ORDER BY kept_at').all()) {
      const proposal = column.text(row, 'proposal');
      const state = actions.stateOf(proposal);
      if (state === 'under-way' || (state === 'none' && clock.now() - column.integer(row, 'kept_at') < UNSIGNED_MILLIS)) continue;
      const stream = column.text(row, 'stream') as Hex;
      try {
        if (state === 'done') await texts.put(column.blob(row, 'text'));
      } catch (error) {
        if (!isCoded(error)) throw error;
        log.warn('the text of a stream could not be put in its places; it is tried again', { stream, code: error.code });
        continue;
      }
      db.prepare('DELETE FROM text_to_publish WHERE proposal = ?').run(proposal);
      if (state === 'done') onPublished(stream);
    }
  }
}
