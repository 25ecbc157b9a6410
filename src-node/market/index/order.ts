/** An order as its events tell it (docs/protocol/11 §4.6). */
import type { Hex } from '../../base/bytes.ts';
import type { Millis } from '../../base/clock.ts';
import type { FraudKind, PDEscrowEvent } from '../../contracts/bindings/pd-escrow.gen.ts';
import type { Located } from './listing.ts';

export type OrderState = 'funded' | 'ready' | 'cancelling' | 'keyed' | 'settled' | 'cancelled' | 'lapsed' | 'expired' | 'fraud';

export interface OrderStep {
  readonly block: number;
  readonly at: Millis;
  readonly transaction: Hex;
}

export interface OrderRecord {
  readonly id: Hex;
  readonly listing: Hex;
  readonly buyer: Hex;
  readonly version: number;
  readonly planId: number;
  readonly price: bigint;
  readonly termsHash: Hex;
  readonly nonce: bigint;
  readonly buyerKey: { readonly x: bigint; readonly y: bigint };
  readonly state: OrderState;
  readonly reserve: bigint;
  /** Block of the deadline that runs, 0 when none does. */
  readonly deadlineBlock: number;
  readonly cancelDeadlineBlock: number;
  readonly delivery: { readonly ex: bigint; readonly ey: bigint; readonly wrapped: Hex } | null;
  readonly fraud: { readonly kind: FraudKind; readonly compensation: bigint } | null;
  readonly burnt: bigint;
  readonly placed: OrderStep;
  readonly readied: OrderStep | null;
  readonly keyed: OrderStep | null;
  readonly closed: OrderStep | null;
}

const CLOSED: Readonly<Record<string, OrderState>> = { Settled: 'settled', Cancelled: 'cancelled', Lapsed: 'lapsed', Expired: 'expired', Fraud: 'fraud' };

export function foldOrder(events: readonly Located<PDEscrowEvent>[], before: OrderRecord | null = null): OrderRecord | null {
  return events.reduce<OrderRecord | null>(applyEvent, before);
}

function applyEvent(order: OrderRecord | null, { event, block, at, transaction }: Located<PDEscrowEvent>): OrderRecord | null {
  const step = { block, at, transaction };
  if (event.name === 'OrderPlaced') {
    const { order: id, listing, buyer, version, planId, price, termsHash, nonce, bx, by, deadline } = event;
    return {
      id, listing, buyer, version, planId, price, termsHash, nonce, buyerKey: { x: bx, y: by }, state: 'funded', reserve: 0n, deadlineBlock: deadline, cancelDeadlineBlock: 0,
      delivery: null, fraud: null, burnt: 0n, placed: step, readied: null, keyed: null, closed: null,
    };
  }
  if (order === null) return null;
  switch (event.name) {
    case 'OrderReady':
      return { ...order, state: 'ready', reserve: event.reserve, deadlineBlock: event.deadline, readied: step };
    case 'CancelRequested':
      return { ...order, state: 'cancelling', cancelDeadlineBlock: event.deadline };
    case 'KeyPosted':
      return { ...order, state: 'keyed', deadlineBlock: event.deadline, cancelDeadlineBlock: 0, delivery: { ex: event.ex, ey: event.ey, wrapped: event.wrapped }, keyed: step };
    case 'FraudProven':
      return { ...order, fraud: { kind: event.kind, compensation: event.compensation } };
    case 'FeeBurnt':
      return { ...order, burnt: order.burnt + event.amount };
    case 'OrderClosed':
      return { ...order, state: CLOSED[event.state] ?? order.state, deadlineBlock: 0, cancelDeadlineBlock: 0, closed: step };
    case 'BurnSwept':
    case 'Withdrawn':
      return order;
  }
}

export function isOpen(order: OrderRecord): boolean {
  return order.closed === null;
}
