/** A stream as its events tell it. */
import type { Hex } from '../../base/bytes.ts';
import { seconds, type Millis, type Seconds } from '../../base/clock.ts';
import type { PDStreamEvent } from '../../contracts/bindings/pd-stream.gen.ts';
import type { StreamPlanKind, StreamStatus } from '../stream-chain.ts';
import type { Located } from './event-table.ts';

export interface StreamPlanEntry {
  readonly planId: number;
  readonly planHash: Hex;
  readonly kind: StreamPlanKind;
  /** Base units a unit. */
  readonly unitPrice: bigint;
  readonly window: number;
  readonly licenceHash: Hex;
  readonly active: boolean;
  readonly payees: readonly Hex[];
  /** In 1/10,000. */
  readonly shares: readonly number[];
}

export interface StreamEntry {
  readonly id: Hex;
  readonly owner: Hex;
  /** The owner's number of this stream. */
  readonly nonce: bigint;
  readonly publisher: Hex;
  /** The newest of the accounts that it had, that of now last. */
  readonly publishers: readonly Hex[];
  readonly status: StreamStatus;
  readonly generation: number;
  readonly epochSeconds: Seconds;
  readonly ahead: number;
  /** When epoch 0 began. */
  readonly startSeconds: Seconds;
  readonly metaHash: Hex;
  readonly metaUri: string;
  readonly gateways: readonly Hex[];
  /** The newest of those that it had too, for channels go on under theirs; a number has one plan that can be offered. */
  readonly plans: readonly StreamPlanEntry[];
  readonly createdBlock: number;
  readonly createdAt: Millis;
}

/** Plans of a stream, and accounts: strangers may set as many as they pay for, and each event is folded over all of them. */
const MAX_KEPT = 500;
const NO_HASH: Hex = `0x${'00'.repeat(32)}`;

export function foldStream(stream: StreamEntry | null, { event, block, at }: Located<PDStreamEvent>): StreamEntry | null {
  if (event.name === 'StreamRegistered') {
    const { stream: id, owner, nonce, publisher, epochSeconds, ahead, start } = event;
    return {
      id, owner, nonce, publisher, publishers: [publisher], ahead, status: 'registered', generation: 1, epochSeconds: seconds(epochSeconds), startSeconds: seconds(start), metaHash: NO_HASH, metaUri: '', gateways: [], plans: [],
      createdBlock: block, createdAt: at,
    };
  }
  if (stream === null) return null;
  switch (event.name) {
    case 'StreamMeta':
      return { ...stream, metaHash: event.metaHash, metaUri: event.metaUri };
    case 'PublisherSet':
      return { ...stream, publisher: event.publisher, publishers: [...stream.publishers.filter((other) => other !== event.publisher), event.publisher].slice(-MAX_KEPT) };
    case 'GenerationRaised':
      return { ...stream, generation: event.generation };
    case 'GatewaysSet':
      return { ...stream, gateways: event.gateways };
    case 'PlanSet': {
      const { planHash, plan } = event;
      const { planId, unitPrice, window, licenceHash, active, payees, shares } = plan;
      const set: StreamPlanEntry = { planId, planHash, kind: plan.kind === 'Period' ? 'period' : 'metered', unitPrice, window, licenceHash, active, payees, shares };
      const others = stream.plans.filter((other) => other.planHash !== planHash).map((other) => (other.planId === planId ? { ...other, active: false } : other));
      return { ...stream, plans: bounded([...others, set]) };
    }
    case 'StreamEnded':
      return { ...stream, status: 'ended' };
    case 'Checkpoint':
      return stream;
  }
}

/** Beyond the bound the oldest goes that is offered no more. */
function bounded(plans: readonly StreamPlanEntry[]): readonly StreamPlanEntry[] {
  if (plans.length <= MAX_KEPT) return plans;
  const gone = plans.find(({ active }) => !active) ?? plans[0];
  return plans.filter((plan) => plan !== gone);
}

/** Those that a channel can be opened on now, cheapest first. */
export function offeredPlans({ plans, status }: StreamEntry): readonly StreamPlanEntry[] {
  return status === 'ended' ? [] : plans.filter(({ active }) => active).toSorted((a, b) => (a.unitPrice < b.unitPrice ? -1 : a.unitPrice > b.unitPrice ? 1 : a.planId - b.planId));
}
