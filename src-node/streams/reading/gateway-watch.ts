import { fromHex, toHex, type Hex } from '../../base/bytes.ts';
import { cleanText } from '../../base/clean-text.ts';
import type { Millis } from '../../base/clock.ts';
import type { StreamChain } from '../stream-chain.ts';
import type { ReadingView } from './views.ts';

/** A gateway that failed may take over again after so long. */
const FAILED_MILLIS = 60_000;

/** Which gateway a stream is read from, and which others there are. */
export class GatewayWatch {
  readonly #chain: Pick<StreamChain, 'stream' | 'gateway'>;
  readonly #failedAt = new Map<string, Millis>();
  #endpoint = '';
  #current: ReadingView['gateway'] = null;
  /** Addresses of each. */
  #others: readonly (readonly string[])[] = [];

  constructor(modules: { readonly chain: Pick<StreamChain, 'stream' | 'gateway'> }) {
    this.#chain = modules.chain;
  }

  /** Null until the chain has told its name. */
  get current(): ReadingView['gateway'] {
    return this.#current;
  }

  /** Others that could take over now. */
  ready(now: Millis): number {
    return this.#others.filter((endpoints) => endpoints.some((endpoint) => now - (this.#failedAt.get(endpoint) ?? 0) > FAILED_MILLIS)).length;
  }

  failed(endpoint: string, now: Millis): void {
    for (const [other, at] of this.#failedAt) if (now - at > FAILED_MILLIS) this.#failedAt.delete(other);
    this.#failedAt.set(endpoint, now);
  }

  /** @returns whether it is still this one when the chain has told of it */
  async connected(streamId: Hex, endpoint: string): Promise<boolean> {
    this.#current = null;
    this.#endpoint = endpoint;
    const stream = await this.#chain.stream(fromHex(streamId)).catch(() => null);
    const others: (readonly string[])[] = [];
    let found: ReadingView['gateway'] = null;
    for (const gatewayId of stream?.gateways ?? []) {
      const gateway = await this.#chain.gateway(gatewayId).catch(() => null);
      if (gateway === null) continue;
      if (found === null && gateway.endpoints.includes(endpoint)) found = { id: toHex(gatewayId), name: nameOf(endpoint) };
      else if (gateway.status === 'bonded' && gateway.endpoints.length > 0) others.push(gateway.endpoints);
    }
    if (endpoint !== this.#endpoint) return false;
    this.#current = found;
    this.#others = others;
    return true;
  }
}

/** Host and port. */
function nameOf(endpoint: string): string {
  return cleanText(URL.canParse(endpoint) ? new URL(endpoint).host : endpoint).slice(0, 80);
}
