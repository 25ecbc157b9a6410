/** What a sheet calls an account: by its name where it has one, else by its part in the proposal. */
import { useTranslation } from 'react-i18next';
import type { Proposal } from '../../../src-node/api/contract/index.ts';
import { useAccountName } from '../../models/wallet.ts';

export function usePartyName(): (proposal: Pick<Proposal, 'kind' | 'from' | 'fromName'>, address?: string, name?: string | null) => string {
  const { t } = useTranslation('sheet');
  const nameOf = useAccountName();
  return ({ kind, from, fromName }, address = from, name = fromName) => {
    const known = name ?? nameOf(address);
    if (known !== null) return known;
    if (address !== from) return t('another_account');
    return kind === 'delivery-take-back' ? t('field.delivery-account') : t('this_account');
  };
}
