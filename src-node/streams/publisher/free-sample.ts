/** Makes the key of an epoch public when it has been over for long enough. */
import { toMillis, type Clock, type Millis } from '../../base/clock.ts';
import { isCoded } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { epochAt } from '../format/ggm.ts';
import type { StreamRecord } from '../stream-chain.ts';
import type { GatewayLink } from './gateway-link.ts';
import type { PublisherKeys } from './keys.ts';

export interface FreeSampleModules {
  readonly keys: PublisherKeys;
  readonly clock: Clock;
  readonly log: Logger;
}

export class FreeSample {
  readonly #delayMillis: Millis;
  readonly #modules: FreeSampleModules;
  /** Newest epoch that each gateway gives to everybody. */
  readonly #given = new WeakMap<GatewayLink, number>();

  constructor(options: { readonly delayMillis: Millis }, modules: FreeSampleModules) {
    this.#delayMillis = options.delayMillis;
    this.#modules = modules;
  }

  /** The newest epoch that has been over for long enough. A gateway that refuses is asked again with the next call. */
  async give({ streamId, generation, startSeconds, epochSeconds }: StreamRecord, link: GatewayLink, signal: AbortSignal): Promise<void> {
    const { keys, clock, log } = this.#modules;
    const at = clock.now() - this.#delayMillis - toMillis(epochSeconds);
    if (at < toMillis(startSeconds)) return;
    const epoch = epochAt(at, toMillis(startSeconds), toMillis(epochSeconds));
    if (epoch <= (this.#given.get(link) ?? -1)) return;
    try {
      await link.client.putPeekKey(streamId, { generation, epoch, nodes: [...(await keys.nodes(generation, epoch, epoch))] }, signal);
      this.#given.set(link, epoch);
    } catch (error) {
      if (signal.aborted) return;
      if (!isCoded(error)) throw error;
      log.warn('a gateway did not take the key of the free sample', { gateway: link.client.endpoint, code: error.code });
    }
  }
}
