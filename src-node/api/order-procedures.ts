import { fromHex, toHex, type Bytes, type Hex } from '../base/bytes.ts';
import { cleanText } from '../base/clean-text.ts';
import { millis, toSeconds } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import * as escrow from '../contracts/bindings/pd-escrow.gen.ts';
import * as listings from '../contracts/bindings/pd-listing.gen.ts';
import { cheapestPlan, currentVersion, listingStatus, type ListingRecord } from '../market/index/listing.ts';
import type { OrderRecord } from '../market/index/order.ts';
import type { Market } from '../market/market.ts';
import { confirmCall } from '../market/orders/buyer.ts';
import { orderSteps, splitOf } from '../market/orders/order-facts.ts';
import { isPassing } from '../market/orders/purchase.ts';
import { proofCall } from '../market/orders/proof.ts';
import { lastKeyBlock } from '../market/orders/seller.ts';
import { OPEN_MILLIS } from '../market/publish/publisher.ts';
import { checksummed, parseAddress } from './address.ts';
import type { DeliveryAccount, Desk, NeedsYou, OrderView } from './contract/orders.ts';
import type { ActionKind, Proposal } from './contract/proposal.ts';
import { creditsOf, withdrawableOf } from './credits.ts';
import { deliveryAccounts, lacksDelivery, prepareDelivery } from './delivery-procedures.ts';
import { knownListing, marketOf, ownAccounts } from './market-procedures.ts';
import { incomeByDay, orderView } from './order-view.ts';
import { procedures } from './procedures.ts';
import { addressField, amountField, proposalView, type SheetDetails } from './proposal-view.ts';
import { requestNeed } from './request-procedures.ts';
import type { Services } from './services.ts';

const INCOME_DAYS = 30;

export const orderProcedures = {
  list: procedures.orders.list.handler(async ({ context, input }) => {
    const { market, views } = await open(context.services);
    const own = await ownAccounts(context.services);
    const found = own.flatMap((account) => market.index.ordersOf(input.role, account)).sort((a, b) => b.placed.block - a.placed.block);
    return found.filter(({ closed }) => input.state === 'all' || (closed === null) === (input.state === 'open')).map((order) => ({ ...views(order), role: input.role }));
  }),
  get: procedures.orders.get.handler(async ({ context, input }) => {
    const { market, views } = await open(context.services);
    return views(knownOrder(market, input.id as Hex));
  }),
  needsYou: procedures.orders.needsYou.handler(({ context }) => needsYou(context.services)),
  desk: procedures.orders.desk.handler(({ context }) => desk(context.services)),
  retry: procedures.orders.retry.handler(async ({ context, input }) => {
    const { market, views } = await open(context.services);
    const order = knownOrder(market, input.id as Hex);
    market.buyer.retry(order);
    return views(order);
  }),
  prepare: procedures.orders.prepare.handler(({ context, input }) => prepareOrder(context.services, input.id as Hex, input.action)),
  prepareWithdraw: procedures.orders.prepareWithdraw.handler(async ({ context, input }) => {
    const network = context.services.network();
    const account = parseAddress(input.account);
    const credits = await creditsOf(network, account);
    const amount = credits.reduce((sum, credit) => sum + credit.amount, 0n);
    if (amount === 0n) throw new CodedError('NOTHING_TO_WITHDRAW', 'There is nothing to pay out.');
    const prepared = await network.wallet.proposals.prepare({ kind: 'withdraw', title: '', account, calls: credits.map(({ call }) => call), subject: null, permissions: [] });
    const change = { account: input.account, accountName: network.wallet.labels.nameOf(account), amount, reason: 'earnings' as const };
    return proposalView(prepared, { fields: [amountField('amount', amount)], notes: [], changes: [change], valueReason: 'value' }, network.wallet);
  }),
  prepareDelivery: procedures.orders.prepareDelivery.handler(({ context, input }) =>
    prepareDelivery(context.services, toHex(parseAddress(input.seller)), input.action, input.account === undefined ? null : toHex(parseAddress(input.account))),
  ),
  prepareListing: procedures.orders.prepareListing.handler(({ context, input }) => prepareListing(context.services, input.id as Hex, input.action, input.amount ?? 0n)),
};

async function open(services: Services): Promise<{ readonly market: Market; readonly own: readonly Hex[]; readonly views: (order: OrderRecord) => OrderView }> {
  const network = services.network();
  const market = marketOf(network);
  const own = await ownAccounts(services);
  return { market, own, views: (order) => orderView(order, { market, own, head: network.reader.head() }) };
}

function knownOrder(market: Market, id: Hex): OrderRecord {
  const order = market.index.order(id);
  if (order === null) throw new CodedError('ORDER_UNKNOWN', 'This order is not in the index.', { help: 'Wait until the index has reached the head.' });
  return order;
}

type OrderAction = 'cancel' | 'finalize-cancel' | 'confirm' | 'claim' | 'prove' | 'expire' | 'post-key' | 'decline';

interface PlannedAction {
  readonly kind: ActionKind;
  readonly payload: Bytes;
  readonly by: Hex;
  /** One action per order, or a new one at each sheet. */
  readonly id?: string;
  readonly notes: SheetDetails['notes'];
  readonly lastBlock?: bigint;
}

async function prepareOrder(services: Services, id: Hex, action: OrderAction): Promise<Proposal> {
  const network = services.network();
  const { market, views } = await open(services);
  const order = knownOrder(market, id);
  const view = views(order);
  if (!view.can.includes(action)) throw new CodedError('ORDER_STATE', 'This is not possible for the order now.', { help: 'Look at the order again: it has moved on.', meta: { state: order.state, action } });
  const listing = knownListing(market, order.listing);
  const plan = await planAction(market, order, listing, action, view);
  const prepared = await network.wallet.proposals.prepare({
    ...(plan.id === undefined ? {} : { id: plan.id }), ...(plan.lastBlock === undefined ? {} : { lastBlock: plan.lastBlock }), kind: plan.kind, title: view.title ?? '', account: fromHex(plan.by), permissions: [],
    calls: [{ to: fromHex(market.contracts.addresses.escrow), value: 0n, payload: plan.payload }], subject: { kind: 'order', id },
  });
  const fields = [{ key: 'listing', value: { kind: 'text' as const, text: view.title ?? '' } }, { key: 'order', value: { kind: 'hash' as const, hash: id } }, amountField('price', order.price), addressField('seller', fromHex(listing.seller), network.wallet)];
  return proposalView(prepared, { fields, notes: plan.notes, valueReason: 'value' }, network.wallet);
}

async function planAction(market: Market, order: OrderRecord, listing: ListingRecord, action: OrderAction, view: OrderView): Promise<PlannedAction> {
  const { id, buyer } = order;
  const self = view.role === 'buyer' ? buyer : listing.seller;
  switch (action) {
    case 'cancel': {
      const atOnce = order.state === 'funded';
      return { kind: 'cancel-order', by: buyer, payload: atOnce ? escrow.encodeCancel(id) : escrow.encodeRequestCancel(id), notes: [{ key: atOnce ? 'cancel-at-once' : 'cancel-later', tone: 'info', values: { millis: market.contracts.parameters.escrow.cancelTime * 1000 } }] };
    }
    case 'finalize-cancel':
      return { kind: 'finalize-cancel', by: self, payload: escrow.encodeFinalizeCancel(id), notes: [] };
    case 'confirm':
      return { kind: 'confirm-order', by: buyer, id: orderSteps.confirm(id), payload: confirmCall(order, listing), notes: [{ key: 'confirm-final', tone: 'warn', values: { price: order.price } }] };
    case 'claim': {
      const { payees, shares } = splitOf(order, listing);
      return { kind: 'claim', by: self, id: orderSteps.claim(id), payload: escrow.encodeClaim(id, payees, shares), notes: [] };
    }
    case 'expire':
      return { kind: 'expire', by: self, payload: escrow.encodeExpire(id), notes: [] };
    case 'decline':
      return { kind: 'decline', by: listing.seller, payload: escrow.encodeDecline(id), notes: [{ key: 'decline-refund', tone: 'info', values: { price: order.price } }] };
    case 'post-key':
      return { kind: 'post-key', by: listing.seller, id: orderSteps.key(id), payload: await market.seller.keyCall(order, listing), ...keyRisk(market, order) };
    case 'prove': {
      const { fault } = market.purchases.get(id);
      if (fault === null || view.proof === null) throw new CodedError('ORDER_STATE', 'Nothing wrong was found in your copy.', { meta: { reason: 'no-fault' } });
      const payload = await proofCall(order, listing, fault, market);
      return { kind: 'prove', by: buyer, payload, notes: [{ key: `prove-${fault.kind}`, tone: view.proof.makesKeyPublic ? 'warn' : 'info', values: { refund: view.proof.refund } }] };
    }
  }
}

/** A key that is safe now must not go out when it is not any more; one that is not safe goes out on the seller's word. */
function keyRisk(market: Market, order: OrderRecord): Pick<PlannedAction, 'notes' | 'lastBlock'> {
  if (market.seller.isSafe(order)) return { notes: [], lastBlock: BigInt(lastKeyBlock(order)) };
  return { notes: [{ key: 'post-key-unsafe', tone: 'warn', values: { price: order.price } }] };
}

async function prepareListing(services: Services, id: Hex, action: 'open' | 'close' | 'retire' | 'unbond' | 'bond' | 'take-bond', amount: bigint): Promise<Proposal> {
  const network = services.network();
  const market = marketOf(network);
  const listing = knownListing(market, id);
  const until = toSeconds(millis(services.clock.now() + OPEN_MILLIS));
  const calls: Readonly<Record<typeof action, readonly [ActionKind, readonly Bytes[], bigint]>> = {
    open: ['open-until', [listings.encodeSetOpenUntil(id, until), ...(listing.status === 'Live' ? [] : [listings.encodeResume(id)])], 0n],
    close: ['open-until', [listings.encodePause(id)], 0n],
    retire: ['retire', [listings.encodeRetire(id)], 0n],
    unbond: ['unbond', [listings.encodeUnbond(id, amount)], 0n],
    bond: ['bond', [listings.encodeBond(id)], amount],
    'take-bond': ['take-bond', [listings.encodeWithdrawBond(id)], 0n],
  };
  const [kind, payloads, value] = calls[action];
  const title = cleanText(market.texts.textOf(listing.id).metadata?.title.en ?? '');
  const prepared = await network.wallet.proposals.prepare({
    kind, title, account: fromHex(listing.seller), permissions: [], subject: { kind: 'listing', id },
    calls: payloads.map((payload) => ({ to: fromHex(market.contracts.addresses.listings), value, payload })),
  });
  const back = { account: checksummed(fromHex(listing.seller)), accountName: network.wallet.labels.nameOf(fromHex(listing.seller)), amount: listing.bondLeaving, reason: 'refund' as const };
  const changes = action === 'take-bond' ? [back] : [];
  return proposalView(prepared, { changes, fields: [{ key: 'listing', value: { kind: 'text', text: title } }, ...(amount > 0n ? [amountField('amount', amount)] : [])], notes: [{ key: `listing-${action}`, tone: action === 'retire' ? 'warn' : 'info', values: {} }], valueReason: 'bond' }, network.wallet);
}

function incomeOf(order: OrderRecord): bigint {
  return order.price - order.burnt;
}

async function desk(services: Services): Promise<Desk> {
  const { market, own, views } = await open(services);
  const now = services.clock.now();
  const orders = own.flatMap((account) => market.index.ordersOf('seller', account));
  const sold = orders.filter(({ state }) => state === 'settled');
  const withdrawable = await Promise.all(own.map((account) => withdrawableOf(services.network(), fromHex(account))));
  const accounts = await deliveryAccounts(services);
  const isTooDear = (await services.network().reader.gasPrice()) > market.maxGasPrice();
  const withoutDelivery = own.filter((seller) => lacksDelivery(market, seller));
  const head = Number(services.network().reader.head()?.number ?? 0n);
  return {
    listings: own.flatMap((account) => market.index.listingsOf(account)).map((listing) => {
      const sales = sold.filter((order) => order.listing === listing.id);
      const { bondFree, bondReserved, bondLeaving } = listing;
      return {
        id: listing.id, title: cleanText(market.texts.textOf(listing.id).metadata?.title.en ?? '') || null, status: listingStatus(listing, now), price: cheapestPlan(listing)?.price ?? null, openUntil: listing.openUntil,
        sales: sales.length, earned: sales.reduce((sum, order) => sum + incomeOf(order), 0n), bondFree, bondReserved, bondLeaving,
        bondLeavesAt: bondLeaving === 0n ? null : estimatedTime(listing.leavingAtBlock, market, services), bondHasLeft: bondLeaving > 0n && head + 1 >= listing.leavingAtBlock, totalBytes: Number(currentVersion(listing)?.totalBytes ?? 0n),
      };
    }),
    waiting: orders.filter(({ state }) => state === 'ready' || state === 'cancelling').map((order) => ({ ...views(order), role: 'seller' as const })),
    recent: orders.filter(({ state }) => state !== 'ready' && state !== 'cancelling').slice(0, 20).map((order) => ({ ...views(order), role: 'seller' as const })),
    withdrawable: withdrawable.reduce((sum, amount) => sum + amount, 0n),
    earned: sold.reduce((sum, order) => sum + incomeOf(order), 0n),
    earnedByDay: incomeByDay(orders, incomeOf, now, INCOME_DAYS),
    delivering: delivering(accounts, withoutDelivery, isTooDear),
    deliveryAccounts: accounts,
    withoutDelivery: withoutDelivery.map((seller) => checksummed(fromHex(seller))),
  };
}

function delivering(accounts: readonly DeliveryAccount[], withoutDelivery: readonly Hex[], isTooDear: boolean): Desk['delivering'] {
  const used = accounts.filter(({ state }) => state !== 'unused');
  const reason = used.some(({ state }) => state === 'locked') ? 'locked' : used.some((account) => account.answersLeft === 0) ? 'no-gas' : used.length > 0 && isTooDear ? 'gas-price' : withoutDelivery.length > 0 ? 'no-account' : null;
  return { on: reason === null, reason };
}

function estimatedTime(block: number, market: Market, services: Services): number {
  const head = services.network().reader.head();
  return head === null ? 0 : head.timeMillis + Math.max(0, block - Number(head.number)) * market.contracts.periodMillis;
}

async function needsYou(services: Services): Promise<readonly NeedsYou[]> {
  if (!services.hasNetwork()) return [];
  const { wallet, market } = services.network();
  const found = [...wallet.requests.list().map(requestNeed), ...(market.current() === null ? [] : await ordersNeed(services))];
  return found.sort((a, b) => (a.deadline ?? Infinity) - (b.deadline ?? Infinity));
}

async function ordersNeed(services: Services): Promise<readonly NeedsYou[]> {
  const { market, own, views } = await open(services);
  const entry = (key: string, order: OrderRecord): NeedsYou => {
    const view = views(order);
    return { id: `${key}:${order.id}`, key, subject: { kind: 'order', id: order.id }, title: view.title ?? '', amount: order.price, deadline: view.deadline?.at ?? null };
  };
  const selling = own.flatMap((account) => market.index.ordersOf('seller', account)).filter(({ state }) => state === 'ready' || state === 'cancelling');
  const buying = own.flatMap((account) => market.index.ordersOf('buyer', account)).filter(({ closed }) => closed === null);
  return [
    ...selling.flatMap((order) => {
      const problem = market.seller.problemOf(order.id);
      return problem === null ? [] : [entry(problem.code === 'WALLET_LOCKED' ? 'unlock-to-deliver' : problem.code === 'DELIVERY_GAS_PRICE' ? 'gas-above-limit' : 'post-key', order)];
    }),
    ...buying.flatMap((order) => {
      const { copy, problem } = market.purchases.get(order.id);
      if (order.state === 'keyed' && copy === 'verified') return [entry('confirm', order)];
      if (order.state === 'keyed' && copy === 'bad') return [entry('prove', order)];
      if (problem?.code === 'WALLET_LOCKED') return [entry('unlock-to-go-on', order)];
      return problem === null || isPassing(problem) ? [] : [entry('order-problem', order)];
    }),
  ];
}
