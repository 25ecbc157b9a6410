import { CodedError } from '../../base/errors.ts';
import type { GatewayEntry } from '../index/gateway-entry.ts';

/** Where a gateway listens, by its addresses on the chain. */
export interface Place {
  readonly port: number;
  readonly names: ReadonlySet<string>;
  /** TLS ends before it comes here. */
  readonly isBehindProxy: boolean;
}

/** @throws BAD_ENDPOINT */
export function placeOf({ endpoints }: GatewayEntry): Place {
  const urls = endpoints.flatMap((endpoint) => (URL.canParse(endpoint) ? [new URL(endpoint)] : []));
  const [first] = urls;
  if (first === undefined) throw new CodedError('BAD_ENDPOINT', 'The address of this gateway on the chain is not one that can be used.', { help: 'Change its address on the chain.', meta: { endpoint: (endpoints[0] ?? '').slice(0, 200) } });
  return { port: portOf(first), names: new Set(urls.map(({ hostname }) => hostname.toLowerCase())), isBehindProxy: first.protocol === 'https:' };
}

export function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
