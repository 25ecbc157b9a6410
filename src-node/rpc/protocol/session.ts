import { randomBytes } from '../../crypto/hash.ts';
import { hexOf } from '../../base/bytes.ts';
import { rpcError } from './errors.ts';
import { jsonText } from './json.ts';

/** Subscriptions of one connection. */
const MAX_SUBSCRIPTIONS = 100;

/** Identifier of a filter or subscription: up to 16 random bytes, without leading zeros. */
export function newIdentifier(): string {
  return `0x${hexOf(randomBytes(16)).replace(/^0+/, '')}`;
}

/** A connection that notifications can be sent over. */
export class Session {
  readonly #send: (text: string) => void;
  readonly #subscriptions = new Map<string, () => void>();
  readonly #closed = new AbortController();

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  /** Aborts when the connection ends. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Starts a subscription; `start` gets what sends a notification and gives what ends it. @returns its identifier @throws CALL_FAILED */
  subscribe(start: (notify: (result: unknown) => void) => () => void, namespace = 'eth'): string {
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS) throw rpcError('CALL_FAILED', 'too many subscriptions');
    const subscription = newIdentifier();
    const notify = (result: unknown): void => {
      this.#send(`${jsonText({ jsonrpc: '2.0', method: `${namespace}_subscription`, params: { subscription, result } })}\n`);
    };
    this.#subscriptions.set(subscription, start(notify));
    return subscription;
  }

  /** @returns whether there was such a subscription */
  unsubscribe(subscription: string): boolean {
    this.#subscriptions.get(subscription)?.();
    return this.#subscriptions.delete(subscription);
  }

  close(): void {
    this.#closed.abort();
    for (const stop of this.#subscriptions.values()) stop();
    this.#subscriptions.clear();
  }
}

/** @throws CALL_FAILED over HTTP, where nothing can be told later */
export function connected(session: Session | undefined): Session {
  if (session === undefined) throw rpcError('CALL_FAILED', 'notifications not supported');
  return session;
}
