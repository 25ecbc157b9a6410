/** Staking: the rnode contract (docs/protocol/09 §2). Election and proposing are not part of this release. */
import { z } from 'zod';
import { addressSchema, procedure, type, type Address, type Amount, type Time } from './base.ts';
import type { Proposal } from './proposal.ts';

export interface RNodeMember {
  readonly address: Address;
  readonly name: string | null;
  readonly deposit: Amount;
  readonly lockedAt: Time;
  readonly lockEndsAt: Time;
  readonly mine: boolean;
}

export interface RNodeView {
  /** `missing`: no rnode contract at the network's address. */
  readonly state: 'ready' | 'missing' | 'offline';
  readonly contract: Address | null;
  readonly threshold: Amount | null;
  readonly lockMillis: number | null;
  readonly enabled: boolean;
  readonly members: readonly RNodeMember[];
}

export const rnode = {
  view: procedure.output(type<RNodeView>()),
  /** @throws INSUFFICIENT_FUNDS, ALREADY_RNODE */
  prepareJoin: procedure.input(z.object({ account: addressSchema })).output(type<Proposal>()),
  /** @throws LOCK_NOT_OVER (meta.lockEndsAt), NOT_RNODE */
  prepareQuit: procedure.input(z.object({ account: addressSchema })).output(type<Proposal>()),
};
