/**
 * Delivery accounts of the own sellers (docs/protocol/11 §4.8). A listing names one on the chain; the keys process then answers its
 * orders with it while the wallet is locked. Which accounts a seller has follows from his seed; their addresses are kept here, so
 * that they are known while the wallet is locked.
 */
import type { DatabaseSync } from 'node:sqlite';
import { fromHex, toHex, type Hex } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import { toTaggedJson } from '../../base/tagged-json.ts';
import type { ChainReader } from '../../chain/reader.ts';
import { column, inTransaction } from '../../db/sqlite.ts';
import type { ListingRecord, ListingVersion } from '../index/listing.ts';
import type { MarketIndex } from '../index/market-index.ts';
import type { HeldDeliveries, HeldSeller, MarketContracts, MarketKeys } from '../ports.ts';

export interface DeliveriesModules {
  readonly db: DatabaseSync;
  readonly index: MarketIndex;
  readonly keys: MarketKeys;
  readonly reader: Pick<ChainReader, 'chainId' | 'genesisHash'>;
  readonly contracts: MarketContracts;
  /** Highest price that delivery accounts pay, base units per gas; the seller's choice. */
  readonly maxGasPrice: () => bigint;
}

/** So often a seller can replace the account; the addresses are derived at once. */
const ACCOUNTS = 32;
const NOTHING: HeldDeliveries = { unlocked: false, accounts: new Set(), commits: new Set() };

export class Deliveries {
  readonly #modules: DeliveriesModules;
  #held = NOTHING;
  /** What was asked for last: a version that another wallet packed is left out by the keys process, and need not be asked for again. */
  #asked = '';

  constructor(modules: DeliveriesModules) {
    this.#modules = modules;
  }

  /** Lets the keys process hold what the listings of these sellers need now, where it does not; needs the unlocked wallet only then. */
  async follow(sellers: readonly Hex[]): Promise<void> {
    const { keys } = this.#modules;
    this.#held = await keys.heldDeliveries();
    if (!this.#held.unlocked) return;
    for (const seller of sellers) await this.#derived(seller);
    const wanted = sellers.flatMap((seller) => this.#wantedFor(seller));
    const asked = toTaggedJson(wanted);
    if (asked === this.#asked && this.#holdsAccountsOf(wanted)) return;
    this.#held = await keys.holdDeliveries(wanted);
    this.#asked = asked;
  }

  /** Keys of a market that is left stay in no memory; works while the wallet is locked. */
  async forget(): Promise<void> {
    this.#asked = '';
    this.#held = NOTHING;
    await this.#modules.keys.holdDeliveries([]);
  }

  /** Whether orders of this version are answered without the wallet being unlocked. */
  answers(listing: ListingRecord, version: ListingVersion): boolean {
    return this.#held.accounts.has(listing.deliveryKey) && this.#held.commits.has(version.keyCommit);
  }

  /** Whether the listing's time to take orders is extended without the wallet being unlocked. */
  extends(listing: ListingRecord): boolean {
    return this.#held.accounts.has(listing.deliveryKey);
  }

  get unlocked(): boolean {
    return this.#held.unlocked;
  }

  /** By counter; empty before the wallet was unlocked for the first time. */
  accountsOf(seller: Hex): readonly Hex[] {
    return this.#modules.db.prepare('SELECT address FROM delivery_account WHERE seller = ? ORDER BY counter').all(seller).map((row) => column.text(row, 'address') as Hex);
  }

  /** The current account and those it replaced, which may still hold money. */
  usedOf(seller: Hex): readonly Hex[] {
    const accounts = this.accountsOf(seller);
    return accounts.slice(0, this.#latestCounter(seller, accounts) + 1);
  }

  /** Whether this is a delivery account of the wallet. */
  knows(address: Hex): boolean {
    return this.#modules.db.prepare('SELECT 1 FROM delivery_account WHERE address = ?').get(address) !== undefined;
  }

  /** The account that the seller's listings name now: the latest that any of them names. @throws WALLET_LOCKED */
  async currentOf(seller: Hex): Promise<Hex> {
    const accounts = await this.#derived(seller);
    return this.#account(seller, this.#latestCounter(seller, accounts));
  }

  /** The account that replaces the current one. @throws WALLET_LOCKED, DELIVERY_ACCOUNTS_USED */
  async nextOf(seller: Hex): Promise<Hex> {
    const accounts = await this.#derived(seller);
    return this.#account(seller, this.#latestCounter(seller, accounts) + 1);
  }

  #latestCounter(seller: Hex, accounts: readonly Hex[]): number {
    return this.#modules.index.listingsOf(seller).reduce((latest, { deliveryKey }) => Math.max(latest, accounts.indexOf(deliveryKey)), 0);
  }

  async #derived(seller: Hex): Promise<readonly Hex[]> {
    const known = this.accountsOf(seller);
    if (known.length > 0) return known;
    const { db, keys } = this.#modules;
    const addresses = (await keys.deliveryAccounts(this.#at(seller), ACCOUNTS)).map(toHex);
    const insert = db.prepare('INSERT OR IGNORE INTO delivery_account (seller, counter, address) VALUES (?, ?, ?)');
    inTransaction(db, () => addresses.forEach((address, counter) => insert.run(seller, counter, address)));
    return addresses;
  }

  #account(seller: Hex, counter: number): Hex {
    const address = this.accountsOf(seller)[counter];
    if (address === undefined) throw new CodedError('DELIVERY_ACCOUNTS_USED', 'This seller has replaced his delivery account as often as the program can.', { help: 'Sell with another account of the wallet.' });
    return address;
  }

  /** Accounts that no listing names are held too, so that what is left on them can be taken back. */
  #wantedFor(seller: Hex): readonly HeldSeller[] {
    const { index } = this.#modules;
    const own = index.listingsOf(seller);
    const answered = own.filter(({ id, status }) => status !== 'Retired' || index.hasOpenOrders(id));
    return [{
      at: this.#at(seller),
      maxGasPrice: this.#modules.maxGasPrice(),
      counters: this.usedOf(seller).map((_, counter) => counter),
      versions: answered.flatMap(({ versions }) => versions.map(({ versionSalt, keyCommit }) => ({ versionSalt: fromHex(versionSalt), keyCommit: fromHex(keyCommit) }))),
    }];
  }

  /** False when the keys process was started anew. */
  #holdsAccountsOf(sellers: readonly HeldSeller[]): boolean {
    return sellers.every(({ at, counters }) => counters.every((counter) => this.#held.accounts.has(this.#account(toHex(at.seller), counter))));
  }

  #at(seller: Hex): HeldSeller['at'] {
    const { reader, contracts } = this.#modules;
    return { seller: fromHex(seller), chainId: reader.chainId, genesisHash: reader.genesisHash, listings: fromHex(contracts.addresses.listings), escrow: fromHex(contracts.addresses.escrow) };
  }
}
