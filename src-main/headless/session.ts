/**
 * Who may talk to the headless shell: whoever has the address that was printed. Its one-time code, valid two minutes, is
 * exchanged for a cookie that scripts cannot read and other sites cannot send.
 */
import { randomBytes, timingSafeEqual, createHash } from 'node:crypto';
import type { Clock } from '../../src-node/base/clock.ts';

const CODE_LIFETIME_MILLIS = 2 * 60_000;
const MAX_SESSIONS = 64;
export const COOKIE_NAME = 'cpchain-session';

export class Sessions {
  readonly #clock: Clock;
  #code: { readonly digest: Buffer; readonly until: number } | null = null;
  /** SHA-256 of the tokens: the tokens themselves are not kept. */
  readonly #tokens = new Set<string>();

  constructor(modules: { readonly clock: Clock }) {
    this.#clock = modules.clock;
  }

  /** A fresh code; the one before is void. */
  issueCode(): string {
    const code = randomBytes(18).toString('base64url');
    this.#code = { digest: digestOf(code), until: this.#clock.now() + CODE_LIFETIME_MILLIS };
    return code;
  }

  /** Token of a new session, or null for a wrong, used or old code. */
  redeem(code: string): string | null {
    const current = this.#code;
    if (current === null || this.#clock.now() >= current.until || !timingSafeEqual(digestOf(code), current.digest)) return null;
    this.#code = null;
    const token = randomBytes(32).toString('base64url');
    const [oldest] = this.#tokens;
    if (this.#tokens.size >= MAX_SESSIONS && oldest !== undefined) this.#tokens.delete(oldest);
    this.#tokens.add(digestOf(token).toString('hex'));
    return token;
  }

  accepts(cookieHeader: string | undefined): boolean {
    const token = cookieHeader?.split(';').map((part) => part.trim().split('=')).find(([name]) => name === COOKIE_NAME)?.[1];
    return token !== undefined && this.#tokens.has(digestOf(token).toString('hex'));
  }
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
