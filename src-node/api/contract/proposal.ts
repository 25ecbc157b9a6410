/**
 * Everything that signs goes one way: a `prepare…` procedure simulates it and returns a proposal, the confirm sheet shows the
 * proposal, `actions.confirm` signs exactly that. Confirming twice pays once: the proposal's id is the idempotency key.
 */
import { z } from 'zod';
import type { ErrorJson } from '../../base/errors.ts';
import { idSchema, passwordSchema, procedure, type, type Address, type Amount, type Hash, type Time } from './base.ts';

export type ActionKind =
  | 'send' | 'deploy-market' | 'publish' | 'open-until' | 'retire' | 'unbond' | 'bond' | 'take-bond'
  | 'delivery-set' | 'delivery-top-up' | 'delivery-take-back'
  | 'buy' | 'cancel-order' | 'finalize-cancel' | 'confirm-order' | 'claim' | 'prove' | 'expire' | 'withdraw' | 'post-key' | 'decline'
  | 'rnode-join' | 'rnode-quit'
  | 'deploy-streams' | 'subscribe' | 'channel-top-up' | 'channel-close' | 'channel-take-back'
  | 'stream-create' | 'stream-gateways' | 'stream-generation' | 'stream-end' | 'stream-redeem' | 'stream-checkpoint'
  | 'gateway-register' | 'gateway-endpoints' | 'gateway-pause' | 'gateway-resume' | 'gateway-leave' | 'gateway-take-bond'
  | 'program' /* another program asked for it */;

/** They take the place of what an action sent, and come to what that action comes to. */
export type Replacement = 'speed-up' | 'cancel';

export interface BalanceChange {
  readonly account: Address;
  readonly accountName: string | null;
  /** Negative leaves the account. */
  readonly amount: bigint;
  readonly reason: 'value' | 'price' | 'bond' | 'deposit' | 'refund' | 'earnings' | 'delivery' | 'fee-at-most';
}

/** One field of the call in words: `key` names the label in the locale files (`sheet.field.<key>`). */
export interface SheetField {
  readonly key: string;
  readonly value: { readonly kind: 'address'; readonly address: Address; readonly name: string | null }
    | { readonly kind: 'amount'; readonly amount: Amount }
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'licence'; readonly id: string }
    | { readonly kind: 'hash'; readonly hash: Hash }
    | { readonly kind: 'duration'; readonly millis: number }
    | { readonly kind: 'count'; readonly count: number };
}

export interface ProposedCall {
  readonly to: Address | null;
  readonly contract: string | null;
  readonly method: string | null;
  /** Of a method that the program knows: names and values, in their order. */
  readonly arguments: readonly { readonly name: string; readonly value: string }[];
  readonly value: Amount;
  readonly gasLimit: number;
  readonly gasEstimate: number;
  readonly gasPrice: Amount;
  readonly dataHex: string;
}

export interface Proposal {
  readonly id: string;
  readonly kind: ActionKind | Replacement;
  readonly from: Address;
  readonly fromName: string | null;
  readonly calls: readonly ProposedCall[];
  readonly changes: readonly BalanceChange[];
  readonly fields: readonly SheetField[];
  /** Keys of sentences in the locale files (`sheet.worst.<key>`) with their values: what happens in each bad case, what becomes public. */
  readonly notes: readonly { readonly key: string; readonly tone: 'info' | 'warn'; readonly values: Readonly<Record<string, string | number | bigint>> }[];
  /** Sum that leaves `from` at most: value plus fee. */
  readonly totalAtMost: Amount;
  readonly feeAtMost: Amount;
  readonly balance: Amount;
  /** The mandate that this signature also gives, in words (decides what `keys` may sign later by itself), or null. */
  readonly mandate: { readonly methods: readonly string[]; readonly maxFee: Amount; readonly until: Time } | null;
  readonly simulatedOnBlock: number;
  readonly expiresAt: Time;
}

export type ActivityState =
  | 'waiting' /* signed and written down, not yet handed to the pool */
  | 'sent'
  | 'replaced' /* sent again at a higher price */
  | 'cancelling' /* a transaction of nothing is sent in its place */
  | 'mined' | 'final' | 'failed'
  | 'cancelled' /* for good, for the fee */;

export interface Activity {
  readonly id: string;
  readonly kind: ActionKind | 'mandate';
  readonly title: string;
  readonly from: Address;
  readonly state: ActivityState;
  readonly transactions: readonly { readonly hash: Hash; readonly nonce: number; readonly block: number | null; readonly status: 'ok' | 'failed' | null; readonly fee: Amount | null }[];
  readonly createdAt: Time;
  /** It was to be cancelled, and a block had it before that. */
  readonly tooLateToCancel: boolean;
  readonly error: ErrorJson | null;
  /** What it made, to open next. */
  readonly subject: { readonly kind: 'listing' | 'order' | 'contracts' | 'stream' | 'channel' | 'gateway'; readonly id: string } | null;
}

export const actions = {
  /** Signs and sends. Needs an unlocked wallet, or the password. @throws PROPOSAL_EXPIRED, WALLET_LOCKED, WRONG_PASSWORD, INSUFFICIENT_FUNDS, SIMULATION_CHANGED */
  confirm: procedure.input(z.object({ id: idSchema, password: passwordSchema.optional() })).output(type<Activity>()),
  get: procedure.input(z.object({ id: idSchema })).output(type<Activity>()),
  list: procedure.input(z.object({ limit: z.number().int().min(1).max(200) })).output(type<readonly Activity[]>()),
};
