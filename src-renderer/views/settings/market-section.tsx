/** What the program may do by itself when you buy. */
import { useTranslation } from 'react-i18next';
import { Switch } from '../../ui/switch.tsx';
import { SettingRow, useChangeSettings, type SectionProps } from './setting-row.tsx';

export function MarketSection({ status: { settings } }: SectionProps) {
  const { t } = useTranslation('settings');
  const change = useChangeSettings();
  return <SettingRow name="confirm"><Switch label={t('row.confirm.title')} checked={settings.confirmAutomatically} onChange={(confirmAutomatically) => change({ confirmAutomatically })} /></SettingRow>;
}
