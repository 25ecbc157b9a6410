/**
 * The streams' database. `event` holds the contracts' logs as the chain gave them; streams, channels and gateways are folds of
 * their events, so that a rollback is a deletion and a fold. What else stands here is this machine's own work.
 */
import type { DatabaseSync } from 'node:sqlite';
import { openSqlite } from '../db/sqlite.ts';
import { OWN_GATEWAY_TABLE } from './own-gateway/settings.ts';

const INDEX = `
  CREATE TABLE event (
    block INTEGER NOT NULL, log_index INTEGER NOT NULL, at INTEGER NOT NULL, hash TEXT NOT NULL, subject TEXT NOT NULL, id TEXT NOT NULL,
    topics BLOB NOT NULL, data BLOB NOT NULL, PRIMARY KEY (block, log_index));
  CREATE INDEX event_id ON event (subject, id);
  CREATE TABLE indexed (number INTEGER PRIMARY KEY, hash TEXT NOT NULL);
  CREATE TABLE stream (id TEXT PRIMARY KEY, owner TEXT NOT NULL, status TEXT NOT NULL, price TEXT, created_block INTEGER NOT NULL, entry TEXT NOT NULL);
  CREATE INDEX stream_owner ON stream (owner);
  CREATE INDEX stream_newest ON stream (created_block DESC);
  CREATE TABLE stream_gateway (stream TEXT NOT NULL, gateway TEXT NOT NULL, PRIMARY KEY (stream, gateway)) WITHOUT ROWID;
  CREATE TABLE channel (id TEXT PRIMARY KEY, stream TEXT NOT NULL, payer TEXT NOT NULL, status TEXT NOT NULL, opened_block INTEGER NOT NULL, entry TEXT NOT NULL);
  CREATE INDEX channel_stream ON channel (stream);
  CREATE INDEX channel_payer ON channel (payer, opened_block DESC);
  CREATE TABLE gateway (id TEXT PRIMARY KEY, owner TEXT NOT NULL, status TEXT NOT NULL, created_block INTEGER NOT NULL, entry TEXT NOT NULL);
  CREATE INDEX gateway_owner ON gateway (owner, created_block);
  CREATE TABLE stream_text (
    stream TEXT PRIMARY KEY, meta_hash TEXT NOT NULL, state TEXT NOT NULL, reason TEXT, document TEXT, category TEXT, tries INTEGER NOT NULL DEFAULT 0, next_try_at INTEGER NOT NULL DEFAULT 0);
  CREATE VIRTUAL TABLE stream_search USING fts5 (stream UNINDEXED, title, summary, body, tags, tokenize = 'trigram');
  CREATE TABLE text_to_publish (proposal TEXT PRIMARY KEY, stream TEXT NOT NULL, meta_hash TEXT NOT NULL, text BLOB NOT NULL, kept_at INTEGER NOT NULL);
  CREATE TABLE daily_cap (channel TEXT PRIMARY KEY, amount TEXT)`;

/** What this machine reads. `wanted`: it is to be read whenever that is possible. The place of a reader and what it has signed stand in files of their own. */
const READING = `
  CREATE TABLE reading (channel TEXT PRIMARY KEY, wanted INTEGER NOT NULL, public_key BLOB, gaps TEXT NOT NULL, recording TEXT)`;

/** What is published from this machine: a row of `publishing` says that it is on. Vouchers and hours outlive the program. */
const PUBLISHING = `
  CREATE TABLE publishing (stream TEXT PRIMARY KEY);
  CREATE TABLE stream_source (
    id TEXT PRIMARY KEY, stream TEXT NOT NULL, settings TEXT NOT NULL, running INTEGER NOT NULL, token TEXT, port INTEGER NOT NULL DEFAULT 0,
    taken INTEGER NOT NULL DEFAULT 0, refused INTEGER NOT NULL DEFAULT 0, last_at INTEGER, added_at INTEGER NOT NULL);
  CREATE INDEX stream_source_stream ON stream_source (stream, added_at);
  CREATE TABLE best_voucher (
    channel TEXT PRIMARY KEY, stream TEXT NOT NULL, units TEXT NOT NULL, amount TEXT NOT NULL, epoch_to INTEGER NOT NULL, plan TEXT NOT NULL, signature BLOB NOT NULL);
  CREATE INDEX best_voucher_stream ON best_voucher (stream);
  CREATE TABLE earned_day (stream TEXT NOT NULL, day TEXT NOT NULL, amount TEXT NOT NULL, PRIMARY KEY (stream, day)) WITHOUT ROWID;
  CREATE TABLE stream_hour (stream TEXT NOT NULL, hour INTEGER NOT NULL, messages INTEGER NOT NULL, bytes INTEGER NOT NULL, readers INTEGER NOT NULL, PRIMARY KEY (stream, hour)) WITHOUT ROWID`;

/** The recording of flights had the name of another one. */
const FLIGHTS = `
  UPDATE stream_source SET settings = json_set(settings, '$.data', 'flights') WHERE json_extract(settings, '$.data') = 'vehicles'`;

/** Entries of streams say which accounts they have had: the index is made anew out of the chain. */
const PUBLISHERS = ['event', 'indexed', 'stream', 'stream_gateway', 'channel', 'gateway'].map((table) => `DELETE FROM ${table};`).join('\n');

/** How often own streams are written on the chain; what stands in no row never is. */
const CHECKPOINTING = `
  CREATE TABLE checkpointing (stream TEXT PRIMARY KEY, every TEXT NOT NULL, until INTEGER NOT NULL)`;

/** A channel that the chain lost and opened anew may have another key. */
const PAYER_KEY = 'ALTER TABLE best_voucher ADD COLUMN payer_key TEXT';

const MIGRATIONS = [INDEX, READING, PUBLISHING, OWN_GATEWAY_TABLE, FLIGHTS, PUBLISHERS, CHECKPOINTING, PAYER_KEY] as const;

export function openStreamStore(path: string): DatabaseSync {
  return openSqlite({ path, migrations: MIGRATIONS });
}
