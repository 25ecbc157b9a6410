/**
 * The local index (docs/protocol/11 §4.18): a pure function of the contracts' logs. Follows the head in ranges, takes back what
 * the chain replaced, and answers from disk with the network off.
 */
import type { DatabaseSync } from 'node:sqlite';
import { concat, equal, fromHex, hexOf, toHex, type Bytes, type Hex } from '../../base/bytes.ts';
import { millis, type Millis } from '../../base/clock.ts';
import { fromTaggedJson, toTaggedJson } from '../../base/tagged-json.ts';
import type { ChainReader, HeadInfo, LocatedLog } from '../../chain/reader.ts';
import * as escrowBinding from '../../contracts/bindings/pd-escrow.gen.ts';
import type { PDEscrowEvent } from '../../contracts/bindings/pd-escrow.gen.ts';
import * as listingBinding from '../../contracts/bindings/pd-listing.gen.ts';
import type { PDListingEvent } from '../../contracts/bindings/pd-listing.gen.ts';
import { column, inTransaction, type SqlRow } from '../../db/sqlite.ts';
import type { Log } from '../../primitives/log.ts';
import { cheapestPlan, foldListing, type ListingRecord, type Located } from './listing.ts';
import { foldOrder, type OrderRecord } from './order.ts';

export interface MarketIndexOptions {
  readonly listings: Bytes;
  readonly escrow: Bytes;
  /** Block in which the first of the contracts was made. */
  readonly firstBlock: bigint;
}

export interface IndexChanges {
  readonly listings: readonly Hex[];
  readonly orders: readonly Hex[];
}

/** In the order of the chain, by what they are of. */
interface AddedEvents {
  readonly listings: Map<Hex, Located<PDListingEvent>[]>;
  readonly orders: Map<Hex, Located<PDEscrowEvent>[]>;
}

/** Blocks asked for at once. */
const RANGE = 500n;
const OPEN = "state IN ('funded', 'ready', 'cancelling', 'keyed')";
/** Hashes kept to notice that the chain replaced blocks. */
const KEPT_HASHES = 256n;

export class MarketIndex {
  readonly #options: MarketIndexOptions;
  readonly #db: DatabaseSync;
  readonly #reader: ChainReader;

  constructor(options: MarketIndexOptions, modules: { readonly db: DatabaseSync; readonly reader: ChainReader }) {
    this.#options = options;
    this.#db = modules.db;
    this.#reader = modules.reader;
  }

  /** Last block that is in the index, or null before the first. */
  get indexedBlock(): number | null {
    const row = this.#db.prepare('SELECT MAX(number) AS number FROM indexed').get();
    return row === undefined ? null : column.integerOrNull(row, 'number');
  }

  /** Reads up to the head. @returns what changed */
  async follow(signal: AbortSignal): Promise<IndexChanges> {
    const listings = new Set<Hex>();
    const orders = new Set<Hex>();
    const head = this.#reader.head(); // before what is kept is compared, so that all of it is of one chain while this stays
    let from = await this.#rollBack(listings, orders);
    while (head !== null && from <= head.number && !signal.aborted) {
      const to = from + RANGE - 1n < head.number ? from + RANGE - 1n : head.number;
      if (!(await this.#readRange(from, to, head, listings, orders))) break;
      from = to + 1n;
    }
    return { listings: [...listings], orders: [...orders] };
  }

  listing(id: Hex): ListingRecord | null {
    const row = this.#db.prepare('SELECT state FROM listing WHERE id = ?').get(id);
    return row === undefined ? null : (fromTaggedJson(column.text(row, 'state')) as ListingRecord);
  }

  order(id: Hex): OrderRecord | null {
    const row = this.#db.prepare('SELECT record FROM orders WHERE id = ?').get(id);
    return row === undefined ? null : (fromTaggedJson(column.text(row, 'record')) as OrderRecord);
  }

  /** Newest first. */
  ordersOf(role: 'buyer' | 'seller', account: Hex): readonly OrderRecord[] {
    return this.#orders(this.#db.prepare(`SELECT record FROM orders WHERE ${role} = ? ORDER BY placed_block DESC`).all(account));
  }

  /** What still has a step to take. Strangers can make as many orders as they like; only these are read at every block. */
  openOrdersOf(role: 'buyer' | 'seller', account: Hex): readonly OrderRecord[] {
    return this.#orders(this.#db.prepare(`SELECT record FROM orders WHERE ${role} = ? AND ${OPEN} ORDER BY placed_block DESC`).all(account));
  }

  hasOpenOrders(listing: Hex): boolean {
    return this.#db.prepare(`SELECT 1 FROM orders WHERE listing = ? AND ${OPEN} LIMIT 1`).get(listing) !== undefined;
  }

  ordersOfListing(listing: Hex): readonly OrderRecord[] {
    return this.#orders(this.#db.prepare('SELECT record FROM orders WHERE listing = ? ORDER BY placed_block DESC').all(listing));
  }

  listingsOf(seller: Hex): readonly ListingRecord[] {
    return this.#db.prepare('SELECT state FROM listing WHERE seller = ? ORDER BY created_block DESC').all(seller).map((row) => (fromTaggedJson(column.text(row, 'state')) as ListingRecord));
  }

  #orders(rows: readonly SqlRow[]): readonly OrderRecord[] {
    return rows.map((row) => (fromTaggedJson(column.text(row, 'record')) as OrderRecord));
  }

  /** False when the chain lost the head meanwhile for which it was read: it may be of blocks that are no longer there. */
  async #readRange(from: bigint, to: bigint, head: HeadInfo, listings: Set<Hex>, orders: Set<Hex>): Promise<boolean> {
    const { listings: listingContract, escrow } = this.#options;
    const logs = [...(await this.#reader.logs({ addresses: [listingContract, escrow], fromBlock: from, toBlock: to }))].sort((a, b) => Number(a.blockNumber - b.blockNumber) || a.logIndex - b.logIndex);
    const times = new Map<bigint, Millis>();
    for (const { blockNumber } of logs) if (!times.has(blockNumber)) times.set(blockNumber, (await this.#reader.block(blockNumber))?.timeMillis ?? millis(0));
    const last = await this.#reader.block(to);
    const top = await this.#reader.block(head.number);
    if (last === null || top === null || !equal(top.hash, head.hash)) return false;
    inTransaction(this.#db, () => {
      const added: AddedEvents = { listings: new Map(), orders: new Map() };
      for (const log of logs) this.#insert(log, times.get(log.blockNumber) ?? millis(0), added);
      // On top of what stands: a listing has two events for each of its orders, and is touched by every one of them.
      for (const [id, events] of added.listings) this.#saveListing(id, foldListing(events, this.listing(id)));
      for (const [id, events] of added.orders) this.#saveOrder(id, foldOrder(events, this.order(id)));
      this.#db.prepare('INSERT OR REPLACE INTO indexed (number, hash) VALUES (?, ?)').run(to, hexOf(last.hash));
      this.#db.prepare('DELETE FROM indexed WHERE number < ?').run(to - KEPT_HASHES);
      for (const id of added.listings.keys()) listings.add(id);
      for (const id of added.orders.keys()) orders.add(id);
    });
    return true;
  }

  #insert(log: LocatedLog, at: Millis, added: AddedEvents): void {
    const place = { block: Number(log.blockNumber), at, transaction: toHex(log.transactionHash) };
    if (hexOf(log.address) === hexOf(this.#options.escrow)) {
      const event = escrowBinding.decodeEvent(log);
      if (event === null || !('order' in event)) return;
      append(added.orders, event.order, { event, ...place });
      this.#insertRow(log, at, { contract: 'escrow', listing: event.listing, order: event.order });
    } else {
      const event = listingBinding.decodeEvent(log);
      if (event === null || !('listing' in event)) return;
      append(added.listings, event.listing, { event, ...place });
      this.#insertRow(log, at, { contract: 'listing', listing: event.listing, order: null });
    }
  }

  #insertRow(log: LocatedLog, at: Millis, { contract, listing, order }: { readonly contract: 'escrow' | 'listing'; readonly listing: Hex; readonly order: Hex | null }): void {
    this.#db
      .prepare('INSERT INTO event (block, log_index, at, hash, contract, listing, orders, topics, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(log.blockNumber, log.logIndex, at, hexOf(log.transactionHash), contract, listing, order, concat(...log.topics), log.data);
  }

  /** Makes the rows of these listings and orders anew out of their events. */
  #fold(listings: Iterable<Hex>, orders: Iterable<Hex>): void {
    for (const id of listings) this.#saveListing(id, foldListing(this.#events('listing = ? AND orders IS NULL', id, listingBinding.decodeEvent)));
    for (const id of orders) this.#saveOrder(id, foldOrder(this.#events('orders = ?', id, escrowBinding.decodeEvent)));
  }

  #events<Event>(where: string, id: Hex, decode: (log: Log) => Event | null): readonly Located<Event>[] {
    return this.#db.prepare(`SELECT * FROM event WHERE ${where} ORDER BY block, log_index`).all(id).flatMap((row) => {
      const topics = column.blob(row, 'topics');
      const address = column.text(row, 'contract') === 'escrow' ? this.#options.escrow : this.#options.listings;
      const event = decode({ address, topics: Array.from({ length: topics.length / 32 }, (_, i) => topics.subarray(i * 32, i * 32 + 32)), data: column.blob(row, 'data') });
      return event === null ? [] : [{ event, block: column.integer(row, 'block'), at: millis(column.integer(row, 'at')), transaction: toHex(fromHex(column.text(row, 'hash'))) }];
    });
  }

  #saveListing(id: Hex, listing: ListingRecord | null): void {
    if (listing === null) {
      for (const sql of ['DELETE FROM listing WHERE id = ?', 'DELETE FROM listing_text WHERE listing = ?', 'DELETE FROM listing_search WHERE listing = ?']) this.#db.prepare(sql).run(id);
      return;
    }
    this.#db
      .prepare('INSERT OR REPLACE INTO listing (id, seller, category, status, price, open_until, created_block, meta_hash, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
      .run(id, listing.seller, listing.category, listing.status, cheapestPlan(listing)?.price.toString() ?? null, listing.openUntil, listing.createdBlock, listing.metaHash, toTaggedJson(listing));
    // By listing, not by hash: whoever names another's description in a listing of his own gets nothing, and spoils nothing.
    const { changes } = this.#db
      .prepare("INSERT INTO listing_text (listing, meta_hash, state) VALUES (?, ?, 'missing') ON CONFLICT (listing) DO UPDATE SET meta_hash = excluded.meta_hash, state = 'missing', reason = NULL, document = NULL, tries = 0, next_try_at = 0 WHERE meta_hash <> excluded.meta_hash")
      .run(id, listing.metaHash);
    if (changes > 0) this.#db.prepare('DELETE FROM listing_search WHERE listing = ?').run(id);
  }

  #saveOrder(id: Hex, order: OrderRecord | null): void {
    if (order === null) return void this.#db.prepare('DELETE FROM orders WHERE id = ?').run(id);
    const seller = this.listing(order.listing)?.seller ?? '';
    this.#db
      .prepare('INSERT OR REPLACE INTO orders (id, listing, buyer, seller, state, placed_block, record) VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(id, order.listing, order.buyer, seller, order.state, order.placed.block, toTaggedJson(order));
  }

  /** Takes back blocks that the chain no longer has. @returns the next block to read */
  async #rollBack(listings: Set<Hex>, orders: Set<Hex>): Promise<bigint> {
    for (;;) {
      const last = this.#db.prepare('SELECT number, hash FROM indexed ORDER BY number DESC LIMIT 1').get();
      if (last === undefined) return this.#forgetFrom(this.#options.firstBlock, listings, orders);
      const number = BigInt(column.integer(last, 'number'));
      const block = await this.#reader.block(number);
      if (block !== null && hexOf(block.hash) === column.text(last, 'hash')) return number + 1n;
      this.#db.prepare('DELETE FROM indexed WHERE number = ?').run(number);
      const before = this.#db.prepare('SELECT MAX(number) AS number FROM indexed').get();
      const kept = before === undefined ? null : column.integerOrNull(before, 'number');
      this.#forgetFrom(kept === null ? this.#options.firstBlock : BigInt(kept) + 1n, listings, orders);
    }
  }

  #forgetFrom(block: bigint, listings: Set<Hex>, orders: Set<Hex>): bigint {
    inTransaction(this.#db, () => {
      const rows = this.#db.prepare('SELECT DISTINCT listing, orders FROM event WHERE block >= ?').all(block);
      this.#db.prepare('DELETE FROM event WHERE block >= ?').run(block);
      const touched = rows.map((row) => ({ listing: column.text(row, 'listing') as Hex, order: column.textOrNull(row, 'orders') as Hex | null }));
      const ofListings = touched.filter(({ order }) => order === null).map(({ listing }) => listing);
      const ofOrders = touched.flatMap(({ order }) => (order === null ? [] : [order]));
      this.#fold(ofListings, ofOrders);
      ofListings.forEach((id) => listings.add(id));
      ofOrders.forEach((id) => orders.add(id));
    });
    return block;
  }
}

function append<Event>(lists: Map<Hex, Located<Event>[]>, id: Hex, event: Located<Event>): void {
  const list = lists.get(id);
  if (list === undefined) lists.set(id, [event]);
  else list.push(event);
}
