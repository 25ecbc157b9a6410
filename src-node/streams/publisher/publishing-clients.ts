import type { Bytes } from '../../base/bytes.ts';
import { isCoded } from '../../base/errors.ts';
import { GatewayClient, type GatewayClientModules } from '../client/gateway-client.ts';
import type { GatewayRecord } from '../stream-chain.ts';

/** To publish a stream at a gateway, one for each of its endpoints that can be used, in the order of the chain. */
export function publishingClients({ gatewayId, endpoints }: GatewayRecord, streamId: Bytes, modules: GatewayClientModules): readonly GatewayClient[] {
  return endpoints.flatMap((endpoint) => {
    try {
      return [new GatewayClient({ gatewayId, endpoint, action: 'publish', streams: [streamId], entitlement: new Uint8Array(32) }, modules)];
    } catch (error) {
      if (isCoded(error, 'BAD_ENDPOINT')) return []; // its operator wrote it; the other gateways are not touched by it
      throw error;
    }
  });
}
