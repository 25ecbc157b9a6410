/** What one ticket, one account and one address of the network may use of a gateway (docs/protocol/11 §4.13, §4.26). */
import { millis, type Clock } from '../../base/clock.ts';
import { Rate } from '../../base/rate.ts';
import type { GatewayErrorCode } from './error-codes.ts';
import { refusal, refusalUntil } from './refusal.ts';
import type { Limits } from './wire.ts';

export interface QuotaOptions {
  readonly ticket: Limits;
  readonly account: Limits;
  readonly network: Limits;
}

const MIB = 1024 * 1024;
const TICKET: Limits = { requestsPerSecond: 50, publishRecordsPerSecond: 200, publishBytesPerSecond: MIB, readBytesPerSecond: 5 * MIB, sockets: 4, peeksPerDay: 20 };

function times(limits: Limits, factor: number): Limits {
  return {
    requestsPerSecond: limits.requestsPerSecond * factor, publishRecordsPerSecond: limits.publishRecordsPerSecond * factor, publishBytesPerSecond: limits.publishBytesPerSecond * factor,
    readBytesPerSecond: limits.readBytesPerSecond * factor, sockets: limits.sockets * factor, peeksPerDay: limits.peeksPerDay,
  };
}

/** The defaults of docs/protocol/11 §4.26 for a ticket; two tickets' worth for an account, eight for a network address. */
export function quotasOf(ticket: Partial<Limits> = {}): QuotaOptions {
  const limits = { ...TICKET, ...ticket };
  return { ticket: limits, account: times(limits, 2), network: times(limits, 8) };
}

/** Who uses something; `ticket` and `account` are hex, absent before there is a ticket. */
export interface Consumer {
  readonly ticket?: string;
  readonly account?: string;
  /** Where it comes from, as `networkOf` says it. */
  readonly network?: string;
}

/** `peeksPerDay` are counted by network address only. */
export type Metered = Exclude<keyof Limits, 'sockets'>;

const CODES: Readonly<Record<Metered, GatewayErrorCode>> = {
  requestsPerSecond: 'quota_rate', publishRecordsPerSecond: 'quota_rate', publishBytesPerSecond: 'quota_bytes', readBytesPerSecond: 'quota_bytes', peeksPerDay: 'quota_peek',
};
const SECONDS_PER_DAY = 86_400;
/** Seconds' worth that may be used at once. */
const BURST_SECONDS = 2;
/** Connections that a network address may have open for each socket that it may: others carry requests. */
const CONNECTIONS_PER_SOCKET = 8;
const MAX_RATES = 50_000;

export class Quotas {
  #options: QuotaOptions;
  readonly #now: () => number;
  /** The least lately used go first; they are full again by then. */
  readonly #rates = new Map<string, Rate>();
  readonly #sockets = new Map<string, number>();

  /** @param now in milliseconds, never going back */
  constructor(options: QuotaOptions, now: () => number = () => performance.now()) {
    this.#options = options;
    this.#now = now;
  }

  get limits(): Limits {
    return this.#options.ticket;
  }

  /** Others from now on; what was used before is forgotten. */
  change(options: QuotaOptions): void {
    this.#options = options;
    this.#rates.clear();
  }

  /** Takes it from all who answer for it, or from none. @throws quota_rate, quota_bytes, quota_peek */
  use(what: Metered, amount: number, who: Consumer): void {
    const wait = this.wait(what, amount, who);
    if (wait > 0) throw refusalUntil(CODES[what], wait);
    for (const rate of this.#ratesOf(what, who)) rate.take(amount);
  }

  /** Milliseconds until `use` would do. */
  wait(what: Metered, amount: number, who: Consumer): number {
    return Math.max(0, ...this.#ratesOf(what, who).map((rate) => rate.wait(amount)));
  }

  /** Takes it when there is room; nothing when the signal aborts before. */
  async turn(what: Metered, amount: number, who: Consumer, { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal }): Promise<void> {
    while (!signal.aborted) {
      const wait = this.wait(what, amount, who);
      if (wait === 0) return this.use(what, amount, who);
      await clock.sleep(millis(wait), signal);
    }
  }

  /** @returns what gives the place back. @throws quota_sockets */
  openSocket(who: Consumer): () => void {
    return this.#open(scopesOf(who).map(([scope, name]) => [`${scope}${name}`, this.#options[scope].sockets] as const));
  }

  /** A connection, before anything came over it: those of one address of the network are counted. @returns what gives the place back. @throws quota_sockets */
  openConnection({ network = '' }: Consumer): () => void {
    return this.#open([[`connection ${network}`, CONNECTIONS_PER_SOCKET * this.#options.network.sockets]]);
  }

  #open(keys: readonly (readonly [name: string, max: number])[]): () => void {
    if (keys.some(([key, max]) => (this.#sockets.get(key) ?? 0) >= max)) throw refusal('quota_sockets');
    for (const [key] of keys) this.#sockets.set(key, (this.#sockets.get(key) ?? 0) + 1);
    return () => {
      for (const [key] of keys) {
        const left = (this.#sockets.get(key) ?? 1) - 1;
        if (left > 0) this.#sockets.set(key, left);
        else this.#sockets.delete(key);
      }
    };
  }

  /** Open now. */
  socketsOf(ticket: string): number {
    return this.#sockets.get(`ticket${ticket}`) ?? 0;
  }

  #ratesOf(what: Metered, who: Consumer): readonly Rate[] {
    return scopesOf(what === 'peeksPerDay' ? { ...(who.network === undefined ? {} : { network: who.network }) } : who).map(([scope, name]) => this.#rate(what, scope, name));
  }

  #rate(what: Metered, scope: keyof QuotaOptions, name: string): Rate {
    const key = `${what} ${scope} ${name}`;
    const limit = this.#options[scope][what];
    const known = this.#rates.get(key);
    const rate = known ?? new Rate(what === 'peeksPerDay' ? { capacity: limit, perSecond: limit / SECONDS_PER_DAY } : { capacity: limit * BURST_SECONDS, perSecond: limit }, this.#now);
    this.#rates.delete(key);
    this.#rates.set(key, rate);
    const oldest = this.#rates.size > MAX_RATES ? this.#rates.keys().next().value : undefined;
    if (oldest !== undefined) this.#rates.delete(oldest);
    return rate;
  }
}

function scopesOf(who: Consumer): (readonly [keyof QuotaOptions, string])[] {
  return (['network', 'account', 'ticket'] as const).flatMap((scope) => {
    const name = who[scope];
    return name === undefined ? [] : [[scope, name] as const];
  });
}
