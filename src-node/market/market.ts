/** One market on one network: index, descriptions, both sides of orders, and the sale in preparation, moved by each head. */
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { fromHex, toHex, type Bytes, type Hex } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { isCoded } from '../base/errors.ts';
import type { FilePort } from '../base/files.ts';
import { freeBytes } from '../base/free-bytes.ts';
import type { Logger } from '../base/logger.ts';
import type { ChainReader } from '../chain/reader.ts';
import { ContractReads } from './contract-reads.ts';
import { ListingTexts } from './index/listing-texts.ts';
import { MarketIndex } from './index/market-index.ts';
import { Buyer } from './orders/buyer.ts';
import { Copies } from './orders/copies.ts';
import { Deliveries } from './orders/deliveries.ts';
import { PurchaseStore } from './orders/purchase-store.ts';
import { Seller } from './orders/seller.ts';
import type { ObjectPlace } from './pdp/place.ts';
import type { PackagePool } from './pdp/pool.ts';
import type { MarketContracts, MarketKeys, MarketSender } from './ports.ts';
import { DraftStore } from './publish/draft-store.ts';
import { Publisher } from './publish/publisher.ts';
import { Uploads } from './publish/uploads.ts';

export interface MarketOptions {
  /** Copies of purchases and uploads lie below it. */
  readonly folder: string;
  readonly firstBlock: bigint;
  /** Places outside the seller's computer that a listing should have; 0 where all run on one machine. */
  readonly wantedPlaces: number;
}

export interface MarketModules {
  readonly db: DatabaseSync;
  readonly reader: ChainReader;
  readonly contracts: MarketContracts;
  readonly keys: MarketKeys;
  readonly sender: MarketSender;
  readonly places: readonly ObjectPlace[];
  readonly pool: PackagePool;
  readonly files: FilePort;
  readonly clock: Clock;
  readonly log: Logger;
  readonly confirmsAutomatically: () => boolean;
  /** Highest price that delivery accounts pay, base units per gas. */
  readonly maxGasPrice: () => bigint;
  readonly onChange: (topic: 'market' | 'drafts' | 'orders') => void;
}

export class Market {
  readonly contracts: MarketContracts;
  readonly db: DatabaseSync;
  readonly keys: MarketKeys;
  readonly sender: MarketSender;
  readonly reader: ChainReader;
  readonly index: MarketIndex;
  readonly texts: ListingTexts;
  readonly reads: ContractReads;
  readonly publisher: Publisher;
  readonly uploads: Uploads;
  readonly wantedPlaces: number;
  readonly maxGasPrice: () => bigint;
  readonly purchases: PurchaseStore;
  readonly copies: Copies;
  readonly buyer: Buyer;
  readonly deliveries: Deliveries;
  readonly seller: Seller;
  readonly #modules: MarketModules;
  readonly #abort = new AbortController();
  #running: Promise<void> | null = null;
  #texting: Promise<void> | null = null;
  #asked = 0;

  constructor(options: MarketOptions, modules: MarketModules) {
    const { db, reader, contracts, onChange } = modules;
    this.#modules = modules;
    this.contracts = contracts;
    this.db = db;
    this.keys = modules.keys;
    this.sender = modules.sender;
    this.reader = reader;
    this.maxGasPrice = modules.maxGasPrice;
    this.index = new MarketIndex({ listings: fromHex(contracts.addresses.listings), escrow: fromHex(contracts.addresses.escrow), firstBlock: options.firstBlock }, { db, reader });
    this.texts = new ListingTexts(modules);
    this.reads = new ContractReads({ reader, contracts });
    this.purchases = new PurchaseStore(db);
    this.copies = new Copies({ folder: join(options.folder, 'orders') }, { ...modules, texts: this.texts });
    this.deliveries = new Deliveries({ ...modules, index: this.index });
    const shared = { ...modules, index: this.index, deliveries: this.deliveries };
    const store = new DraftStore(modules);
    this.wantedPlaces = options.wantedPlaces;
    this.uploads = new Uploads({ folder: join(options.folder, 'uploads') }, { store, freeBytes });
    this.publisher = new Publisher(options, { ...modules, deliveries: this.deliveries, store, uploads: this.uploads, reads: this.reads, onChange: () => onChange('drafts'), onDescribed: (listing) => this.texts.trySoon(listing) });
    this.buyer = new Buyer({ ...shared, store: this.purchases, copies: this.copies, onChange: () => onChange('orders') });
    this.seller = new Seller({ ...shared, onChange: () => onChange('orders') });
  }

  /** Takes every step that can be taken now; asked for while it runs, it runs once more. */
  step(): Promise<void> {
    this.#asked += 1;
    this.#running ??= this.#run().finally(() => (this.#running = null));
    return this.#running;
  }

  async #run(): Promise<void> {
    let seen: number;
    do {
      seen = this.#asked;
      try {
        await this.#stepOnce();
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        if (!isCoded(error)) throw error;
        // The chain or the keys are away for a moment; the next head asks again.
        this.#modules.log.info('market step waits', { code: error.code });
        return;
      }
    } while (seen !== this.#asked && !this.#abort.signal.aborted);
  }

  async #stepOnce(): Promise<void> {
    const { signal } = this.#abort;
    const { keys, onChange } = this.#modules;
    const changes = await this.index.follow(signal);
    if (changes.listings.length > 0) onChange('market');
    if (changes.orders.length > 0) onChange('orders');
    const accounts = (await keys.accounts()).map(toHex);
    await this.publisher.step();
    await this.publisher.resume();
    this.#fetchTexts();
    this.buyer.step(accounts);
    await this.seller.step(accounts);
  }

  /** Beside the steps, because a description that nobody serves is waited for. */
  #fetchTexts(): void {
    this.#texting ??= this.texts
      .fetchDue(this.#abort.signal)
      .then((arrived) => {
        if (arrived.length > 0) this.#modules.onChange('market');
      })
      .catch((error: unknown) => this.#modules.log.error('descriptions cannot be fetched', {}, error))
      .finally(() => (this.#texting = null));
  }

  /** Prices of open orders, and bonds of an account. */
  holdings(account: Bytes): { readonly inEscrow: bigint; readonly inBonds: bigint } {
    const id: Hex = toHex(account);
    const inEscrow = this.index.ordersOf('buyer', id).reduce((sum, { closed, price }) => (closed === null ? sum + price : sum), 0n);
    const inBonds = this.index.listingsOf(id).reduce((sum, { bondFree, bondReserved, bondLeaving }) => sum + bondFree + bondReserved + bondLeaving, 0n);
    return { inEscrow, inBonds };
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await Promise.all([this.publisher.close(), this.buyer.close(), this.#running, this.#texting]);
    try {
      await this.deliveries.forget();
    } catch (error) {
      if (!isCoded(error)) throw error;
      this.#modules.log.info('keys process is gone', { code: error.code }); // and with it what it held
    }
  }
}
