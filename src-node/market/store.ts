/**
 * The market's database. `event` holds the contracts' logs as the chain gave them; listings and orders are folds of their events,
 * so that a rollback is a deletion and a fold. Drafts and purchases are this machine's own work.
 */
import type { DatabaseSync } from 'node:sqlite';
import { openSqlite } from '../db/sqlite.ts';

const MIGRATIONS = [
  `CREATE TABLE event (
     block INTEGER NOT NULL, log_index INTEGER NOT NULL, at INTEGER NOT NULL, hash TEXT NOT NULL, contract TEXT NOT NULL,
     listing TEXT, orders TEXT, topics BLOB NOT NULL, data BLOB NOT NULL, PRIMARY KEY (block, log_index));
   CREATE INDEX event_listing ON event (listing) WHERE orders IS NULL;
   CREATE INDEX event_order ON event (orders);
   CREATE TABLE indexed (number INTEGER PRIMARY KEY, hash TEXT NOT NULL);
   CREATE TABLE listing (
     id TEXT PRIMARY KEY, seller TEXT NOT NULL, category INTEGER NOT NULL, status TEXT NOT NULL, price TEXT, open_until INTEGER NOT NULL,
     created_block INTEGER NOT NULL, meta_hash TEXT NOT NULL, state TEXT NOT NULL);
   CREATE INDEX listing_newest ON listing (created_block DESC);
   CREATE TABLE listing_text (
     meta_hash TEXT PRIMARY KEY, state TEXT NOT NULL, reason TEXT, document TEXT, tries INTEGER NOT NULL DEFAULT 0, next_try_at INTEGER NOT NULL DEFAULT 0);
   CREATE VIRTUAL TABLE listing_search USING fts5 (listing UNINDEXED, title, summary, body, tags, tokenize = 'trigram');
   CREATE TABLE orders (
     id TEXT PRIMARY KEY, listing TEXT NOT NULL, buyer TEXT NOT NULL, seller TEXT NOT NULL, state TEXT NOT NULL, placed_block INTEGER NOT NULL, record TEXT NOT NULL);
   CREATE INDEX orders_buyer ON orders (buyer, placed_block DESC);
   CREATE INDEX orders_seller ON orders (seller, placed_block DESC);
   CREATE INDEX orders_listing ON orders (listing);
   CREATE TABLE purchase (id TEXT PRIMARY KEY, record TEXT NOT NULL);
   CREATE TABLE draft (id TEXT PRIMARY KEY, record TEXT NOT NULL, updated_at INTEGER NOT NULL);
   CREATE TABLE draft_chunk (draft TEXT NOT NULL REFERENCES draft(id) ON DELETE CASCADE, number INTEGER NOT NULL, record TEXT NOT NULL, PRIMARY KEY (draft, number));
   CREATE TABLE upload (id TEXT PRIMARY KEY, name TEXT NOT NULL, bytes INTEGER NOT NULL)`,
  // Listings know their delivery account, and a description belongs to the listing it was written for: the index is read again.
  `CREATE TABLE delivery_account (seller TEXT NOT NULL, counter INTEGER NOT NULL, address TEXT NOT NULL, PRIMARY KEY (seller, counter));
   DROP TABLE listing_text;
   CREATE TABLE listing_text (
     listing TEXT PRIMARY KEY, meta_hash TEXT NOT NULL, state TEXT NOT NULL, reason TEXT, document TEXT, tries INTEGER NOT NULL DEFAULT 0, next_try_at INTEGER NOT NULL DEFAULT 0);
   DELETE FROM listing_search; DELETE FROM event; DELETE FROM indexed; DELETE FROM listing; DELETE FROM orders`,
  'ALTER TABLE upload ADD COLUMN modified INTEGER NOT NULL DEFAULT 0',
] as const;

export function openMarketStore(path: string): DatabaseSync {
  return openSqlite({ path, migrations: MIGRATIONS });
}
