/** What can be delivered and not yet paid, or paid and not yet delivered: the most that one side can lose (docs/protocol/11 §4.11, §4.12). */
import type { StreamEntry, StreamPlanEntry } from './index/stream-entry.ts';

export interface PlanWindow {
  /** Messages, or seconds. */
  readonly units: number;
  /** Base units. */
  readonly amount: bigint;
}

/** By message, what the plan says; by time, the epochs whose keys are handed out at once. */
export function planWindow({ ahead, epochSeconds }: Pick<StreamEntry, 'ahead' | 'epochSeconds'>, { kind, window, unitPrice }: Pick<StreamPlanEntry, 'kind' | 'window' | 'unitPrice'>): PlanWindow {
  const units = kind === 'metered' ? window : (ahead + 1) * epochSeconds;
  return { units, amount: BigInt(units) * unitPrice };
}
