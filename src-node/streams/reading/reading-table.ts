/** What is written down of each reading: whether it is wanted, the public half of its key, its holes and its recording. */
import type { DatabaseSync } from 'node:sqlite';
import type { Bytes, Hex } from '../../base/bytes.ts';
import { fromTaggedJson, toTaggedJson } from '../../base/tagged-json.ts';
import { column } from '../../db/sqlite.ts';
import type { SavedRecording } from './recorder.ts';
import type { ReadingGap } from './views.ts';

export interface SavedReading {
  readonly wanted: boolean;
  /** 64 bytes; null before it was asked for. */
  readonly publicKey: Bytes | null;
  readonly gaps: readonly ReadingGap[];
  readonly recording: SavedRecording | null;
}

export class ReadingTable {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  load(channel: Hex): SavedReading | null {
    const row = this.#db.prepare('SELECT wanted, public_key, gaps, recording FROM reading WHERE channel = ?').get(channel);
    if (row === undefined) return null;
    const recording = column.textOrNull(row, 'recording');
    return {
      wanted: column.integer(row, 'wanted') === 1,
      publicKey: column.blobOrNull(row, 'public_key'),
      gaps: fromTaggedJson(column.text(row, 'gaps')) as readonly ReadingGap[],
      recording: recording === null ? null : (fromTaggedJson(recording) as SavedRecording),
    };
  }

  setWanted(channel: Hex, wanted: boolean): void {
    this.#db.prepare("INSERT INTO reading (channel, wanted, gaps) VALUES (?, ?, '[]') ON CONFLICT (channel) DO UPDATE SET wanted = excluded.wanted").run(channel, wanted ? 1 : 0);
  }

  setPublicKey(channel: Hex, publicKey: Bytes): void {
    this.#db.prepare('UPDATE reading SET public_key = ? WHERE channel = ?').run(publicKey, channel);
  }

  setGaps(channel: Hex, gaps: readonly ReadingGap[]): void {
    this.#db.prepare('UPDATE reading SET gaps = ? WHERE channel = ?').run(toTaggedJson(gaps), channel);
  }

  /** On disk when it returns. */
  setRecording(channel: Hex, recording: SavedRecording): void {
    this.#db.prepare('UPDATE reading SET recording = ? WHERE channel = ?').run(toTaggedJson(recording), channel);
  }
}
