import { toHex } from '../../base/bytes.ts';
import type { CodedError } from '../../base/errors.ts';
import type { GatewayEntry } from '../index/gateway-entry.ts';
import type { StreamIndex } from '../index/stream-index.ts';
import type { GatewayKeys } from '../ports.ts';
import { portOf } from './place.ts';
import { differs } from './problems.ts';
import type { RunningGateway } from './running-gateway.ts';

/** Which one it is, when there are several. */
const RANK: Readonly<Record<GatewayEntry['status'], number>> = { bonded: 0, paused: 0, leaving: 1, left: 2 };

/** The gateway that an account of this wallet has on the chain. */
export class OwnRegistration {
  readonly #keys: GatewayKeys;
  readonly #index: Pick<StreamIndex, 'gatewaysOf'>;
  #current: GatewayEntry | null = null;

  constructor(modules: { readonly keys: GatewayKeys; readonly index: Pick<StreamIndex, 'gatewaysOf'> }) {
    this.#keys = modules.keys;
    this.#index = modules.index;
  }

  /** As of the last look. */
  get current(): GatewayEntry | null {
    return this.#current;
  }

  /** Null for one that has left. */
  get serving(): GatewayEntry | null {
    return this.#current?.status === 'left' ? null : this.#current;
  }

  /** What the chain says now. @throws KEYS_STOPPED */
  async look(): Promise<void> {
    const own = (await this.#keys.accounts()).flatMap((account) => this.#index.gatewaysOf(toHex(account)));
    this.#current = own.toSorted((a, b) => RANK[a.status] - RANK[b.status] || b.createdBlock - a.createdBlock)[0] ?? null;
  }

  /** A gateway listens where the chain said when it started. */
  placeProblem({ server }: RunningGateway): CodedError | null {
    if (this.#current === null) return null;
    const { endpoints } = this.#current;
    const isThere = endpoints.some((endpoint) => URL.canParse(endpoint) && portOf(new URL(endpoint)) === server.port);
    return isThere ? null : differs(endpoints[0] ?? '', server.url);
  }
}
