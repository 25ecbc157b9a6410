/** The addresses of one gateway, for a publisher: the one that is used now, and another when nothing answers there. */
import type { Bytes } from '../../base/bytes.ts';
import { isCoded } from '../../base/errors.ts';
import { GatewayClient, type GatewayClientModules } from '../client/gateway-client.ts';
import type { StreamChain } from '../stream-chain.ts';

export interface GatewayEndpointsOptions {
  readonly gatewayId: Bytes;
  readonly streamId: Bytes;
}

export interface GatewayEndpointsModules extends GatewayClientModules {
  readonly chain: Pick<StreamChain, 'chainId' | 'genesisHash' | 'gateway'>;
}

type Clients = readonly [GatewayClient, ...GatewayClient[]];

export class GatewayEndpoints {
  readonly #options: GatewayEndpointsOptions;
  readonly #modules: GatewayEndpointsModules;
  #clients: Clients;
  #at = 0;

  private constructor(options: GatewayEndpointsOptions, modules: GatewayEndpointsModules, clients: Clients) {
    this.#options = options;
    this.#modules = modules;
    this.#clients = clients;
  }

  /** Null when the chain names no address that can be used. @throws CHAIN_UNREACHABLE */
  static async open(options: GatewayEndpointsOptions, modules: GatewayEndpointsModules): Promise<GatewayEndpoints | null> {
    const clients = await clientsOf(options, modules);
    return clients === null ? null : new GatewayEndpoints(options, modules, clients);
  }

  get client(): GatewayClient {
    return this.#clients[this.#at] ?? this.#clients[0];
  }

  get count(): number {
    return this.#clients.length;
  }

  /** Nothing answers at this one. Behind the last the chain is asked again: the gateway may have moved. */
  async next(): Promise<void> {
    this.#at = (this.#at + 1) % this.#clients.length;
    if (this.#at > 0) return;
    const now = await clientsOf(this.#options, this.#modules).catch((error: unknown) => {
      if (isCoded(error, 'CHAIN_UNREACHABLE')) return null;
      throw error;
    });
    const isSame = now?.length === this.#clients.length && now.every(({ endpoint }, i) => endpoint === this.#clients[i]?.endpoint);
    if (now !== null && !isSame) this.#clients = now;
  }
}

async function clientsOf({ gatewayId, streamId }: GatewayEndpointsOptions, modules: GatewayEndpointsModules): Promise<Clients | null> {
  const gateway = await modules.chain.gateway(gatewayId);
  const [first, ...further] = (gateway?.endpoints ?? []).flatMap((endpoint) => {
    try {
      return [new GatewayClient({ gatewayId, endpoint, action: 'publish', streams: [streamId], entitlement: new Uint8Array(32) }, modules)];
    } catch (error) {
      if (isCoded(error, 'BAD_ENDPOINT')) return []; // its operator wrote it; the other gateways are not touched by it
      throw error;
    }
  });
  return first === undefined ? null : [first, ...further];
}
