/** A signed act that waits, in words. */
import { useTranslation } from 'react-i18next';
import type { PendingMovement } from '../../../src-node/api/contract/index.ts';
import { shortHash } from '../../models/format.ts';
import { useAccountName } from '../../models/wallet.ts';

export function usePendingTitle(): (one: PendingMovement) => string {
  const { t } = useTranslation(['wallet', 'sheet', 'shell']);
  const nameOf = useAccountName();
  return ({ kind, title, to }) => {
    if (kind === 'send' && to !== null) return t('movement.out', { who: nameOf(to) ?? shortHash(to) });
    const act = t(`sheet:kind.${kind}.title`);
    return title === '' ? act : `${act}${t('shell:colon')}${title}`;
  };
}
