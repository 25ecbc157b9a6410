/** Everybody who has locked a deposit, yours first. */
import { useTranslation } from 'react-i18next';
import type { RNodeMember } from '../../../src-node/api/contract/index.ts';
import { zoneLabel } from '../../models/format.ts';
import { useRNodeSteps } from '../../models/rnode.ts';
import { useAccountName } from '../../models/wallet.ts';
import { Address } from '../../ui/address.tsx';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Time } from '../../ui/time.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useSigning } from '../confirm/confirm-context.ts';

export function MemberTable({ members }: { readonly members: readonly RNodeMember[] }) {
  const { t } = useTranslation('rnode');
  const { quit } = useRNodeSteps();
  const signing = useSigning();
  const now = useNow();
  const nameOf = useAccountName();
  const columns: readonly Column<RNodeMember>[] = [
    { key: 'who', header: t('members.who'), cell: ({ address, name, mine }) => <span className="row"><Address address={address} name={name ?? nameOf(address)} />{mine && <Pill tone="ok">{t('members.yours')}</Pill>}</span> },
    { key: 'since', header: t('members.since', { zone: zoneLabel(now) }), width: '150px', optional: true, cell: ({ lockedAt }) => <span className="c-2"><Time at={lockedAt} style="point" /></span> },
    { key: 'lock', header: t('members.lock'), width: '170px', cell: ({ lockEndsAt }) => (lockEndsAt <= now ? <span className="c-3">{t('members.free')}</span> : <span>{t('members.left')} <Time at={lockEndsAt} style="left" /></span>) },
    { key: 'deposit', header: t('members.deposit'), width: '140px', align: 'right', cell: ({ deposit }) => <Amount value={deposit} decimals={2} /> },
    {
      key: 'act', header: <span className="unseen">{t('members.act')}</span>, width: '120px', align: 'right', cell: ({ address, mine, lockEndsAt }) => mine && (
        <Button size="small" disabledReason={lockEndsAt > now ? <>{t('members.locked')} <Time at={lockEndsAt} style="left" /></> : undefined} busy={signing.pending ? t('join.busy') : false} onClick={() => signing.propose(() => quit(address))}>{t('members.leave')}</Button>
      ),
    },
  ];
  return (
    <>
      {signing.error !== null && <ErrorPanel error={signing.error} />}
      <DataTable label={t('members.title')} columns={columns} rows={members.toSorted((one, other) => Number(other.mine) - Number(one.mine))} rowKey={({ address }) => address} />
    </>
  );
}
