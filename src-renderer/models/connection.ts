/**
 * The way to the node, whatever carries it, with reconnecting. One call at a time is one frame on the current link; while
 * there is none a call waits a little and then fails as OFFLINE.
 */
import { createORPCClient, ORPCError, type ClientContext, type ClientLink } from '@orpc/client';
import type { ApiClient } from '../../src-node/api/contract/index.ts';

/** `refused`: the node runs and this window has no session with it. */
export type ConnectionStatus = 'connecting' | 'open' | 'lost' | 'refused';

export interface Connection {
  readonly client: ApiClient;
  readonly status: () => ConnectionStatus;
  /** When the status last changed, milliseconds since the epoch. */
  readonly since: () => number;
  readonly subscribe: (listener: () => void) => () => void;
}

const WAIT_MILLIS = 10_000;

/** What a carrier reports: a new link, or that there is none. */
export class LinkSwitch implements Connection, ClientLink<ClientContext> {
  readonly client: ApiClient = createORPCClient(this);
  readonly #listeners = new Set<() => void>();
  readonly #waiting = new Set<(link: ClientLink<ClientContext>) => void>();
  #link: ClientLink<ClientContext> | null = null;
  #status: ConnectionStatus = 'connecting';
  #since = Date.now();

  readonly status = (): ConnectionStatus => this.#status;
  readonly since = (): number => this.#since;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  opened(link: ClientLink<ClientContext>): void {
    this.#link = link;
    this.#tell('open');
    for (const take of this.#waiting) take(link);
    this.#waiting.clear();
  }

  closed(status: Exclude<ConnectionStatus, 'open'>): void {
    this.#link = null;
    this.#tell(status);
  }

  async call(...args: Parameters<ClientLink<ClientContext>['call']>): Promise<unknown> {
    const link = this.#link ?? await this.#nextLink(args[2].signal);
    return await link.call(...args);
  }

  #nextLink(signal: AbortSignal | undefined): Promise<ClientLink<ClientContext>> {
    return new Promise((resolve, reject) => {
      const done = (act: () => void): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', fail);
        this.#waiting.delete(take);
        act();
      };
      const take = (link: ClientLink<ClientContext>): void => done(() => resolve(link));
      const fail = (): void => done(() => reject(offline()));
      const timer = setTimeout(fail, WAIT_MILLIS);
      signal?.addEventListener('abort', fail);
      this.#waiting.add(take);
    });
  }

  #tell(status: ConnectionStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#since = Date.now();
    for (const listener of this.#listeners) listener();
  }
}

function offline(): ORPCError<'CODED', { code: string; message: string; help: string }> {
  return new ORPCError('CODED', { data: { code: 'OFFLINE', message: 'The window has no connection to the node.', help: 'It is tried again by itself.' } });
}
