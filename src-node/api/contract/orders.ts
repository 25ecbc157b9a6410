/** Orders of both sides, with their clocks: who has to act, until when, and what happens by itself. */
import { z } from 'zod';
import type { ErrorJson } from '../../base/errors.ts';
import { addressSchema, hashSchema, procedure, type, type Address, type Amount, type Hash, type Time } from './base.ts';
import type { Proposal } from './proposal.ts';

export type OrderState = 'placing' | 'funded' | 'ready' | 'cancelling' | 'keyed' | 'settled' | 'cancelled' | 'lapsed' | 'expired' | 'fraud';

/** Where the buyer's own copy stands; `bad` names what can be proven. */
export type CopyState = 'none' | 'fetching' | 'checked' | 'waiting-key' | 'opening' | 'verified' | 'bad' | 'failed';

export interface TimelineStep {
  /** `placed`, `fetched`, `ready`, `keyed`, `verified`, `confirmed`, `withdrawn`; bad ends: `cancelled`, `lapsed`, `expired`, `fraud`. */
  readonly key: string;
  readonly state: 'done' | 'now' | 'next' | 'failed';
  readonly at: Time | null;
  readonly block: number | null;
  readonly transaction: Hash | null;
}

export interface OrderView {
  readonly id: Hash;
  readonly listing: Hash;
  readonly title: string | null;
  readonly role: 'buyer' | 'seller';
  readonly buyer: Address;
  readonly seller: Address;
  readonly price: Amount;
  readonly reserve: Amount;
  readonly state: OrderState;
  readonly placedAt: Time | null;
  readonly placedBlock: number | null;
  /** Whose turn it is; `chain`: a transaction is on its way; `anyone`: a time-out may be closed by anybody. */
  readonly turn: 'buyer' | 'seller' | 'chain' | 'anyone' | 'nobody';
  /** Block of the running deadline with the estimate of its time ("not before"). */
  readonly deadline: { readonly block: number; readonly at: Time; readonly consequence: 'lapse' | 'expire' | 'cancel' | 'seller-paid' } | null;
  readonly timeline: readonly TimelineStep[];
  readonly copy: {
    readonly state: CopyState;
    readonly chunks: number;
    readonly chunksSealed: number;
    readonly chunksVerified: number;
    readonly badChunks: readonly number[];
    readonly bytesDone: number;
    readonly bytesTotal: number;
    readonly rate: number | null;
    readonly sources: readonly { readonly scheme: string; readonly label: string; readonly bytes: number; readonly rate: number | null }[];
    readonly files: readonly { readonly path: string; readonly bytes: number }[];
    /** Where the opened files lie on this machine. */
    readonly folder: string | null;
    readonly sha256: string | null;
  };
  /** Set when a local check failed and the chain can be shown it. */
  readonly proof: { readonly kind: 'wrong-key' | 'bad-key-leaf' | 'bad-unit'; readonly chunk: number | null; readonly unit: number | null; readonly makesKeyPublic: boolean; /** The price, the allowance, and half of the rest of the reserve. */ readonly refund: Amount; readonly allowance: Amount } | null;
  readonly problem: ErrorJson | null;
  /** Actions that are possible now; the UI draws a button for each and explains the others. */
  readonly can: readonly ('cancel' | 'finalize-cancel' | 'confirm' | 'claim' | 'prove' | 'expire' | 'post-key' | 'decline' | 'withdraw' | 'retry')[];
}

export interface NeedsYou {
  readonly id: string;
  readonly key: string;
  readonly subject: { readonly kind: 'order' | 'wallet' | 'listing' | 'draft' | 'request'; readonly id: string };
  readonly title: string;
  readonly amount: Amount | null;
  readonly deadline: Time | null;
}

/** Answers orders and keeps listings open while the wallet is locked; holds only what it needs for fees. */
export interface DeliveryAccount {
  readonly seller: Address;
  readonly address: Address;
  readonly balance: Amount;
  /** Orders that the balance still answers at today's price of gas. */
  readonly answersLeft: number;
  /** Open listings that name it. */
  readonly listings: number;
  /** `locked`: after a start of the program the wallet has to be unlocked once · `unused`: no listing names it any more. */
  readonly state: 'on' | 'locked' | 'unused';
}

export interface Desk {
  readonly listings: readonly { readonly id: Hash; readonly title: string | null; readonly status: 'live' | 'closed' | 'retired'; readonly price: Amount | null; readonly openUntil: Time; readonly sales: number; readonly earned: Amount; readonly bondFree: Amount; readonly bondReserved: Amount; readonly bondLeaving: Amount; readonly bondLeavesAt: Time | null; readonly bondHasLeft: boolean; readonly totalBytes: number }[];
  readonly waiting: readonly OrderView[];
  readonly recent: readonly OrderView[];
  readonly withdrawable: Amount;
  readonly earned: Amount;
  readonly earnedByDay: readonly { readonly day: string; readonly amount: Amount }[];
  /** Whether the key of every new sale goes out by itself now, and if not, why. */
  readonly delivering: { readonly on: boolean; readonly reason: 'locked' | 'no-account' | 'no-gas' | 'gas-price' | null };
  readonly deliveryAccounts: readonly DeliveryAccount[];
  /** Sellers with a listing that names no delivery account of this wallet. */
  readonly withoutDelivery: readonly Address[];
}

const orderInput = z.object({ id: hashSchema });

export const orders = {
  list: procedure.input(z.object({ role: z.enum(['buyer', 'seller']), state: z.enum(['open', 'done', 'all']) })).output(type<readonly OrderView[]>()),
  get: procedure.input(orderInput).output(type<OrderView>()),
  needsYou: procedure.output(type<readonly NeedsYou[]>()),
  desk: procedure.output(type<Desk>()),
  /** Tries the failed step again. */
  retry: procedure.input(orderInput).output(type<OrderView>()),
  /** One transaction each. @throws ORDER_STATE when it is not possible (any more) */
  prepare: procedure
    .input(z.object({ id: hashSchema, action: z.enum(['cancel', 'finalize-cancel', 'confirm', 'claim', 'prove', 'expire', 'post-key', 'decline']) }))
    .output(type<Proposal>()),
  prepareWithdraw: procedure.input(z.object({ account: addressSchema })).output(type<Proposal>()),
  prepareListing: procedure
    .input(z.object({ id: hashSchema, action: z.enum(['open', 'close', 'retire', 'unbond', 'bond', 'take-bond']), amount: z.bigint().nonnegative().optional() }))
    .output(type<Proposal>()),
  /** `set` names the delivery account where it is missing, `replace` names a new one everywhere. @throws WALLET_LOCKED before it was ever unlocked here */
  prepareDelivery: procedure
    .input(z.object({ seller: addressSchema, action: z.enum(['top-up', 'take-back', 'set', 'replace']), account: addressSchema.optional() }))
    .output(type<Proposal>()),
};
