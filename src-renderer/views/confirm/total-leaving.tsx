/** What leaves the account at most, in the foot of the sheet. */
import { useTranslation } from 'react-i18next';
import type { Proposal } from '../../../src-node/api/contract/index.ts';
import { useAccountName } from '../../models/wallet.ts';
import { Amount } from '../../ui/amount.tsx';

export function TotalLeaving({ proposal }: { readonly proposal: Proposal }) {
  const { t } = useTranslation('sheet');
  const nameOf = useAccountName();
  return (
    <div>
      <div className="t-label">{t('leaves', { account: proposal.fromName ?? nameOf(proposal.from) ?? t('this_account') })}</div>
      <div className="t-h"><Amount value={proposal.totalAtMost} unit /></div>
    </div>
  );
}
