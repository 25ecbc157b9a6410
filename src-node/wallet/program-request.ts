/** What another program on this computer asks of the wallet; a person decides in the window (docs/protocol/05 §11). */
import type { Bytes } from '../base/bytes.ts';
import type { Millis } from '../base/clock.ts';

/** How it reached the node: `http` with the node's token, over HTTP or WebSocket · `socket` of this user. It says nothing of who asks. */
export type ProgramLink = 'http' | 'socket';

/** A connection that asks. */
export interface Asker {
  readonly link: ProgramLink;
  /** Aborts when the connection ends; the same for all that one connection asks. */
  readonly closed: AbortSignal;
}

export interface AskedTransaction {
  readonly kind: 'transaction';
  readonly account: Bytes;
  /** Null creates a contract. */
  readonly to: Bytes | null;
  /** Base units. */
  readonly value: bigint;
  readonly payload: Bytes;
  /** Undefined: what it takes is found out. */
  readonly gasLimit: bigint | undefined;
  /** Base units per gas; undefined for what the network asks. */
  readonly gasPrice: bigint | undefined;
  /** Undefined for the next one; another one is refused. */
  readonly nonce: bigint | undefined;
}

export interface AskedSignature {
  readonly kind: 'message';
  readonly account: Bytes;
  readonly message: Bytes;
}

export type Asked = AskedTransaction | AskedSignature;

/** One that waits for the person. */
export interface ProgramRequest {
  readonly id: string;
  readonly asked: Asked;
  readonly link: ProgramLink;
  /** The same was asked before and waited when this came: signing both does it twice. */
  readonly isRepeated: boolean;
  readonly askedAt: Millis;
  /** Nobody waits for it any more then. */
  readonly expiresAt: Millis;
}
