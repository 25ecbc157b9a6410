/** What a gateway has to know again after a restart, and what the instances of one gateway share on one machine. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { hexOf, type Bytes } from '../../base/bytes.ts';
import { seconds, type Millis, type Seconds } from '../../base/clock.ts';
import { randomBytes } from '../../crypto/hash.ts';
import { column, inTransaction, openSqlite } from '../../db/sqlite.ts';
import type { TicketAction } from './wire.ts';
import { hashSchema } from './wire-codecs.ts';

/** A ticket that was given out. Ids 32 bytes, addresses 20. */
export interface TicketRecord {
  readonly action: TicketAction;
  readonly streams: readonly Bytes[];
  /** The channel; 32 zero bytes to publish. */
  readonly entitlement: Bytes;
  readonly clientKey: Bytes;
  readonly expirySeconds: Seconds;
  /** Who signed it. */
  readonly address: Bytes;
}

/** How far a stream's log was receipted under its number. */
export interface Water {
  readonly logId: bigint;
  readonly next: bigint;
}

export interface GatewayStore {
  /** 32 bytes, drawn once: cursors and nonces are made with it. */
  readonly secret: Bytes;
  /** Names this instance among those that write to one log; 16 hex digits, and its port when it says one. */
  readonly instance: string;
  /** Whether the key is new; it is remembered until then. */
  once(key: Bytes, until: Millis): boolean;
  putTicket(id: Bytes, ticket: TicketRecord): void;
  /** @param id SHA-256 of what the client holds */
  ticket(id: Bytes): TicketRecord | undefined;
  /** Kept when the program is killed; never lowered. */
  raiseWater(streamId: Bytes, water: Water): void;
  water(streamId: Bytes): Water | undefined;
  /** Remembers that the stream has a log here. */
  hosts(streamId: Bytes): void;
  /** All that were ever remembered. */
  hosted(): readonly Bytes[];
  /** Forgets what is over. */
  tidy(now: Millis): void;
  close(): void;
}

const MIGRATIONS = [
  `CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL);
   CREATE TABLE used (key BLOB PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
   CREATE TABLE ticket (id BLOB PRIMARY KEY, expiry INTEGER NOT NULL, action TEXT NOT NULL, streams TEXT NOT NULL, entitlement BLOB NOT NULL, client_key BLOB NOT NULL, address BLOB NOT NULL);
   CREATE TABLE water (stream BLOB PRIMARY KEY, log_id TEXT NOT NULL, next TEXT NOT NULL)`,
  'CREATE TABLE hosted (stream BLOB PRIMARY KEY) WITHOUT ROWID',
] as const;

const streamsSchema = hashSchema.array();

export class SqliteGatewayStore implements GatewayStore {
  readonly secret: Bytes;
  readonly instance: string;
  readonly #db: DatabaseSync;
  readonly #statements: Readonly<Record<'once' | 'putTicket' | 'ticket' | 'raiseWater' | 'water', StatementSync>>;

  /** @param options.path one file for all instances on this machine; `:memory:` for tests. `port`: where it listens, by which those that share the file are told apart. `instance`: digits of its own for each of them, in place of both */
  constructor(options: { readonly path: string; readonly port?: number; readonly instance?: string }) {
    this.#db = openSqlite({ path: options.path, migrations: MIGRATIONS });
    // a kill loses nothing; what a power cut loses are proofs that are older than a minute when the machine is up again
    this.#db.exec('PRAGMA synchronous = NORMAL');
    this.secret = this.#drawn('secret', 32);
    this.instance = options.instance ?? [hexOf(this.#drawn('instance', 8)), ...(options.port === undefined ? [] : [options.port])].join('-');
    this.#statements = {
      once: this.#db.prepare('INSERT OR IGNORE INTO used (key, until) VALUES (?, ?)'),
      putTicket: this.#db.prepare('INSERT INTO ticket (id, expiry, action, streams, entitlement, client_key, address) VALUES (?, ?, ?, ?, ?, ?, ?)'),
      ticket: this.#db.prepare('SELECT * FROM ticket WHERE id = ?'),
      raiseWater: this.#db.prepare('INSERT INTO water (stream, log_id, next) VALUES (?, ?, ?) ON CONFLICT (stream) DO UPDATE SET log_id = excluded.log_id, next = excluded.next'),
      water: this.#db.prepare('SELECT log_id, next FROM water WHERE stream = ?'),
    };
  }

  once(key: Bytes, until: Millis): boolean {
    return this.#statements.once.run(key, until).changes === 1;
  }

  putTicket(id: Bytes, { expirySeconds, action, streams, entitlement, clientKey, address }: TicketRecord): void {
    this.#statements.putTicket.run(id, expirySeconds, action, JSON.stringify(streamsSchema.encode([...streams])), entitlement, clientKey, address);
  }

  ticket(id: Bytes): TicketRecord | undefined {
    const found = this.#statements.ticket.get(id);
    if (found === undefined) return undefined;
    return {
      action: column.text(found, 'action') === 'publish' ? 'publish' : 'subscribe',
      streams: streamsSchema.parse(JSON.parse(column.text(found, 'streams'))),
      entitlement: column.blob(found, 'entitlement'),
      clientKey: column.blob(found, 'client_key'),
      expirySeconds: seconds(column.integer(found, 'expiry')),
      address: column.blob(found, 'address'),
    };
  }

  raiseWater(streamId: Bytes, { logId, next }: Water): void {
    const before = this.water(streamId); // another instance may be further
    if (before !== undefined && (before.logId > logId || (before.logId === logId && before.next >= next))) return;
    this.#statements.raiseWater.run(streamId, logId.toString(), next.toString());
  }

  water(streamId: Bytes): Water | undefined {
    const found = this.#statements.water.get(streamId);
    return found === undefined ? undefined : { logId: BigInt(column.text(found, 'log_id')), next: BigInt(column.text(found, 'next')) };
  }

  hosts(streamId: Bytes): void {
    this.#db.prepare('INSERT OR IGNORE INTO hosted (stream) VALUES (?)').run(streamId);
  }

  hosted(): readonly Bytes[] {
    return this.#db.prepare('SELECT stream FROM hosted').all().map((row) => column.blob(row, 'stream'));
  }

  tidy(now: Millis): void {
    this.#db.prepare('DELETE FROM used WHERE until < ?').run(now);
    this.#db.prepare('DELETE FROM ticket WHERE expiry < ?').run(Math.floor(now / 1000));
  }

  close(): void {
    this.#db.close();
  }

  #drawn(name: string, length: number): Bytes {
    return inTransaction(this.#db, () => {
      this.#db.prepare('INSERT OR IGNORE INTO setting (name, value) VALUES (?, ?)').run(name, randomBytes(length));
      return column.blob(this.#db.prepare('SELECT value FROM setting WHERE name = ?').get(name) ?? {}, 'value');
    });
  }
}
