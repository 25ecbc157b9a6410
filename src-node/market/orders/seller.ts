/** The seller's side: hand keys over in time, keep listings open while the program runs. Both by the delivery account (deliveries.ts). */
import { fromHex, toHex, type Hex } from '../../base/bytes.ts';
import { millis, toSeconds, type Clock } from '../../base/clock.ts';
import { CodedError, isCoded, type ErrorJson } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { ChainReader } from '../../chain/reader.ts';
import * as escrow from '../../contracts/bindings/pd-escrow.gen.ts';
import * as listings from '../../contracts/bindings/pd-listing.gen.ts';
import { pointOf } from '../../contracts/proofs.ts';
import { buyerKeyHash } from '../../contracts/terms.ts';
import type { ListingRecord } from '../index/listing.ts';
import type { MarketIndex } from '../index/market-index.ts';
import type { OrderRecord } from '../index/order.ts';
import type { MarketContracts, MarketKeys, MarketSender } from '../ports.ts';
import { OPEN_MILLIS } from '../publish/publisher.ts';
import type { Deliveries } from './deliveries.ts';
import { buyerPointOf, isGoing, isOver, orderSteps, splitOf, versionOf } from './order-facts.ts';

export interface SellerModules {
  readonly index: MarketIndex;
  readonly keys: MarketKeys;
  readonly deliveries: Deliveries;
  readonly sender: MarketSender;
  readonly reader: ChainReader;
  readonly contracts: MarketContracts;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onChange: () => void;
  /** Highest price that delivery accounts pay, base units per gas. */
  readonly maxGasPrice: () => bigint;
}

/** A key is posted only while this many blocks are left, so that it is mined before anybody can close the order (docs/protocol/11 §4.6). */
const KEY_MARGIN_BLOCKS = 20;
/** And only when the block of `ready` has children: a replaced block would have given the key away. */
const CONFIRMATIONS = 2;

export class Seller {
  readonly #modules: SellerModules;
  /** Why a key does not go out by itself now, by order. */
  readonly #problems = new Map<Hex, ErrorJson>();
  #running: Promise<void> | null = null;

  constructor(modules: SellerModules) {
    this.#modules = modules;
  }

  problemOf(order: Hex): ErrorJson | null {
    return this.#problems.get(order) ?? null;
  }

  /** Takes every step that is due; runs never overlap. */
  step(accounts: readonly Hex[]): Promise<void> {
    this.#running ??= this.#run(accounts).finally(() => (this.#running = null));
    return this.#running;
  }

  async #run(accounts: readonly Hex[]): Promise<void> {
    const { index, deliveries } = this.#modules;
    await deliveries.follow(accounts);
    for (const account of accounts) {
      for (const order of index.openOrdersOf('seller', account)) {
        if (order.state === 'ready' || order.state === 'cancelling') await this.#deliver(order);
        else if (order.state === 'keyed') await this.#claim(order);
      }
      for (const listing of index.listingsOf(account)) await this.#keepOpen(listing);
    }
  }

  async #deliver(order: OrderRecord): Promise<void> {
    const { log, onChange } = this.#modules;
    const before = this.#problems.get(order.id)?.code;
    try {
      if (this.#isDue(order)) await this.#postKey(order);
      this.#problems.delete(order.id);
    } catch (error) {
      if (!isCoded(error)) throw error;
      this.#problems.set(order.id, error.toJSON());
      if (before !== error.code) log.warn('key not posted', { order: order.id, code: error.code });
    }
    if (before !== this.#problems.get(order.id)?.code) onChange();
  }

  /** Whether a key that goes out now is paid for: `ready` stays on the chain, and nobody can close the order before the key is mined. */
  isSafe(order: OrderRecord): boolean {
    const head = this.#modules.reader.head();
    if (head === null || order.readied === null) return false;
    const number = Number(head.number);
    return number >= order.readied.block + CONFIRMATIONS && number <= lastKeyBlock(order);
  }

  /** @throws KEY_REFUSED when it was tried and the chain refused it */
  #isDue(order: OrderRecord): boolean {
    if (!this.isSafe(order)) return false;
    const state = this.#modules.sender.stateOf(orderSteps.key(order.id));
    if (state === 'failed') throw new CodedError('KEY_REFUSED', 'The key was sent and the chain did not take it.', { help: 'Hand it over yourself before the time is over.' });
    return state === 'none';
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

  /** @throws WALLET_LOCKED, NEEDS_SELLER_KEY, DELIVERY_GAS_PRICE, DELIVERY_NO_GAS, or what the contract would refuse with */
  async #postKey(order: OrderRecord): Promise<void> {
    const { index, deliveries, contracts } = this.#modules;
    const listing = index.listing(order.listing);
    const version = listing === null ? null : versionOf(listing, order);
    if (listing === null || version === null) return;
    if (!deliveries.answers(listing, version)) {
      if (!deliveries.unlocked) throw new CodedError('WALLET_LOCKED', 'The wallet is locked, so the key of this sale does not go out.', { help: 'Unlock the wallet before the buyer’s time runs out.', meta: { reason: 'sale' } });
      throw new CodedError('NEEDS_SELLER_KEY', 'This listing has no delivery account of this wallet, so the key does not go out by itself.', { help: 'Hand it over yourself, or give the listing a delivery account on the seller desk.' });
    }
    const payload = await this.keyCall(order, listing);
    await this.#submit(listing, { id: orderSteps.key(order.id), kind: 'post-key', to: contracts.addresses.escrow, payload, subject: { kind: 'order', id: order.id }, lastBlock: BigInt(lastKeyBlock(order)) });
  }

  /** The buyer had his time to check and said nothing: the price is the seller's, and only has to be asked for. */
  async #claim(order: OrderRecord): Promise<void> {
    const { index, deliveries, contracts, reader, sender, log } = this.#modules;
    if (!isOver(order.deadlineBlock, reader.head(), contracts)) return;
    const listing = index.listing(order.listing);
    const id = orderSteps.claim(order.id);
    if (listing === null || !deliveries.extends(listing) || isGoing(sender.stateOf(id))) return;
    const { payees, shares } = splitOf(order, listing);
    try {
      await this.#submit(listing, { id, kind: 'claim', to: contracts.addresses.escrow, payload: escrow.encodeClaim(order.id, payees, shares), subject: { kind: 'order', id: order.id } });
    } catch (error) {
      if (!isCoded(error)) throw error;
      log.info('payment not claimed', { order: order.id, code: error.code });
    }
  }

  async #keepOpen(listing: ListingRecord): Promise<void> {
    const { clock, log, sender, deliveries, contracts } = this.#modules;
    const now = clock.now();
    if (listing.status !== 'Live' || listing.openUntil < now || listing.openUntil - now > OPEN_MILLIS / 2 || !deliveries.extends(listing)) return;
    const until = toSeconds(millis(now + OPEN_MILLIS));
    const id = `keep-open:${listing.id}:${listing.openUntil}`;
    if (isGoing(sender.stateOf(id))) return;
    try {
      await this.#submit(listing, { id, kind: 'open-until', to: contracts.addresses.listings, payload: listings.encodeSetOpenUntil(listing.id, until), subject: { kind: 'listing', id: listing.id } });
    } catch (error) {
      if (!isCoded(error)) throw error;
      log.info('listing not kept open', { listing: listing.id, code: error.code });
    }
  }

  /** Signed by the listing's delivery account. @throws DELIVERY_GAS_PRICE, DELIVERY_NO_GAS */
  async #submit(listing: ListingRecord, step: { readonly id: string; readonly kind: string; readonly to: Hex; readonly payload: Uint8Array; readonly subject: { readonly kind: 'order' | 'listing'; readonly id: Hex }; readonly lastBlock?: bigint }): Promise<void> {
    const [price, highest] = [await this.#modules.reader.gasPrice(), this.#modules.maxGasPrice()];
    if (price > highest) throw gasPriceAbove(price, highest);
    try {
      await this.#modules.sender.submit({ ...step, to: fromHex(step.to), account: fromHex(listing.deliveryKey), authority: { kind: 'delivery' } });
    } catch (error) {
      if (!isCoded(error, 'INSUFFICIENT_FUNDS')) throw error;
      throw new CodedError('DELIVERY_NO_GAS', 'The delivery account has no CPC left for fees.', { help: 'Top it up on the seller desk, or hand this key over yourself.', cause: error });
    }
  }
}

function gasPriceAbove(price: bigint, highest: bigint): CodedError {
  const [now, most] = [price, highest].map((value) => (value / 10n ** 9n).toString());
  return new CodedError('DELIVERY_GAS_PRICE', `Gas costs ${now} gwei now, more than the ${most} gwei that you let the delivery account pay.`, { help: 'Raise the limit in the settings, or hand this key over yourself.', meta: { price: now ?? '', highest: most ?? '' } });
}

/** After it somebody could close the order while the key is on its way for everybody to read. */
export function lastKeyBlock(order: OrderRecord): number {
  const deadline = order.state === 'cancelling' ? Math.min(order.deadlineBlock, order.cancelDeadlineBlock) : order.deadlineBlock;
  return deadline - KEY_MARGIN_BLOCKS;
}
