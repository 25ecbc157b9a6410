/** What leaves the account at most, in the foot of the sheet. */
import { useTranslation } from 'react-i18next';
import type { Proposal } from '../../../src-node/api/contract/index.ts';
import { Amount } from '../../ui/amount.tsx';
import { usePartyName } from './use-party-name.ts';

export function TotalLeaving({ proposal }: { readonly proposal: Proposal }) {
  const { t } = useTranslation('sheet');
  const partyName = usePartyName();
  return (
    <div>
      <div className="t-label">{t('leaves', { account: partyName(proposal) })}</div>
      <div className="t-h"><Amount value={proposal.totalAtMost} unit /></div>
    </div>
  );
}
