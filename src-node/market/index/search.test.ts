import { expect, it } from 'vitest';
import { toTaggedJson } from '../../base/tagged-json.ts';
import { openMarketStore } from '../store.ts';
import { searchListings, type SearchQuery } from './search.ts';

const NOW = 1_700_000_000_000;
const query: SearchQuery = { text: '', category: null, sort: 'newest', sellers: null, openAt: null, offset: 0, limit: 20 };

it('narrows to what takes orders now, in the list and in the counts', () => {
  const db = openMarketStore(':memory:');
  const put = db.prepare('INSERT INTO listing (id, seller, category, status, price, open_until, created_block, meta_hash, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const listings = [['open', 0, 'Live', NOW + 1], ['lapsed', 0, 'Live', NOW], ['paused', 1, 'Paused', NOW + 1], ['retired', 1, 'Retired', NOW + 1]] as const;
  listings.forEach(([id, category, status, openUntil], block) => put.run(id, '0x01', category, status, '5', openUntil, block, '0x02', toTaggedJson({ id })));
  const idsOf = (openAt: number | null): readonly string[] => searchListings(db, { ...query, openAt }).listings.map(({ id }) => id);
  expect(idsOf(null)).toEqual(['paused', 'lapsed', 'open']);
  expect(idsOf(NOW)).toEqual(['open']);
  expect(searchListings(db, { ...query, openAt: NOW })).toMatchObject({ total: 1, categories: new Map([[0, 1]]) });
});

it('of all listings goes through their texts not once for each', () => {
  const db = openMarketStore(':memory:');
  const put = db.prepare('INSERT INTO listing (id, seller, category, status, price, open_until, created_block, meta_hash, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const text = db.prepare('INSERT INTO listing_search (listing, title, summary, body, tags) VALUES (?, ?, ?, ?, ?)');
  db.exec('BEGIN');
  for (let i = 0; i < 6000; i++) {
    put.run(`0x${i}`, '0x01', 0, 'Live', '5', NOW, i, '0x02', toTaggedJson({ id: i }));
    text.run(`0x${i}`, `river ${i}`, '', '', '');
  }
  db.exec('COMMIT');
  const startedAt = performance.now();
  expect([searchListings(db, query).total, searchListings(db, { ...query, text: 'river' }).total, searchListings(db, { ...query, text: 'ri' }).total]).toEqual([6000, 6000, 6000]);
  expect(performance.now() - startedAt).toBeLessThan(3000); // 10 s once for each
});
