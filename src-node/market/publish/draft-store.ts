/** Drafts and the journal of their chunks. Every write is on disk when it returns. */
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import { fromTaggedJson, toTaggedJson } from '../../base/tagged-json.ts';
import { column, inTransaction } from '../../db/sqlite.ts';
import type { PackedChunk, PackJournal } from '../pdp/packer.ts';
import type { DraftRecord } from './draft.ts';
import type { AnnouncedFile } from './uploads.ts';

export class DraftStore {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;

  constructor(modules: { readonly db: DatabaseSync; readonly clock: Clock }) {
    this.#db = modules.db;
    this.#clock = modules.clock;
  }

  /** Newest first. */
  list(): readonly DraftRecord[] {
    return this.#db.prepare('SELECT record FROM draft ORDER BY updated_at DESC').all().map((row) => (fromTaggedJson(column.text(row, 'record')) as DraftRecord));
  }

  /** @throws DRAFT_UNKNOWN */
  get(id: string): DraftRecord {
    const row = this.#db.prepare('SELECT record FROM draft WHERE id = ?').get(id);
    if (row === undefined) throw new CodedError('DRAFT_UNKNOWN', 'This draft is not on this computer any more.', { help: 'Start again from the file.' });
    return (fromTaggedJson(column.text(row, 'record')) as DraftRecord);
  }

  save(record: DraftRecord): DraftRecord {
    const saved = { ...record, updatedAt: this.#clock.now() };
    this.#db.prepare('INSERT INTO draft (id, record, updated_at) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record, updated_at = excluded.updated_at').run(saved.id, toTaggedJson(saved), saved.updatedAt);
    return saved;
  }

  change(id: string, change: Partial<DraftRecord>): DraftRecord {
    return this.save({ ...this.get(id), ...change });
  }

  delete(id: string): void {
    this.#db.prepare('DELETE FROM draft WHERE id = ?').run(id);
  }

  /** Starts packing over: the chunks of the run before are forgotten together with their salt. */
  restartPacking(record: DraftRecord): DraftRecord {
    return inTransaction(this.#db, () => {
      this.#db.prepare('DELETE FROM draft_chunk WHERE draft = ?').run(record.id);
      return this.save(record);
    });
  }

  journal(draft: string): PackJournal {
    return {
      chunk: (index) => {
        const row = this.#db.prepare('SELECT record FROM draft_chunk WHERE draft = ? AND number = ?').get(draft, index);
        return row === undefined ? null : (fromTaggedJson(column.text(row, 'record')) as PackedChunk);
      },
      record: (chunk) => void this.#db.prepare('INSERT OR REPLACE INTO draft_chunk (draft, number, record) VALUES (?, ?, ?)').run(draft, chunk.facts.index, toTaggedJson(chunk)),
    };
  }

  announceUpload(id: string, { name, bytes, modified }: AnnouncedFile): void {
    this.#db.prepare('INSERT INTO upload (id, name, bytes, modified) VALUES (?, ?, ?, ?)').run(id, name, bytes, modified);
  }

  /** Announced, and no draft was made of them yet. */
  uploads(): readonly (AnnouncedFile & { readonly id: string })[] {
    return this.#db.prepare('SELECT id, name, bytes, modified FROM upload').all().map((row) => ({ id: column.text(row, 'id'), name: column.text(row, 'name'), bytes: column.integer(row, 'bytes'), modified: column.integer(row, 'modified') }));
  }

  /** @throws UPLOAD_UNKNOWN */
  upload(id: string): { readonly name: string; readonly bytes: number } {
    const row = this.#db.prepare('SELECT name, bytes FROM upload WHERE id = ?').get(id);
    if (row === undefined) throw new CodedError('UPLOAD_UNKNOWN', 'This upload was not announced, or is finished.', { help: 'Choose the file again.' });
    return { name: column.text(row, 'name'), bytes: column.integer(row, 'bytes') };
  }

  forgetUpload(id: string): void {
    this.#db.prepare('DELETE FROM upload WHERE id = ?').run(id);
  }
}
