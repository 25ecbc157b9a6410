/** Orders of both sides with their clocks: whose turn it is, until which block, and what then happens by itself. */
import { fromHex, type Hex } from '../base/bytes.ts';
import { cleanText } from '../base/clean-text.ts';
import type { Millis } from '../base/clock.ts';
import type { OrderRecord, OrderStep } from '../market/index/order.ts';
import type { Market } from '../market/market.ts';
import { isOver, orderSteps, versionOf } from '../market/orders/order-facts.ts';
import { proofRefund } from '../market/proof-refund.ts';
import { checksummed } from './address.ts';
import type { OrderView, TimelineStep } from './contract/orders.ts';
import type { HeadInfo } from '../chain/reader.ts';

export interface OrderViewModules {
  readonly market: Market;
  readonly head: HeadInfo | null;
  readonly own: readonly Hex[];
}

type Action = OrderView['can'][number];

export function orderView(order: OrderRecord, modules: OrderViewModules): OrderView {
  const { market, own } = modules;
  const listing = market.index.listing(order.listing);
  const role = own.includes(order.buyer) ? 'buyer' : 'seller';
  const purchase = market.purchases.get(order.id);
  const problem = role === 'buyer' ? purchase.problem : market.seller.problemOf(order.id);
  return {
    id: order.id,
    listing: order.listing,
    title: listing === null ? null : cleanText(market.texts.textOf(listing.id).metadata?.title.en ?? '') || null,
    role,
    buyer: checksummed(fromHex(order.buyer)),
    seller: checksummed(fromHex(listing?.seller ?? `0x${'00'.repeat(20)}`)),
    price: order.price,
    reserve: order.reserve,
    state: order.state,
    placedAt: order.placed.at,
    placedBlock: order.placed.block,
    turn: turnOf(order, modules),
    deadline: deadlineOf(order, modules),
    timeline: timelineOf(order, purchase.copy),
    copy: copyOf(order, modules),
    proof: proofOf(order, modules),
    problem,
    can: actionsOf(order, { isBuyer: own.includes(order.buyer), isSeller: listing !== null && own.includes(listing.seller) }, modules),
  };
}

function overFrom(block: number, market: Market): number {
  return block + market.contracts.parameters.escrow.grace;
}

/** The block that ends the present wait. */
function runningDeadline(order: OrderRecord): number {
  return order.state === 'cancelling' ? Math.min(order.cancelDeadlineBlock, order.deadlineBlock) : order.deadlineBlock;
}

function deadlineOf(order: OrderRecord, { market, head }: OrderViewModules): OrderView['deadline'] {
  const block = runningDeadline(order);
  if (block === 0 || head === null || order.closed !== null) return null;
  const end = overFrom(block, market);
  const left = Math.max(0, end - Number(head.number)) * market.contracts.periodMillis;
  const consequence = ({ funded: 'lapse', ready: 'expire', cancelling: order.cancelDeadlineBlock <= order.deadlineBlock ? 'cancel' : 'expire', keyed: 'seller-paid' } as const)[order.state as 'funded' | 'ready' | 'cancelling' | 'keyed'];
  return { block: end, at: head.timeMillis + left, consequence };
}

function turnOf(order: OrderRecord, modules: OrderViewModules): OrderView['turn'] {
  const { market } = modules;
  if (order.closed !== null) return 'nobody';
  if (isOver(runningDeadline(order), modules.head, modules.market.contracts)) return 'anyone';
  const steps: readonly string[] = [orderSteps.close(order.id), ...(order.state === 'funded' ? [orderSteps.ready(order.id)] : order.state === 'keyed' ? [orderSteps.confirm(order.id), orderSteps.claim(order.id)] : [orderSteps.key(order.id)])];
  if (steps.some((id) => market.sender.stateOf(id) === 'under-way')) return 'chain';
  return order.state === 'funded' || order.state === 'keyed' ? 'buyer' : 'seller';
}

function copyOf(order: OrderRecord, { market }: OrderViewModules): OrderView['copy'] {
  const purchase = market.purchases.get(order.id);
  const progress = market.buyer.progressOf(order.id);
  const listing = market.index.listing(order.listing);
  const version = listing === null ? null : versionOf(listing, order);
  const chunks = version?.chunkCount ?? 0;
  const bytesTotal = Number(version?.totalBytes ?? 0n);
  const isHere = purchase.copy !== 'none' && purchase.copy !== 'fetching' && purchase.copy !== 'failed';
  const isOpened = purchase.copy === 'verified';
  return {
    state: purchase.copy === 'checked' && order.delivery === null ? 'waiting-key' : purchase.copy,
    chunks,
    chunksSealed: isHere ? chunks : (progress?.sealed.size ?? 0),
    chunksVerified: isOpened ? chunks : (progress?.verified.size ?? 0),
    badChunks: purchase.fault?.chunk == null ? [] : [purchase.fault.chunk],
    bytesDone: isHere ? bytesTotal : (progress?.bytesDone ?? 0),
    bytesTotal,
    rate: isHere ? null : (progress?.rate ?? null),
    sources: [...(progress?.sources ?? [])].map(([scheme, bytes]) => ({ scheme, label: scheme === 'ipfs' ? 'IPFS' : 'Folder on this computer', bytes, rate: null })),
    files: purchase.files.map(({ path, bytes }) => ({ path, bytes })),
    folder: isOpened ? market.copies.filesFolder(order) : null,
    sha256: purchase.files.length === 1 ? (purchase.files[0]?.sha256 ?? null) : null,
  };
}

function proofOf(order: OrderRecord, { market }: OrderViewModules): OrderView['proof'] {
  const { fault } = market.purchases.get(order.id);
  if (fault === null) return null;
  const { escrow } = market.contracts.parameters;
  return { kind: fault.kind, chunk: fault.chunk, unit: fault.unit, makesKeyPublic: fault.kind === 'bad-key-leaf', refund: proofRefund(order.price, order.reserve, escrow), allowance: escrow.proofAllowance };
}

/** Of one's own accounts one may have bought from another. */
function actionsOf(order: OrderRecord, { isBuyer, isSeller }: { readonly isBuyer: boolean; readonly isSeller: boolean }, modules: OrderViewModules): readonly Action[] {
  const { market } = modules;
  const purchase = market.purchases.get(order.id);
  const isLate = isOver(order.deadlineBlock, modules.head, modules.market.contracts);
  const both: readonly (readonly [boolean, Action])[] = [
    [(order.state === 'funded' || order.state === 'ready' || order.state === 'cancelling') && isLate, 'expire'],
    [order.state === 'cancelling' && isOver(order.cancelDeadlineBlock, modules.head, modules.market.contracts), 'finalize-cancel'],
    [order.state === 'keyed' && isLate, 'claim'],
  ];
  const buyer: readonly (readonly [boolean, Action])[] = [
    [order.state === 'funded' || order.state === 'ready', 'cancel'],
    [order.state === 'keyed' && purchase.copy === 'verified', 'confirm'],
    [order.state === 'keyed' && purchase.copy === 'bad', 'prove'],
    [purchase.problem !== null || (order.delivery !== null && purchase.copy !== 'verified' && purchase.copy !== 'bad'), 'retry'],
  ];
  const seller: readonly (readonly [boolean, Action])[] = [
    [order.state === 'ready' || order.state === 'cancelling', 'post-key'],
    [order.state === 'funded' || order.state === 'ready' || order.state === 'cancelling', 'decline'],
  ];
  return [...(isBuyer ? buyer : []), ...(isSeller ? seller : []), ...both].flatMap(([possible, action]) => (possible ? [action] : []));
}

function timelineOf(order: OrderRecord, copy: OrderView['copy']['state']): readonly TimelineStep[] {
  const step = (key: string, state: TimelineStep['state'], at: OrderStep | null = null): TimelineStep => ({ key, state, at: at?.at ?? null, block: at?.block ?? null, transaction: at?.transaction ?? null });
  const isHere = copy !== 'none' && copy !== 'fetching' && copy !== 'failed';
  const badEnd = order.closed !== null && order.state !== 'settled';
  const done: TimelineStep[] = [step('placed', 'done', order.placed)];
  if (isHere || order.readied !== null) done.push(step('fetched', 'done'));
  if (order.readied !== null) done.push(step('ready', 'done', order.readied));
  if (order.keyed !== null) done.push(step('keyed', 'done', order.keyed));
  if (copy === 'verified') done.push(step('verified', 'done'));
  if (copy === 'bad') done.push(step('verified', 'failed'));
  if (order.state === 'settled') done.push(step('confirmed', 'done', order.closed));
  if (badEnd) return [...done, step(order.state, 'failed', order.closed)];
  const all = ['placed', 'fetched', 'ready', 'keyed', 'verified', 'confirmed'];
  const rest = all.filter((key) => !done.some((past) => past.key === key));
  return [...done, ...rest.map((key, i) => step(key, i === 0 ? 'now' : 'next'))];
}

/** Days of the seller's income, newest last. */
export function incomeByDay(orders: readonly OrderRecord[], incomeOf: (order: OrderRecord) => bigint, now: Millis, days: number): readonly { readonly day: string; readonly amount: bigint }[] {
  const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const sums = new Map(Array.from({ length: days }, (_, i) => [dayOf(now - (days - 1 - i) * 86_400_000), 0n]));
  for (const order of orders) {
    if (order.state !== 'settled' || order.closed === null) continue;
    const day = dayOf(order.closed.at);
    const sum = sums.get(day);
    if (sum !== undefined) sums.set(day, sum + incomeOf(order));
  }
  return [...sums].map(([day, amount]) => ({ day, amount }));
}
