/** What goes wrong in a simulation and when: follows from its seed. */
import { Random } from '../fuzz/random.ts';

export const FAULTS = ['kill', 'pause', 'drop', 'stall'] as const;
/** `kill`: the process dies. `pause`: it stands still. `drop`, `stall`: it is cut off (tcp-proxy.ts). */
export type Fault = (typeof FAULTS)[number];

export interface Round {
  readonly broker: number;
  readonly brokerFault: Fault;
  readonly gateway: number;
  readonly gatewayFault: Fault;
  /** Of a publisher that dies and begins again meanwhile. */
  readonly publisher: number | null;
  readonly faultMillis: number;
  readonly calmMillis: number;
  /** Whether the log forgets its beginning afterwards, while this reader is away. */
  readonly forgetFor: number | null;
}

export interface NemesisOptions {
  readonly seed: number;
  readonly brokers: number;
  readonly gateways: number;
  readonly publishers: number;
  readonly readers: number;
}

/** After so many rounds of each. */
const FORGET_EVERY = 4;

export function* rounds({ seed, brokers, gateways, publishers, readers }: NemesisOptions): Generator<Round, never> {
  const random = new Random(seed);
  const decks = { broker: [] as Fault[], gateway: [] as Fault[] };
  // each fault comes before one comes again
  const draw = (deck: Fault[]): Fault => {
    if (deck.length === 0) for (const fault of FAULTS) deck.splice(random.below(deck.length + 1), 0, fault);
    return deck.pop() ?? 'kill';
  };
  for (let number = 1; ; number++) {
    yield {
      broker: random.below(Math.max(1, brokers)), brokerFault: draw(decks.broker),
      gateway: random.below(gateways), gatewayFault: draw(decks.gateway),
      publisher: number % 2 === 0 ? random.below(publishers) : null,
      faultMillis: 2500 + random.below(2000), calmMillis: 1500 + random.below(1500),
      forgetFor: number % FORGET_EVERY === 2 && readers > 1 ? random.below(readers) : null,
    };
  }
}
