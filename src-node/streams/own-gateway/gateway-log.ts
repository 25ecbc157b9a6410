/** The newest lines of the gateway for its operator, beside the program's own log. Contexts hold no secrets; addresses of the network are kept in part. */
import { millis, type Clock, type Millis } from '../../base/clock.ts';
import { isCoded } from '../../base/errors.ts';
import type { LogContext, Logger } from '../../base/logger.ts';

export interface GatewayLogLine {
  readonly at: Millis;
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

const KEPT_LINES = 200;
const MAX_LETTERS = 300;
const SHOWN_HEX = 10;
const ADDRESS_4 = /\b(\d{1,3}\.\d{1,3})\.\d{1,3}\.\d{1,3}\b/g;
const ADDRESS_6 = /\b([0-9a-f]{1,4}:[0-9a-f]{1,4}):[0-9a-f:]{2,}/gi;
const LONG_HEX = /\b(?:0x)?[0-9a-f]{40,}\b/gi;
/** Of this computer: says nothing of anybody. */
const OWN = '127.0.0.1';

export class GatewayLog implements Logger {
  readonly #clock: Clock;
  readonly #to: Logger;
  readonly #lines: GatewayLogLine[];

  constructor(modules: { readonly clock: Clock; readonly log: Logger }, lines: GatewayLogLine[] = []) {
    this.#clock = modules.clock;
    this.#to = modules.log;
    this.#lines = lines;
  }

  /** Newest last. */
  recent(limit: number): readonly GatewayLogLine[] {
    return this.#lines.slice(-limit);
  }

  debug(message: string, context?: LogContext): void {
    this.#to.debug(message, context);
  }

  info(message: string, context?: LogContext): void {
    this.#to.info(message, context);
    this.#keep('info', message, context);
  }

  warn(message: string, context?: LogContext): void {
    this.#to.warn(message, context);
    this.#keep('warn', message, context);
  }

  error(message: string, context?: LogContext, error?: unknown): void {
    this.#to.error(message, context, error);
    this.#keep('error', message, { ...context, ...(isCoded(error) ? { code: error.code } : {}) });
  }

  child(module: string): Logger {
    return new GatewayLog({ clock: this.#clock, log: this.#to.child(module) }, this.#lines);
  }

  #keep(level: GatewayLogLine['level'], message: string, context: LogContext = {}): void {
    const facts = Object.entries(context).flatMap(([name, value]) => (value === undefined || value === null ? [] : [`${name} ${String(value)}`]));
    this.#lines.push({ at: millis(this.#clock.now()), level, message: shortened([message, ...facts].join(' · ')).slice(0, MAX_LETTERS) });
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }
}

function shortened(text: string): string {
  return text
    .replace(ADDRESS_4, (whole: string, start: string) => (whole === OWN ? whole : `${start}.…`))
    .replace(ADDRESS_6, (_, start: string) => `${start}:…`)
    .replace(LONG_HEX, (hex: string) => `${hex.slice(0, SHOWN_HEX)}…`);
}
