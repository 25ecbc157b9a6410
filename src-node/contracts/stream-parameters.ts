/** Numbers that the contracts of streams are deployed with (docs/protocol/11 §4.26). They are constants of the contracts afterwards. */
import type { ChannelParameters } from './bindings/pd-channel.gen.ts';
import type { GatewayParameters } from './bindings/pd-gateway.gen.ts';
import type { StreamParameters as StreamNumbers } from './bindings/pd-stream.gen.ts';
import type { MarketChain, MarketKind } from './market-parameters.ts';

const CPC = 10n ** 18n;
const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

/** Amounts in base units, times in seconds. */
interface Numbers {
  readonly minGatewayBond: bigint;
  readonly leaveTime: number;
  readonly closeTime: number;
  /** Blocks. */
  readonly grace: number;
  readonly feeBps: number;
  readonly minEpoch: number;
  /** Of a stream's life that one checkpoint can show. */
  readonly maxGap: number;
}

const STANDARD: Numbers = { minGatewayBond: 100n * CPC, leaveTime: 7 * DAY, closeTime: DAY, grace: 20, feeBps: 50, minEpoch: MINUTE, maxGap: 90 * MINUTE };

/** Every state runs out while one looks on, and so does an epoch. */
const PRACTICE: Numbers = { ...STANDARD, minGatewayBond: 10n * CPC, leaveTime: 10 * MINUTE, closeTime: 2 * MINUTE, minEpoch: 2 };

const NUMBERS: Readonly<Record<MarketKind, Numbers>> = { standard: STANDARD, practice: PRACTICE };

export interface StreamParameters {
  readonly gateway: GatewayParameters;
  readonly stream: StreamNumbers;
  readonly channel: ChannelParameters;
}

export function streamParameters(kind: MarketKind, { chainId, genesisHash, periodMillis: periodMs }: MarketChain): StreamParameters {
  const numbers = NUMBERS[kind];
  return {
    gateway: { chainId, genesisHash, periodMs, minBond: numbers.minGatewayBond, leaveTime: numbers.leaveTime },
    stream: { chainId, minEpoch: numbers.minEpoch, maxGap: numbers.maxGap },
    channel: { chainId, genesisHash, periodMs, feeBps: numbers.feeBps, grace: numbers.grace, closeTime: numbers.closeTime },
  };
}
