/** Full-text and facet search over the local index of streams. */
import type { DatabaseSync } from 'node:sqlite';
import type { Hex } from '../../base/bytes.ts';
import { fromTaggedJson } from '../../base/tagged-json.ts';
import { column } from '../../db/sqlite.ts';
import type { StreamEntry } from './stream-entry.ts';

export interface StreamQuery {
  readonly text: string;
  readonly category: string | null;
  /** `price`: cheapest unit first, whatever the unit is; streams without an offer last. */
  readonly sort: 'relevance' | 'newest' | 'price';
  /** Only theirs, those that have ended too; null: of everybody, and none that has ended. */
  readonly owners: readonly Hex[] | null;
  /** Only those that can be subscribed to now: an offered plan, and a gateway that serves. */
  readonly served: boolean;
  readonly offset: number;
  readonly limit: number;
}

export interface StreamHits {
  readonly streams: readonly StreamEntry[];
  readonly total: number;
  /** Hits by category, without the category filter; a stream whose text is not here yet has none. */
  readonly categories: ReadonlyMap<string, number>;
}

/** The trigram index finds pieces of three characters and more; shorter words are compared one by one. */
const TRIGRAM = 3;
const MAX_WORDS = 12;

export function searchStreams(db: DatabaseSync, query: StreamQuery): StreamHits {
  const words = query.text.normalize('NFKC').trim().split(/\s+/u).filter((word) => word !== '').slice(0, MAX_WORDS);
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const long = words.filter((word) => [...new Intl.Segmenter().segment(word)].length >= TRIGRAM);
  if (long.length > 0) {
    conditions.push('s.stream_search MATCH ?');
    values.push(long.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND '));
  }
  for (const word of words.filter((candidate) => !long.includes(candidate))) {
    conditions.push("(s.title || ' ' || s.summary || ' ' || s.tags) LIKE ? ESCAPE '\\'");
    values.push(`%${word.replaceAll(/[\\%_]/g, '\\$&')}%`);
  }
  if (query.owners === null) conditions.push("l.status = 'registered'");
  else {
    conditions.push(`l.owner IN (${query.owners.map(() => '?').join(', ') || 'NULL'})`);
    values.push(...query.owners);
  }
  if (query.served) conditions.push("l.price IS NOT NULL AND EXISTS (SELECT 1 FROM stream_gateway n JOIN gateway g ON g.id = n.gateway WHERE n.stream = l.id AND g.status = 'bonded')");
  // The texts first: they cannot be looked up by stream, and would be gone through once for each.
  const tables = words.length > 0 ? 'stream_search s CROSS JOIN stream l ON l.id = s.stream' : 'stream l';
  const from = `FROM ${tables} JOIN stream_text t ON t.stream = l.id WHERE ${conditions.join(' AND ')}`;
  const categories = new Map(db.prepare(`SELECT t.category AS category, COUNT(*) AS hits ${from} AND t.category IS NOT NULL GROUP BY t.category`).all(...values).map((row) => [column.text(row, 'category'), column.integer(row, 'hits')]));
  const [filter, filterValues] = query.category === null ? ['', []] : [' AND t.category = ?', [query.category]];
  const newest = 'l.created_block DESC, l.id';
  const order = { relevance: long.length > 0 ? `rank, ${newest}` : newest, newest, price: `l.price IS NULL, LENGTH(l.price), l.price, ${newest}` }[query.sort];
  const rows = db.prepare(`SELECT l.entry ${from}${filter} ORDER BY ${order} LIMIT ? OFFSET ?`).all(...values, ...filterValues, query.limit, query.offset);
  const total = db.prepare(`SELECT COUNT(*) AS n ${from}${filter}`).get(...values, ...filterValues);
  return { streams: rows.map((row) => fromTaggedJson(column.text(row, 'entry')) as StreamEntry), total: total === undefined ? 0 : column.integer(total, 'n'), categories };
}
