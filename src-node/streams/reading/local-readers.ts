/** Lets other programs of this computer read along: one endpoint on loopback, and tickets for a day that are kept as hashes in memory only. */
import { fromHex, toHex, type Bytes, type Hex } from '../../base/bytes.ts';
import { millis, type Clock, type Millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { randomBytes, sha256 } from '../../crypto/hash.ts';
import { LocalEndpoint, type RowWindow } from '../client/local-endpoint.ts';
import { snippetsOf, type Snippets } from '../client/snippets.ts';

export interface LocalReadersModules {
  /** What is kept of a stream that is read now and was asked for by a ticket; null for others. */
  readonly rows: (streamId: Bytes) => RowWindow | null;
  readonly clock: Clock;
  readonly log: Logger;
}

const TICKET_MILLIS = 86_400_000;
/** The oldest go. */
const MAX_TICKETS = 64;

export class LocalReaders {
  readonly #port: number;
  readonly #modules: LocalReadersModules;
  /** When they end, by the SHA-256 of the ticket. */
  readonly #tickets = new Map<Hex, Millis>();
  #endpoint: Promise<LocalEndpoint> | null = null;

  /** @param options.port on 127.0.0.1; 0: any that is free */
  constructor(options: { readonly port: number }, modules: LocalReadersModules) {
    this.#port = options.port;
    this.#modules = modules;
  }

  /** @throws LOCAL_GATEWAY_OFF */
  async snippets(streamId: Hex): Promise<Snippets & { readonly endpoint: string }> {
    const { port } = await this.#started();
    return { endpoint: `http://127.0.0.1:${port}/v1`, ...snippetsOf({ streamId: fromHex(streamId), port }) };
  }

  /** @throws LOCAL_GATEWAY_OFF */
  async ticket(): Promise<{ readonly ticket: string; readonly endsAt: Millis }> {
    await this.#started();
    const ticket = Buffer.from(randomBytes(32)).toString('base64url');
    const endsAt = millis(this.#modules.clock.now() + TICKET_MILLIS);
    this.#tickets.set(nameOf(ticket), endsAt);
    const [oldest] = this.#tickets.keys();
    if (this.#tickets.size > MAX_TICKETS && oldest !== undefined) this.#tickets.delete(oldest);
    return { ticket, endsAt };
  }

  async close(): Promise<void> {
    await (await this.#endpoint?.catch(() => null))?.close();
  }

  #started(): Promise<LocalEndpoint> {
    this.#endpoint ??= LocalEndpoint.start({ port: this.#port, token: (token) => (this.#tickets.get(nameOf(token)) ?? 0) > this.#modules.clock.now() }, this.#modules).catch((error: unknown) => {
      this.#endpoint = null;
      throw new CodedError('LOCAL_GATEWAY_OFF', `Other programs cannot be served: port ${this.#port} of this computer is taken.`, { help: 'Close the program that uses it, then try again.', meta: { port: this.#port }, cause: error });
    });
    return this.#endpoint;
  }
}

function nameOf(ticket: string): Hex {
  return toHex(sha256(Buffer.from(ticket)));
}
