/** Nonces of /v1/hello: they carry their own time and mark, so that asking for many of them fills nothing; only used ones are remembered. */
import { timingSafeEqual } from 'node:crypto';
import { asBuffer, concat, u64be, type Bytes } from '../../base/bytes.ts';
import { millis, type Clock } from '../../base/clock.ts';
import { hmacSha256, randomBytes } from '../../crypto/hash.ts';
import type { GatewayStore } from './store.ts';

const LIFE_MILLIS = 300_000;
const BODY_BYTES = 16;

export class Nonces {
  readonly #store: GatewayStore;
  readonly #clock: Clock;

  constructor(modules: { readonly store: GatewayStore; readonly clock: Clock }) {
    this.#store = modules.store;
    this.#clock = modules.clock;
  }

  /** 32 bytes: u64 time ‖ 8 random bytes ‖ 16 bytes of an HMAC. */
  draw(): Bytes {
    const body = concat(u64be(this.#clock.now()), randomBytes(8));
    return concat(body, this.#mark(body));
  }

  /** Whether it is one of this gateway's, young and not used; it is used then. */
  use(nonce: Bytes): boolean {
    const body = nonce.subarray(0, BODY_BYTES);
    if (!timingSafeEqual(nonce.subarray(BODY_BYTES), this.#mark(body))) return false;
    const until = millis(Number(asBuffer(body).readBigUInt64BE(0)) + LIFE_MILLIS);
    return this.#clock.now() <= until && this.#store.once(nonce, until);
  }

  #mark(body: Bytes): Bytes {
    return hmacSha256(this.#store.secret, Buffer.from('pd-nonce'), body).subarray(0, 32 - BODY_BYTES);
  }
}
