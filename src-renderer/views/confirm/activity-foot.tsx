/** Closing the sheet changes nothing: what was signed goes on. */
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Activity } from '../../../src-node/api/contract/index.ts';
import { activityPath, hasEnded } from '../../models/activity.ts';
import { Button } from '../../ui/button.tsx';

export function ActivityFoot({ activity, onClose }: { readonly activity: Activity; readonly onClose: () => void }) {
  const { t } = useTranslation('sheet');
  const navigate = useNavigate();
  const { subject } = activity;
  const open = (): void => {
    onClose();
    void navigate(activityPath(activity));
  };
  const canOpen = subject !== null && subject.kind !== 'contracts' && activity.state !== 'failed';
  return (
    <>
      <span className="t-small c-3">{hasEnded(activity) ? '' : t('goes_on')}</span>
      <Button size="large" variant={canOpen ? 'plain' : 'ink'} onClick={onClose}>{t('close')}</Button>
      {canOpen && <Button size="large" variant="ink" onClick={open}>{t(`open.${subject.kind}`)}</Button>}
    </>
  );
}
