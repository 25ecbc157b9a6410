/** What the program may do by itself when you buy and sell. */
import { useTranslation } from 'react-i18next';
import { grouped } from '../../models/format.ts';
import { Select } from '../../ui/select.tsx';
import { Switch } from '../../ui/switch.tsx';
import { SettingRow, useChangeSettings, type SectionProps } from './setting-row.tsx';

const GWEI = [20, 50, 100, 200, 500, 1000];

export function MarketSection({ status: { settings } }: SectionProps) {
  const { t } = useTranslation('settings');
  const change = useChangeSettings();
  const offered = [...new Set([...GWEI, settings.deliveryMaxGwei])].toSorted((one, other) => one - other);
  return (
    <>
      <SettingRow name="confirm"><Switch label={t('row.confirm.title')} checked={settings.confirmAutomatically} onChange={(confirmAutomatically) => change({ confirmAutomatically })} /></SettingRow>
      <SettingRow name="deliveryGas">
        <Select label={t('row.deliveryGas.title')} hideLabel value={String(settings.deliveryMaxGwei)} onChange={(gwei) => change({ deliveryMaxGwei: Number(gwei) })} options={offered.map((gwei) => ({ value: String(gwei), label: t('gwei', { price: grouped(gwei) }) }))} />
      </SettingRow>
    </>
  );
}
