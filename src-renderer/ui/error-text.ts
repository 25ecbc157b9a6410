/** The sentences of a failure in the reader's language where the locale files know its code, else as the node said them. */
import { useTranslation } from 'react-i18next';
import { errorFacts, type ErrorFacts } from '../format/error.ts';

export function useErrorText(): (error: unknown) => ErrorFacts {
  const { t, i18n } = useTranslation('error');
  return (error) => {
    const facts = errorFacts(error);
    const known = (part: 'message' | 'help'): string | null => {
      const key = `${facts.code}.${part}`;
      return i18n.exists(key, { ns: 'error' }) ? t(key, facts.meta) : null;
    };
    return { ...facts, message: known('message') ?? (facts.message === '' ? t('UNKNOWN.message') : facts.message), help: known('help') ?? facts.help };
  };
}
