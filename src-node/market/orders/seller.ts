/** The seller's side: hand keys over in time, keep listings open while the program runs. Both under mandates, while the wallet is unlocked. */
import { fromHex, toHex, type Hex } from '../../base/bytes.ts';
import { millis, toSeconds, type Clock } from '../../base/clock.ts';
import { isCoded } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { ChainReader } from '../../chain/reader.ts';
import * as escrow from '../../contracts/bindings/pd-escrow.gen.ts';
import * as listings from '../../contracts/bindings/pd-listing.gen.ts';
import { pointOf } from '../../contracts/proofs.ts';
import { buyerKeyHash } from '../../contracts/terms.ts';
import type { ListingRecord } from '../index/listing.ts';
import type { MarketIndex } from '../index/market-index.ts';
import type { OrderRecord } from '../index/order.ts';
import type { MarketContracts, MarketKeys, MarketSender, MandatedStep } from '../ports.ts';
import { OPEN_MILLIS } from '../publish/publisher.ts';
import { buyerPointOf, orderSteps, versionOf } from './order-facts.ts';

export interface SellerModules {
  readonly index: MarketIndex;
  readonly keys: MarketKeys;
  readonly sender: MarketSender;
  readonly reader: ChainReader;
  readonly contracts: MarketContracts;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onChange: () => void;
}

/** A key is posted only while this many blocks are left, so that it is mined before anybody can close the order (docs/protocol/11 §4.6). */
const KEY_MARGIN_BLOCKS = 20;
/** And only when the block of `ready` has children: a replaced block would have given the key away. */
const CONFIRMATIONS = 2;

export class Seller {
  readonly #modules: SellerModules;
  /** Why a key does not go out by itself now, by order. */
  readonly #problems = new Map<Hex, { readonly code: string; readonly message: string; readonly help?: string }>();
  #running: Promise<void> | null = null;

  constructor(modules: SellerModules) {
    this.#modules = modules;
  }

  problemOf(order: Hex): { readonly code: string; readonly message: string; readonly help?: string } | null {
    return this.#problems.get(order) ?? null;
  }

  /** Takes every step that is due; runs never overlap. */
  step(accounts: readonly Hex[]): Promise<void> {
    this.#running ??= this.#run(accounts).finally(() => (this.#running = null));
    return this.#running;
  }

  async #run(accounts: readonly Hex[]): Promise<void> {
    const { index, keys, log } = this.#modules;
    if (!(await keys.isUnlocked())) return;
    for (const account of accounts) {
      for (const order of index.ordersOf('seller', account)) {
        if (!this.#isDue(order)) continue;
        try {
          await this.#postKey(order, account);
          this.#problems.delete(order.id);
        } catch (error) {
          if (!isCoded(error)) throw error;
          log.warn('key not posted', { order: order.id, code: error.code });
          this.#problems.set(order.id, { code: error.code, message: error.message, ...(error.help === undefined ? {} : { help: error.help }) });
        }
        this.#modules.onChange();
      }
      for (const listing of index.listingsOf(account)) await this.#keepOpen(listing, account);
    }
  }

  #isDue(order: OrderRecord): boolean {
    const head = this.#modules.reader.head();
    if (head === null || (order.state !== 'ready' && order.state !== 'cancelling') || order.readied === null) return false;
    const number = Number(head.number);
    const deadline = order.state === 'cancelling' ? Math.min(order.deadlineBlock, order.cancelDeadlineBlock) : order.deadlineBlock;
    return number >= order.readied.block + CONFIRMATIONS && number + KEY_MARGIN_BLOCKS <= deadline && this.#modules.sender.stateOf(orderSteps.key(order.id)) === 'none';
  }

  /** The call that hands the key over. @throws BAD_DELIVERY, WALLET_LOCKED */
  async keyCall(order: OrderRecord, listing: ListingRecord): Promise<Uint8Array> {
    const { keys, reader } = this.#modules;
    const version = versionOf(listing, order);
    const posted = await keys.sealDelivery({
      account: fromHex(listing.seller),
      chainId: reader.chainId,
      versionSalt: fromHex(version?.versionSalt ?? '0x'),
      keyCommit: fromHex(version?.keyCommit ?? '0x'),
      orderId: fromHex(order.id),
      buyerPoint: buyerPointOf(order),
    });
    return escrow.encodePostKey(order.id, pointOf(posted.e), toHex(posted.w), buyerKeyHash(order.buyerKey));
  }

  async #postKey(order: OrderRecord, account: Hex): Promise<void> {
    const listing = this.#modules.index.listing(order.listing);
    if (listing === null) return;
    await this.#submit({ id: orderSteps.key(order.id), kind: 'post-key', account, to: this.#modules.contracts.addresses.escrow, payload: await this.keyCall(order, listing), mandate: orderSteps.sellMandate(account), subject: { kind: 'order', id: order.id } });
  }

  async #keepOpen(listing: ListingRecord, account: Hex): Promise<void> {
    const { clock, log, sender } = this.#modules;
    const now = clock.now();
    if (listing.status !== 'Live' || listing.openUntil < now || listing.openUntil - now > OPEN_MILLIS / 2) return;
    const until = toSeconds(millis(now + OPEN_MILLIS));
    const id = `keep-open:${listing.id}:${listing.openUntil}`;
    if (sender.stateOf(id) !== 'none') return;
    try {
      await this.#submit({ id, kind: 'open-until', account, to: this.#modules.contracts.addresses.listings, payload: listings.encodeSetOpenUntil(listing.id, until), mandate: orderSteps.openMandate(listing.id), subject: { kind: 'listing', id: listing.id } });
    } catch (error) {
      if (!isCoded(error)) throw error;
      log.info('listing not kept open', { listing: listing.id, code: error.code });
    }
  }

  #submit(step: Omit<MandatedStep, 'account' | 'to'> & { readonly account: Hex; readonly to: Hex }): Promise<void> {
    return this.#modules.sender.submit({ ...step, account: fromHex(step.account), to: fromHex(step.to) });
  }
}
