/** Full-text and facet search over the local index. */
import type { DatabaseSync } from 'node:sqlite';
import type { Hex } from '../../base/bytes.ts';
import { fromTaggedJson } from '../../base/tagged-json.ts';
import { column } from '../../db/sqlite.ts';
import type { ListingRecord } from './listing.ts';

export interface SearchQuery {
  readonly text: string;
  readonly category: number | null;
  readonly sort: 'relevance' | 'newest' | 'price';
  readonly sellers: readonly Hex[] | null;
  /** Only those that take orders at this time. */
  readonly openAt: number | null;
  readonly offset: number;
  readonly limit: number;
}

export interface SearchResult {
  readonly listings: readonly ListingRecord[];
  readonly total: number;
  /** Hits by category code, without the category filter. */
  readonly categories: ReadonlyMap<number, number>;
}

/** The trigram index finds pieces of three characters and more; shorter words are compared one by one. */
const TRIGRAM = 3;

export function searchListings(db: DatabaseSync, query: SearchQuery): SearchResult {
  const words = query.text.normalize('NFKC').trim().split(/\s+/u).filter((word) => word !== '').slice(0, 12);
  const conditions: string[] = ["l.status <> 'Retired'"];
  const values: (string | number)[] = [];
  const long = words.filter((word) => [...new Intl.Segmenter().segment(word)].length >= TRIGRAM);
  if (long.length > 0) {
    conditions.push('s.listing_search MATCH ?');
    values.push(long.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND '));
  }
  for (const word of words.filter((candidate) => !long.includes(candidate))) {
    conditions.push("(s.title || ' ' || s.summary || ' ' || s.tags) LIKE ? ESCAPE '\\'");
    values.push(`%${word.replaceAll(/[\\%_]/g, '\\$&')}%`);
  }
  if (query.sellers !== null) {
    conditions.push(`l.seller IN (${query.sellers.map(() => '?').join(', ') || 'NULL'})`);
    values.push(...query.sellers);
  }
  if (query.openAt !== null) {
    conditions.push("l.status = 'Live' AND l.open_until > ?");
    values.push(query.openAt);
  }
  // The texts first: they cannot be looked up by listing, and would be gone through once for each.
  const tables = words.length > 0 ? 'listing_search s CROSS JOIN listing l ON l.id = s.listing' : 'listing l';
  const from = `FROM ${tables} WHERE ${conditions.join(' AND ')}`;
  const categories = new Map(db.prepare(`SELECT l.category AS code, COUNT(*) AS hits ${from} GROUP BY l.category`).all(...values).map((row) => [column.integer(row, 'code'), column.integer(row, 'hits')]));
  const [filter, filterValues] = query.category === null ? ['', []] : [' AND l.category = ?', [query.category]];
  const order = { relevance: long.length > 0 ? 'rank, l.created_block DESC' : 'l.created_block DESC', newest: 'l.created_block DESC', price: 'LENGTH(l.price), l.price' }[query.sort];
  const rows = db.prepare(`SELECT l.state ${from}${filter} ORDER BY ${order} LIMIT ? OFFSET ?`).all(...values, ...filterValues, query.limit, query.offset);
  const total = db.prepare(`SELECT COUNT(*) AS n ${from}${filter}`).get(...values, ...filterValues);
  return { listings: rows.map((row) => (fromTaggedJson(column.text(row, 'state')) as ListingRecord)), total: total === undefined ? 0 : column.integer(total, 'n'), categories };
}
