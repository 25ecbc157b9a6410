import type { IncomingMessage } from 'node:http';
import type { Bytes } from '../../base/bytes.ts';
import { isCoded } from '../../base/errors.ts';
import { refusal, refusalUntil } from './refusal.ts';

export interface BodyBounds {
  /** Bytes of bodies that are held at once for one address of the network. */
  readonly network: number;
  /** For all. */
  readonly total: number;
}

const MIB = 1024 * 1024;
const BOUNDS: BodyBounds = { network: 16 * MIB, total: 256 * MIB };
const RETRY_MILLIS = 1000;

/** Bodies of requests, from their first byte until they are answered: what they take of the memory is bounded, however many senders there are. */
export class BodyIntake {
  readonly #bounds: BodyBounds;
  readonly #held = new Map<string, number>();
  #bytes = 0;

  constructor(bounds: BodyBounds = BOUNDS) {
    this.#bounds = bounds;
  }

  /** Held now. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * The whole body.
   * @param network as `networkOf` says it
   * @param answered aborts when its bytes are not needed any more
   * @throws body_too_large, quota_bytes, bad_request when its sender goes away
   */
  async read(request: IncomingMessage, network: string, limit: number, answered: AbortSignal): Promise<Bytes> {
    const parts: Buffer[] = [];
    let length = 0;
    answered.addEventListener('abort', () => this.#hold(network, -length), { once: true });
    try {
      // the stream stays whole when it is left, for the answer goes out over it
      for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        if (answered.aborted) throw refusal('bad_request', { why: 'body' });
        if (length + part.length > limit) throw refusal('body_too_large', { limit });
        if ((this.#held.get(network) ?? 0) + part.length > this.#bounds.network || this.#bytes + part.length > this.#bounds.total) throw refusalUntil('quota_bytes', RETRY_MILLIS);
        length += part.length;
        this.#hold(network, part.length);
        parts.push(part);
      }
    } catch (error) {
      throw isCoded(error) ? error : refusal('bad_request', { why: 'body' }, error);
    }
    return Buffer.concat(parts);
  }

  #hold(network: string, bytes: number): void {
    this.#bytes += bytes;
    const held = (this.#held.get(network) ?? 0) + bytes;
    if (held > 0) this.#held.set(network, held);
    else this.#held.delete(network);
  }
}
