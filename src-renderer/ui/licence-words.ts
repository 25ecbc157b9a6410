/** Licences in the reader's language: the name of a template, and what it grants and limits. The text itself is never translated. */
import { useTranslation } from 'react-i18next';

export interface LicenceWords {
  /** `fallback` for a licence that is none of the templates. */
  readonly titleOf: (id: string | undefined, fallback: string) => string;
  readonly summaryOf: (licence: { readonly grants: readonly string[]; readonly limits: readonly string[] }) => string;
}

export function useLicenceWords(): LicenceWords {
  const { t } = useTranslation('licence');
  const listOf = (group: 'grant' | 'limit', keys: readonly string[]): string => keys.map((key) => t(`${group}.${key}`)).join(t('and'));
  return {
    titleOf: (id, fallback) => (id === undefined ? fallback : t(`title.${id}`, { defaultValue: fallback })),
    summaryOf: ({ grants, limits }) => t('summary', { grants: listOf('grant', grants), limits: listOf('limit', limits) }),
  };
}
