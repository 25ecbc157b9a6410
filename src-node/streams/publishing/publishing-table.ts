/** What of publishing outlives the program: which streams are on, how often they are written on the chain, their sources, and what passed in each hour. */
import type { DatabaseSync } from 'node:sqlite';
import type { Hex } from '../../base/bytes.ts';
import { millis, type Millis } from '../../base/clock.ts';
import { column } from '../../db/sqlite.ts';
import type { CheckpointInterval, CheckpointPlan } from '../checkpoints.ts';
import type { HourOfUse, SourceSettings } from './views.ts';

export interface SavedSource {
  readonly id: string;
  readonly stream: Hex;
  readonly settings: SourceSettings;
  readonly running: boolean;
  /** What devices name themselves with, where they have to. */
  readonly token: string | null;
  /** Of this machine, where devices come to one; 0 before the first start. */
  readonly port: number;
  readonly taken: number;
  readonly refused: number;
  readonly lastAt: Millis | null;
}

export type SourceChange = Partial<Pick<SavedSource, 'running' | 'token' | 'port' | 'taken' | 'refused' | 'lastAt'>>;

const HOUR = 3_600_000;
const HOURS = 24;

export class PublishingTable {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  isOn(stream: Hex): boolean {
    return this.#db.prepare('SELECT 1 FROM publishing WHERE stream = ?').get(stream) !== undefined;
  }

  setOn(stream: Hex, on: boolean): void {
    this.#db.prepare(on ? 'INSERT OR IGNORE INTO publishing (stream) VALUES (?)' : 'DELETE FROM publishing WHERE stream = ?').run(stream);
  }

  /** Null when it is never written, or for no longer than this. */
  checkpointsOf(stream: Hex, now: Millis): CheckpointPlan | null {
    const row = this.#db.prepare('SELECT every, until FROM checkpointing WHERE stream = ? AND until > ?').get(stream, now);
    return row === undefined ? null : { every: column.text(row, 'every') as CheckpointInterval, until: millis(column.integer(row, 'until')) };
  }

  /** In place of what was chosen before. @param plan null for never */
  setCheckpoints(stream: Hex, plan: CheckpointPlan | null): void {
    if (plan === null) this.#db.prepare('DELETE FROM checkpointing WHERE stream = ?').run(stream);
    else this.#db.prepare('INSERT OR REPLACE INTO checkpointing (stream, every, until) VALUES (?, ?, ?)').run(stream, plan.every, plan.until);
  }

  /** In the order in which they were added. */
  sourcesOf(stream: Hex): readonly SavedSource[] {
    return this.#db.prepare('SELECT * FROM stream_source WHERE stream = ? ORDER BY added_at, id').all(stream).map((row) => ({
      id: column.text(row, 'id'), stream, settings: JSON.parse(column.text(row, 'settings')) as SourceSettings, running: column.integer(row, 'running') === 1, token: column.textOrNull(row, 'token'),
      port: column.integer(row, 'port'), taken: column.integer(row, 'taken'), refused: column.integer(row, 'refused'), lastAt: column.integerOrNull(row, 'last_at') as Millis | null,
    }));
  }

  addSource({ id, stream, settings, running, token }: Pick<SavedSource, 'id' | 'stream' | 'settings' | 'running' | 'token'>, now: Millis): void {
    this.#db.prepare('INSERT INTO stream_source (id, stream, settings, running, token, added_at) VALUES (?, ?, ?, ?, ?, ?)').run(id, stream, JSON.stringify(settings), running ? 1 : 0, token, now);
  }

  changeSource(source: SavedSource, change: SourceChange): SavedSource {
    const changed = { ...source, ...change };
    const { id, running, token, port, taken, refused, lastAt } = changed;
    this.#db.prepare('UPDATE stream_source SET running = ?, token = ?, port = ?, taken = ?, refused = ?, last_at = ? WHERE id = ?').run(running ? 1 : 0, token, port, taken, refused, lastAt, id);
    return changed;
  }

  removeSource(id: string): void {
    this.#db.prepare('DELETE FROM stream_source WHERE id = ?').run(id);
  }

  /** Adds to the hour of now; of readers the most counts. */
  addUse(stream: Hex, { messages, bytes, readers }: Omit<HourOfUse, 'from'>, now: Millis): void {
    const hour = Math.floor(now / HOUR);
    this.#db
      .prepare('INSERT INTO stream_hour (stream, hour, messages, bytes, readers) VALUES (?, ?, ?, ?, ?) ON CONFLICT (stream, hour) DO UPDATE SET messages = messages + excluded.messages, bytes = bytes + excluded.bytes, readers = MAX(readers, excluded.readers)')
      .run(stream, hour, messages, bytes, readers);
    this.#db.prepare('DELETE FROM stream_hour WHERE stream = ? AND hour <= ?').run(stream, hour - HOURS);
  }

  /** The last 24 hours, oldest first, those in which nothing passed included. */
  useOf(stream: Hex, now: Millis): readonly HourOfUse[] {
    const last = Math.floor(now / HOUR);
    const rows = new Map(this.#db.prepare('SELECT hour, messages, bytes, readers FROM stream_hour WHERE stream = ? AND hour > ?').all(stream, last - HOURS).map((row) => [column.integer(row, 'hour'), row]));
    return Array.from({ length: HOURS }, (_, i) => last - HOURS + 1 + i).map((hour) => {
      const row = rows.get(hour);
      const of = (name: string): number => (row === undefined ? 0 : column.integer(row, name));
      return { from: millis(hour * HOUR), messages: of('messages'), bytes: of('bytes'), readers: of('readers') };
    });
  }
}
