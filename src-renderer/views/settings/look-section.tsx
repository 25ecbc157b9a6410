/** Theme, density, language, motion. */
import { useTranslation } from 'react-i18next';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { Switch } from '../../ui/switch.tsx';
import { SettingRow, useChangeSettings, type SectionProps } from './setting-row.tsx';

export function LookSection({ status: { settings } }: SectionProps) {
  const { t } = useTranslation('settings');
  const change = useChangeSettings();
  return (
    <>
      <SettingRow name="theme"><Segmented label={t('row.theme.title')} value={settings.theme} onChange={(theme) => change({ theme })} options={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`theme.${value}`) }))} /></SettingRow>
      <SettingRow name="density"><Segmented label={t('row.density.title')} value={settings.density} onChange={(density) => change({ density })} options={(['comfortable', 'compact'] as const).map((value) => ({ value, label: t(`density.${value}`) }))} /></SettingRow>
      <SettingRow name="language"><Select label={t('row.language.title')} hideLabel value={settings.language} onChange={(language) => change({ language })} options={[{ value: 'system', label: t('language.system') }, { value: 'en', label: 'English' }, { value: 'zh', label: '中文' }]} /></SettingRow>
      <SettingRow name="moveLess"><Switch label={t('row.moveLess.title')} checked={settings.moveLess} onChange={(moveLess) => change({ moveLess })} /></SettingRow>
    </>
  );
}
