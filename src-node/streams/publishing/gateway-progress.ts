/** How far the gateways of a stream have what this machine published. */
import type { Hex } from '../../base/bytes.ts';
import type { LinkStatus } from '../publisher/gateway-link.ts';
import type { GatewayProgress } from './views.ts';

/** Of each gateway that the stream names. @param links of the run that goes on; none while there is none */
export function gatewayProgress(gateways: readonly Hex[], links: readonly LinkStatus[], isRunning: boolean): readonly GatewayProgress[] {
  return gateways.map((gateway) => {
    const link = links.find(({ gatewayId }) => gatewayId === gateway);
    return { gateway, acknowledgedSeq: link?.acknowledgedSeq === null || link === undefined ? null : Number(link.acknowledgedSeq), connected: isRunning && link?.state === 'sending' };
  });
}

/** Newest message that any of them has. */
export function newestAcknowledged(links: readonly LinkStatus[]): bigint | null {
  return links.flatMap(({ acknowledgedSeq }) => acknowledgedSeq ?? []).reduce<bigint | null>((newest, seq) => (newest === null || seq > newest ? seq : newest), null);
}
