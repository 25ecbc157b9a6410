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

const MIGRATIONS = [INDEX, OWN_GATEWAY_TABLE] as const;

export function openStreamStore(path: string): DatabaseSync {
  return openSqlite({ path, migrations: MIGRATIONS });
}
