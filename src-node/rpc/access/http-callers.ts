import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { Allowance, STRANGERS_BUDGET } from '../protocol/allowance.ts';
import type { Caller } from '../protocol/caller.ts';
import type { Access } from '../protocol/method.ts';
import { WorkBudget } from '../protocol/work-budget.ts';
import type { AccessToken } from './access-token.ts';
import { shownTokens } from './shown-tokens.ts';

/** Who asks over HTTP: holders of the token share one allowance, pages of one origin another, and every other connection has its own. */
export class HttpCallers {
  readonly #token: AccessToken | undefined;
  readonly #origins: ReadonlyMap<string, Allowance>;
  readonly #holders = new Allowance();
  readonly #strangers = new WorkBudget(STRANGERS_BUDGET);
  readonly #connections = new WeakMap<Socket, Allowance>();

  /** @param origins that are on the list; others are not told from each other */
  constructor(origins: Iterable<string>, token: AccessToken | undefined) {
    this.#token = token;
    this.#origins = new Map([...origins].map((origin) => [origin, new Allowance()]));
  }

  /** Undefined for a request with a token that is not the one. */
  callerOf(request: Pick<IncomingMessage, 'headers' | 'socket'>): Omit<Caller, 'link' | 'closed'> | undefined {
    const shown = shownTokens(request);
    if (!shown.every((token) => this.#token?.accepts(token) === true)) return undefined;
    if (shown.length > 0) return { access: 'private', allowance: this.#holders, session: undefined };
    return { access: 'public', allowance: this.#origins.get(request.headers.origin?.toLowerCase() ?? '') ?? this.#allowanceOf(request.socket), session: undefined };
  }

  /** Of a connection that is counted by itself. */
  allowanceFor(access: Access): Allowance {
    return access === 'private' ? new Allowance() : new Allowance({ group: this.#strangers });
  }

  #allowanceOf(socket: Socket): Allowance {
    const known = this.#connections.get(socket);
    if (known !== undefined) return known;
    const allowance = this.allowanceFor('public');
    this.#connections.set(socket, allowance);
    return allowance;
  }
}
