/** Follows one signed act to its end and says so, unless the sheet that shows it is still open. */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Activity } from '../../../src-node/api/contract/index.ts';
import { hasEnded, useActivity } from '../../models/activity.ts';
import { toast } from '../../ui/toast.ts';

export interface ActivityWatchProps {
  readonly started: Activity;
  readonly quiet: boolean;
  readonly onEnded: (activity: Activity) => void;
}

export function ActivityWatch({ started, quiet, onEnded }: ActivityWatchProps) {
  const { t } = useTranslation('sheet');
  const activity = useActivity(started) ?? started;
  const told = useRef(false);
  useEffect(() => {
    if (!hasEnded(activity) || told.current) return;
    told.current = true;
    if (!quiet) toast(t(`kind.${activity.kind}.title`), { tone: activity.state === 'final' ? 'ok' : 'bad', text: t(`state.${activity.state}`) });
    onEnded(activity);
  }, [activity, quiet, onEnded, t]);
  return null;
}
