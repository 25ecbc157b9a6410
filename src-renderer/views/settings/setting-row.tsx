/** One setting: its name, what it does, its control. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppStatus, Settings } from '../../../src-node/api/contract/index.ts';
import { useSaveSettings } from '../../models/app.ts';
import { useErrorText } from '../../ui/error-text.ts';
import { toast } from '../../ui/toast.ts';

/** What every section gets. */
export interface SectionProps {
  readonly status: AppStatus;
}

export interface SettingRowProps {
  /** `settings.row.<name>.title|text` */
  readonly name: string;
  readonly children: ReactNode;
}

export function SettingRow({ name, children }: SettingRowProps) {
  const { t } = useTranslation('settings');
  return (
    <div className="setting-row">
      <div className="grow"><p className="t-medium">{t(`row.${name}.title`)}</p><p className="t-small c-3">{t(`row.${name}.text`)}</p></div>
      <div className="setting-row__control">{children}</div>
    </div>
  );
}

/** Saves at once and says so where it failed. */
export function useChangeSettings(): (settings: Partial<Settings>) => void {
  const save = useSaveSettings();
  const errorText = useErrorText();
  return (settings) => save.mutate(settings, { onError: (error) => toast(errorText(error).message, { tone: 'bad' }) });
}
