import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Caller } from '../protocol/caller.ts';
import { RequestRate } from '../protocol/request-rate.ts';
import type { AccessToken } from './access-token.ts';
import { shownTokens } from './shown-tokens.ts';

/** Who asks over HTTP: holders of the token share one rate, pages of one origin another, and every other connection has its own. */
export class HttpCallers {
  readonly #token: AccessToken | undefined;
  readonly #origins: ReadonlyMap<string, RequestRate>;
  readonly #holders = new RequestRate();
  readonly #connections = new WeakMap<Socket, RequestRate>();

  /** @param origins that are on the list; others are not told from each other */
  constructor(origins: Iterable<string>, token: AccessToken | undefined) {
    this.#token = token;
    this.#origins = new Map([...origins].map((origin) => [origin, new RequestRate()]));
  }

  /** Undefined for a request with a token that is not the one. */
  callerOf(request: Pick<IncomingMessage, 'headers' | 'socket'>): Caller | undefined {
    const shown = shownTokens(request);
    if (!shown.every((token) => this.#token?.accepts(token) === true)) return undefined;
    if (shown.length > 0) return { access: 'private', rate: this.#holders, session: undefined };
    return { access: 'public', rate: this.#origins.get(request.headers.origin?.toLowerCase() ?? '') ?? this.#rateOf(request.socket), session: undefined };
  }

  #rateOf(socket: Socket): RequestRate {
    const known = this.#connections.get(socket);
    if (known !== undefined) return known;
    const rate = new RequestRate();
    this.#connections.set(socket, rate);
    return rate;
  }
}
