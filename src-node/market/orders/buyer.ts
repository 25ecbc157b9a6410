/**
 * The buyer's side of every open order: fetch and check the ciphertext, say ready, open with the key, find a lie. Each step reads
 * the chain and this disk only, so it goes on after any stop.
 */
import { equal, fromHex, type Bytes, type Hex } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { CodedError, isCoded } from '../../base/errors.ts';
import { faultOf } from '../../base/files.ts';
import { toTaggedJson } from '../../base/tagged-json.ts';
import type { Logger } from '../../base/logger.ts';
import type { ChainReader } from '../../chain/reader.ts';
import * as escrow from '../../contracts/bindings/pd-escrow.gen.ts';
import { sha256Parts } from '../../crypto/hash.ts';
import { utf8 } from '../../base/bytes.ts';
import type { ListingRecord } from '../index/listing.ts';
import type { MarketIndex } from '../index/market-index.ts';
import type { OrderRecord } from '../index/order.ts';
import type { MarketContracts, MarketKeys, MarketSender } from '../ports.ts';
import type { Copies } from './copies.ts';
import { deliveryOf, isGoing, isOver, orderKeyFacts, orderSteps, splitOf, versionOf } from './order-facts.ts';
import { isPassing, type PurchaseFault } from './purchase.ts';
import type { PurchaseStore } from './purchase-store.ts';

export interface BuyerModules {
  readonly index: MarketIndex;
  readonly store: PurchaseStore;
  readonly copies: Copies;
  readonly keys: MarketKeys;
  readonly sender: MarketSender;
  readonly reader: ChainReader;
  readonly contracts: MarketContracts;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onChange: () => void;
  /** Whether a verified order is confirmed without being asked. */
  readonly confirmsAutomatically: () => boolean;
}

/** Live facts of a copy under way; gone after a restart, the disk knows the rest. */
export interface CopyProgress {
  readonly chunks: number;
  readonly sealed: ReadonlySet<number>;
  readonly verified: ReadonlySet<number>;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly rate: number | null;
  readonly sources: ReadonlyMap<string, number>;
}

interface Job {
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

class Progress implements CopyProgress {
  readonly sealed = new Set<number>();
  readonly verified = new Set<number>();
  readonly sources = new Map<string, number>();
  readonly chunks: number;
  readonly bytesTotal: number;
  readonly #startedAt: number;
  readonly #now: () => number;
  bytesDone = 0;
  #fetched = 0;

  constructor(chunks: number, bytesTotal: number, now: () => number) {
    this.chunks = chunks;
    this.bytesTotal = bytesTotal;
    this.#now = now;
    this.#startedAt = now();
  }

  get rate(): number | null {
    const millisSpent = this.#now() - this.#startedAt;
    return this.#fetched === 0 || millisSpent < 500 ? null : (this.#fetched * 1000) / millisSpent;
  }

  here(index: number, bytes: number, scheme: string | null): void {
    this.sealed.add(index);
    this.bytesDone += bytes;
    if (scheme === null) return;
    this.#fetched += bytes;
    this.sources.set(scheme, (this.sources.get(scheme) ?? 0) + bytes);
  }
}

/** A failed step is tried again after this long; the user may ask for it sooner. */
const RETRY_MILLIS = 15_000;

export class Buyer {
  readonly #modules: BuyerModules;
  readonly #jobs = new Map<Hex, Job>();
  readonly #progress = new Map<Hex, Progress>();
  readonly #retryAt = new Map<Hex, number>();

  constructor(modules: BuyerModules) {
    this.#modules = modules;
  }

  progressOf(order: Hex): CopyProgress | null {
    return this.#progress.get(order) ?? null;
  }

  /** Looks at every order of these accounts and starts what can be done now. */
  step(accounts: readonly Hex[]): void {
    const { index, clock } = this.#modules;
    for (const account of accounts) {
      for (const order of index.openOrdersOf('buyer', account)) {
        if ((this.#retryAt.get(order.id) ?? 0) > clock.now()) continue;
        this.#start(order);
      }
    }
  }

  /** Tries now what failed before; on a closed order, gets the data once more. */
  retry(order: OrderRecord): void {
    this.#retryAt.delete(order.id);
    this.#modules.store.change(order.id, { problem: null });
    this.#start(order);
  }

  /** When what was started is done. */
  async settled(): Promise<void> {
    await Promise.all([...this.#jobs.values()].map(({ done }) => done));
  }

  async close(): Promise<void> {
    for (const { abort } of this.#jobs.values()) abort.abort();
    await this.settled();
  }

  #start(order: OrderRecord): void {
    if (this.#jobs.has(order.id)) return;
    const abort = new AbortController();
    this.#jobs.set(order.id, { abort, done: this.#run(order, abort.signal) });
  }

  async #run(order: OrderRecord, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#modules;
    try {
      await this.#advance(order, signal);
    } catch (error) {
      if (signal.aborted) return;
      const coded = faultOf(error);
      const waits = coded.code === 'WALLET_LOCKED' || isPassing(coded);
      if (!waits) log.warn('order step failed', { order: order.id, code: coded.code });
      this.#retryAt.set(order.id, clock.now() + (waits ? 1000 : RETRY_MILLIS));
      this.#tell(order.id, coded);
    } finally {
      this.#jobs.delete(order.id);
    }
  }

  #tell(order: Hex, problem: CodedError): void {
    try {
      if (toTaggedJson(this.#modules.store.get(order).problem) === toTaggedJson(problem.toJSON())) return; // a locked wallet is met again every second
      this.#modules.store.change(order, { problem: problem.toJSON() });
      this.#modules.onChange();
    } catch (error) {
      this.#modules.log.error('a problem could not be written down', { order, code: problem.code }, error); // the disk is full; the step is tried again all the same
    }
  }

  async #advance(order: OrderRecord, signal: AbortSignal): Promise<void> {
    const { index, store } = this.#modules;
    const listing = index.listing(order.listing);
    if (listing === null) return;
    const closing = this.#closingCall(order);
    if (closing !== null) return this.#mandated(order, { id: orderSteps.close(order.id), ...closing });
    if (order.state === 'funded' && isGoing(this.#modules.sender.stateOf(orderSteps.ready(order.id)))) return;
    const purchase = store.get(order.id);
    if (order.state === 'funded' || (purchase.copy !== 'verified' && purchase.copy !== 'bad' && order.delivery !== null)) await this.#bring(order, listing, signal);
    if (order.state === 'funded') await this.#sayReady(order);
    if (order.delivery !== null && purchase.copy !== 'bad' && purchase.copy !== 'verified') await this.#open(order, listing, signal);
    if (order.state === 'keyed' && store.get(order.id).copy === 'verified' && this.#modules.confirmsAutomatically()) await this.#confirm(order, listing);
  }

  /** Every ciphertext byte here and checked. */
  async #bring(order: OrderRecord, listing: ListingRecord, signal: AbortSignal): Promise<void> {
    const { copies, store, onChange, clock } = this.#modules;
    if (store.get(order.id).copy === 'none' || store.get(order.id).copy === 'failed') store.change(order.id, { copy: 'fetching' });
    const manifest = await copies.manifest(order, listing, signal);
    const progress = new Progress(manifest.chunks.length, manifest.totalBytes, () => clock.now());
    this.#progress.set(order.id, progress);
    let shownAt = 0;
    await copies.fetch(order, manifest, signal, {
      onChunk: (chunk, bytes, scheme) => {
        progress.here(chunk, bytes, scheme);
        if (clock.now() - shownAt < 250) return;
        shownAt = clock.now();
        onChange();
      },
    });
    if (store.get(order.id).copy === 'fetching') store.change(order.id, { copy: 'checked', problem: null });
    onChange();
  }

  #sayReady(order: OrderRecord): Promise<void> {
    return this.#mandated(order, { id: orderSteps.ready(order.id), kind: 'ready', payload: escrow.encodeReady(order.id, order.termsHash) });
  }

  /** What brings the price back when the time of the seller, or of this side before `ready`, is over; null before that. */
  #closingCall(order: OrderRecord): { readonly kind: string; readonly payload: Bytes } | null {
    const { reader, contracts } = this.#modules;
    const isPast = (block: number): boolean => isOver(block, reader.head(), contracts);
    if (order.state === 'cancelling' && isPast(order.cancelDeadlineBlock)) return { kind: 'finalize-cancel', payload: escrow.encodeFinalizeCancel(order.id) };
    const isWaiting = order.state === 'funded' || order.state === 'ready' || order.state === 'cancelling';
    return isWaiting && isPast(order.deadlineBlock) ? { kind: 'expire', payload: escrow.encodeExpire(order.id) } : null;
  }

  /** A call that the mandate of the purchase covers. @throws WALLET_LOCKED, INSUFFICIENT_FUNDS, or what the contract would refuse with */
  async #mandated(order: OrderRecord, call: { readonly id: string; readonly kind: string; readonly payload: Bytes }): Promise<void> {
    const { sender, contracts, keys, store } = this.#modules;
    if (isGoing(sender.stateOf(call.id))) return;
    if (!(await keys.isUnlocked())) throw new CodedError('WALLET_LOCKED', 'The wallet is locked, so the next step of this order is not taken.', { help: 'Unlock the wallet; it is then taken by itself.' });
    await sender.submit({ ...call, account: fromHex(order.buyer), to: fromHex(contracts.addresses.escrow), authority: { kind: 'mandate', id: orderSteps.buyMandate(order.id) }, subject: { kind: 'order', id: order.id } });
    if (store.get(order.id).problem !== null) store.change(order.id, { problem: null });
  }

  async #open(order: OrderRecord, listing: ListingRecord, signal: AbortSignal): Promise<void> {
    const { store, onChange, copies, log } = this.#modules;
    const key = await this.#keyOf(order, listing);
    if ('fault' in key) return this.#bad(order, key.fault);
    store.change(order.id, { copy: 'opening', problem: null });
    onChange();
    const manifest = await copies.manifest(order, listing, signal);
    const progress = this.#progress.get(order.id);
    const opened = await copies.open(order, manifest, key.key, signal, (chunk) => progress?.verified.add(chunk)).catch(async (error: unknown) => {
      if (isCoded(error, 'DATA_UNAVAILABLE')) await copies.forgetObjects(order);
      throw error;
    });
    if ('fault' in opened) return this.#bad(order, opened.fault);
    store.change(order.id, { copy: 'verified', files: opened.files, problem: null });
    log.info('purchase verified', { order: order.id, files: opened.files.length });
    onChange();
  }

  async #keyOf(order: OrderRecord, listing: ListingRecord): Promise<{ readonly key: Bytes } | { readonly fault: PurchaseFault }> {
    const { keys, reader, contracts } = this.#modules;
    const delivery = deliveryOf(order);
    const version = versionOf(listing, order);
    if (delivery === null || version === null) throw new CodedError('ORDER_STATE', 'The key of this order has not been handed over.', { meta: { reason: 'no-key' } });
    const key = await keys.openDelivery(orderKeyFacts(order, reader, contracts), fromHex(order.id), delivery);
    const commit = sha256Parts(utf8('PDC0'), fromHex(listing.seller), fromHex(version.versionSalt), key);
    return equal(commit, fromHex(version.keyCommit)) ? { key } : { fault: { kind: 'wrong-key', chunk: null, unit: null } };
  }

  #bad(order: OrderRecord, fault: PurchaseFault): void {
    const { store, log, onChange } = this.#modules;
    store.change(order.id, { copy: 'bad', fault, problem: null });
    log.warn('the seller delivered what was not promised', { order: order.id, kind: fault.kind, chunk: fault.chunk, unit: fault.unit });
    onChange();
  }

  #confirm(order: OrderRecord, listing: ListingRecord): Promise<void> {
    return this.#mandated(order, { id: orderSteps.confirm(order.id), kind: 'confirm-order', payload: confirmCall(order, listing) });
  }
}

/** `confirm` with the split that the order was placed under. */
export function confirmCall(order: OrderRecord, listing: ListingRecord): Bytes {
  const { payees, shares } = splitOf(order, listing);
  return escrow.encodeConfirm(order.id, payees, shares);
}
