import type { Millis } from '../../base/clock.ts';
import { CodedError } from '../../base/errors.ts';
import type { PublisherStatus } from '../publisher/publisher.ts';
import type { OwnRun } from './own-run.ts';
import type { PublishingStatus } from './views.ts';

export interface PublishingStateFacts {
  readonly hasEnded: boolean;
  readonly isOn: boolean;
  /** The keys process signs for it. */
  readonly isHeld: boolean;
  /** Null while the description, which names the columns, is on its way. */
  readonly published: PublisherStatus | null;
  readonly run: Pick<OwnRun, 'fault' | 'startedAt'>;
  /** When the last row came. */
  readonly lastAt: Millis | null;
}

/** A run that none of its gateways has answered for so long says so. */
const ANSWER_MILLIS = 5_000;
const SILENT_MILLIS = 30_000;
/** Of a gateway that should be taken off the list, also while others take all. */
const DISHONEST: ReadonlySet<string> = new Set(['BAD_TAIL', 'BAD_CONFLICT', 'BAD_RECEIPT', 'WRONG_GATEWAY']);

/** What the desk says of an own stream. */
export function publishingState({ hasEnded, isOn, isHeld, published, run, lastAt }: PublishingStateFacts, now: Millis): Pick<PublishingStatus, 'state' | 'problem'> {
  if (hasEnded) return { state: 'ended', problem: null };
  if (!isOn) return { state: 'off', problem: null };
  if (published === null) return { state: 'registering', problem: null };
  if (!isHeld || run.fault?.kind === 'locked') return { state: 'locked', problem: null };
  if (run.fault !== null) return { state: run.fault.kind === 'passing' ? 'silent' : 'failed', problem: run.fault.error.toJSON() };
  if (published.state === 'starting' && run.startedAt !== null && now - run.startedAt >= ANSWER_MILLIS) return { state: 'silent', problem: unanswered().toJSON() };
  const isTaken = published.gateways.some(({ fault, state }) => fault === null && state === 'sending');
  const faults = published.gateways.flatMap(({ fault }) => fault ?? []);
  const isFresh = lastAt !== null && now - lastAt < SILENT_MILLIS;
  return { state: isTaken && isFresh ? 'publishing' : 'silent', problem: faults.find(({ code }) => DISHONEST.has(code)) ?? (isTaken ? null : (faults[0] ?? null)) };
}

function unanswered(): CodedError {
  return new CodedError('GATEWAY_UNREACHABLE', 'No gateway of this stream answers now; messages are kept on this machine.', { help: 'They are sent as soon as one answers. Look at the gateways of the stream.' });
}
