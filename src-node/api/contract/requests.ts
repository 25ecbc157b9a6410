/** What other programs on this computer ask over JSON-RPC: shown at once, signed or declined by a person. */
import { z } from 'zod';
import { idSchema, passwordSchema, procedure, type, type Address, type Amount, type Time } from './base.ts';
import type { Proposal } from './proposal.ts';

export interface ProgramRequest {
  readonly id: string;
  /** How it came: with this node's token over HTTP or WebSocket, or over the socket of this user. Who asks is not known. */
  readonly link: 'http' | 'socket';
  readonly account: Address;
  readonly accountName: string | null;
  readonly what:
    | { readonly kind: 'transaction'; readonly to: Address | null; readonly toName: string | null; readonly amount: Amount; readonly dataBytes: number }
    /** `text` is null for bytes that are no readable text. */
    | { readonly kind: 'message'; readonly text: string | null; readonly hex: string; readonly bytes: number };
  /** The same was asked before and waited when this came. */
  readonly isRepeated: boolean;
  readonly askedAt: Time;
  /** The program does not wait longer. */
  readonly expiresAt: Time;
}

const one = z.object({ id: idSchema });

export const requests = {
  /** Oldest first. */
  list: procedure.output(type<readonly ProgramRequest[]>()),
  /** The sheet of a transaction, to be confirmed with `actions.confirm`. @throws REQUEST_WITHDRAWN, NONCE_NOT_NEXT, INSUFFICIENT_FUNDS, or what the contract would refuse with */
  prepare: procedure.input(one).output(type<Proposal>()),
  /** Signs a message. Needs an unlocked wallet, or the password. @throws REQUEST_WITHDRAWN, WALLET_LOCKED, WRONG_PASSWORD */
  signMessage: procedure.input(z.object({ id: idSchema, password: passwordSchema.optional() })).output(type<{ readonly signed: true }>()),
  /** @throws REQUEST_WITHDRAWN */
  decline: procedure.input(one).output(type<{ readonly declined: true }>()),
};
