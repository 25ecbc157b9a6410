/** An action is one thing the user wanted, carried out by one or more transactions of one account. */
import type { Bytes } from '../base/bytes.ts';
import type { Millis } from '../base/clock.ts';
import type { ErrorJson } from '../base/errors.ts';

export interface PlannedCall {
  readonly to: Bytes | null;
  readonly value: bigint;
  readonly payload: Bytes;
  readonly gasLimit: bigint;
  readonly gasPrice: bigint;
}

/** Why the keys process may sign it. */
export type SigningAuthority = { readonly kind: 'sheet'; readonly proposal: string } | { readonly kind: 'mandate'; readonly id: string } | { readonly kind: 'delivery' };

export interface ActionSubject {
  readonly kind: 'listing' | 'order' | 'contracts' | 'stream' | 'channel' | 'gateway';
  readonly id: string;
}

export interface NewAction {
  /** The idempotency key: the same id never makes a second set of transactions. */
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly account: Bytes;
  readonly calls: readonly PlannedCall[];
  readonly authority: SigningAuthority;
  readonly subject: ActionSubject | null;
  /** What was not sent when this block is the head is not sent any more. */
  readonly lastBlock?: bigint;
  /** Written down under this number, which a sheet has shown, or not at all. */
  readonly nonce?: bigint;
}

/** `planned`: nonce reserved · `signed`: on disk, maybe sent · `sent` · `mined` · `final`: has a child · `dropped`: never left or refused. */
export type OutboxState = 'planned' | 'signed' | 'sent' | 'mined' | 'final' | 'dropped';

export type ReplacementPurpose = 'speed-up' | 'cancel';

/** A later transaction for the nonce of an entry: at most one of them and the first one can be mined. */
export interface Attempt {
  /** From 1; the entry's own transaction is 0. */
  readonly number: number;
  readonly purpose: ReplacementPurpose;
  readonly call: PlannedCall;
  readonly authority: SigningAuthority;
  /** `refused`: neither keys nor node took it, so the one before it still counts. */
  readonly state: 'planned' | 'signed' | 'sent' | 'refused';
  readonly raw: Bytes | null;
  readonly hash: Bytes | null;
  /** Head when it was offered to the node, or refused, for the first time; null while it cannot be public. */
  readonly offeredBlock: bigint | null;
  readonly refusal: ErrorJson | null;
}

export interface OutboxEntry {
  readonly action: string;
  readonly step: number;
  readonly account: Bytes;
  readonly nonce: bigint;
  readonly call: PlannedCall;
  readonly authority: SigningAuthority;
  readonly lastBlock: bigint | null;
  readonly state: OutboxState;
  readonly raw: Bytes | null;
  readonly hash: Bytes | null;
  /** As of an attempt. */
  readonly offeredBlock: bigint | null;
  /** By their number. */
  readonly attempts: readonly Attempt[];
  /** Number of the one that the chain took. */
  readonly minedBy: number | null;
  readonly block: bigint | null;
  readonly ok: boolean | null;
  readonly gasUsed: bigint | null;
}

export interface ActionRecord {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly account: Bytes;
  readonly createdAt: Millis;
  readonly subject: ActionSubject | null;
  readonly error: ErrorJson | null;
  readonly entries: readonly OutboxEntry[];
}
