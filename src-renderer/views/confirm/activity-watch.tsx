/** Follows one signed act to its end and says so, unless the sheet that shows it is still open. */
import { useEffect, useRef } from 'react';
import type { Activity, Proposal } from '../../../src-node/api/contract/index.ts';
import { hasEnded, useActivity } from '../../models/activity.ts';
import { toast } from '../../ui/toast.ts';
import { useOutcome } from './use-outcome.ts';

export interface ActivityWatchProps {
  readonly started: Activity;
  readonly proposal: Proposal;
  readonly quiet: boolean;
  readonly onEnded: (activity: Activity) => void;
}

export function ActivityWatch({ started, proposal, quiet, onEnded }: ActivityWatchProps) {
  const outcome = useOutcome();
  const activity = useActivity(started) ?? started;
  const told = useRef(false);
  useEffect(() => {
    if (!hasEnded(activity) || told.current) return;
    told.current = true;
    if (!quiet) {
      const { title, ...rest } = outcome(activity, proposal);
      toast(title, rest);
    }
    onEnded(activity);
  }, [activity, proposal, quiet, onEnded, outcome]);
  return null;
}
