/** A place is tested by what it will be used for: a random object goes there and comes back. */
import { equal, hexOf } from '../base/bytes.ts';
import { systemClock } from '../base/clock.ts';
import { CodedError, isCoded } from '../base/errors.ts';
import { randomBytes, sha256 } from '../crypto/hash.ts';
import type { Connector, ConnectorTest } from './connector.ts';

const PROBE_BYTES = 1024;

export async function probe(connector: Pick<Connector, 'put' | 'get'>): Promise<ConnectorTest> {
  const object = randomBytes(PROBE_BYTES);
  const start = systemClock.now();
  const latency = (): number => systemClock.now() - start;
  try {
    const back = await connector.get(await connector.put(hexOf(sha256(object)), object), PROBE_BYTES);
    if (!equal(back, object)) throw new CodedError('PLACE_CHANGES', 'The place gave back something else than was stored.', { help: 'Leave it out, or check its disk.' });
    return { ok: true, latencyMillis: latency(), problem: null };
  } catch (error) {
    return { ok: false, latencyMillis: latency(), problem: isCoded(error) ? error.toJSON() : null };
  }
}
