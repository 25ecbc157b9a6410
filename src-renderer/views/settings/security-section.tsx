/** When the wallet locks. */
import { Lock, LockOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { duration } from '../../models/format.ts';
import { useLock } from '../../models/wallet.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { useUnlockDialog } from '../unlock/unlock-dialog.tsx';
import { SettingRow, useChangeSettings, type SectionProps } from './setting-row.tsx';

const MINUTES = [1, 5, 15, 30, 60, 240, 1440];

export function SecuritySection({ status: { settings, wallet } }: SectionProps) {
  const { t, i18n } = useTranslation('settings');
  const change = useChangeSettings();
  const lock = useLock();
  const askPassword = useUnlockDialog();
  const offered = [...new Set([...MINUTES, settings.autoLockMinutes])].toSorted((one, other) => one - other);
  return (
    <>
      <SettingRow name="autoLock">
        <Select label={t('row.autoLock.title')} hideLabel value={String(settings.autoLockMinutes)} onChange={(minutes) => change({ autoLockMinutes: Number(minutes) })} options={offered.map((minutes) => ({ value: String(minutes), label: duration(minutes * 60_000, i18n.language === 'zh' ? 'zh' : 'en') }))} />
      </SettingRow>
      <SettingRow name={wallet === 'unlocked' ? 'unlocked' : 'locked'}>
        {wallet === 'unlocked' ? <Button icon={<Lock aria-hidden />} busy={lock.isPending ? t('locking') : false} onClick={() => lock.mutate(undefined)}>{t('lock')}</Button> : <Button icon={<LockOpen aria-hidden />} onClick={askPassword}>{t('unlock')}</Button>}
      </SettingRow>
    </>
  );
}
