/** The deposits of your own accounts, and when each can leave. */
import { useTranslation } from 'react-i18next';
import type { RNodeMember } from '../../../src-node/api/contract/index.ts';
import { zoneLabel } from '../../models/format.ts';
import { useAccountName } from '../../models/wallet.ts';
import { Address } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Stat, StatStrip } from '../../ui/stat.tsx';
import { Time } from '../../ui/time.tsx';
import { useNow } from '../../ui/use-now.ts';

export function OwnDeposits({ members }: { readonly members: readonly RNodeMember[] }) {
  const { t } = useTranslation('rnode');
  const now = useNow();
  const nameOf = useAccountName();
  return (
    <ul className="col gap-4 above-4">
      {members.map(({ address, name, deposit, lockedAt, lockEndsAt }) => (
        <li key={address} className="col gap-2">
          <Address address={address} name={name ?? nameOf(address)} />
          <StatStrip>
            <Stat label={t('own.deposit')} value={<Amount value={deposit} />} unit="CPC" />
            <Stat label={t('own.leave')} value={lockEndsAt <= now ? t('own.now') : <>{t('own.in')} <Time at={lockEndsAt} style="left" /></>} />
            <Stat label={t('members.since', { zone: zoneLabel(lockedAt) })} value={<Time at={lockedAt} style="point" />} />
          </StatStrip>
        </li>
      ))}
    </ul>
  );
}
