/**
 * The sentences of a failure in the reader's language where the locale files know its code, else as the node said them. `reason` in
 * its facts chooses among the sentences of one code: "message_sale" beside "message". A sentence whose values did not come is not used.
 */
import type { i18n } from 'i18next';
import { useTranslation } from 'react-i18next';
import { errorFacts, type ErrorFacts } from '../format/error.ts';

const VALUE = /\{\{(\w+)/g;

export function useErrorText(): (error: unknown) => ErrorFacts {
  const { i18n } = useTranslation('error');
  return (error) => errorText(i18n, error);
}

export function errorText(i18n: i18n, error: unknown): ErrorFacts {
  const facts = errorFacts(error);
  const { reason } = facts.meta;
  const options = { ns: 'error', ...facts.meta, ...(typeof reason === 'string' ? { context: reason } : {}) };
  const known = (key: string): string | null => {
    if (!i18n.exists(key, options)) return null;
    const values = i18n.t(key, { ...options, skipInterpolation: true }).matchAll(VALUE);
    return [...values].every(([, name = '']) => name in facts.meta) ? i18n.t(key, options) : null;
  };
  return {
    ...facts,
    message: known(`${facts.code}.message`) ?? (facts.message === '' ? i18n.t('UNKNOWN.message', { ns: 'error' }) : facts.message),
    help: known(`${facts.code}.help`) ?? facts.help,
  };
}
