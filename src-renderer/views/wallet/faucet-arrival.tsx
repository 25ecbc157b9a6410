/** Says when practice money that was asked for is in a block; until then the ledger shows it on its way. */
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountView } from '../../../src-node/api/contract/index.ts';
import { cpc } from '../../models/format.ts';
import { useMovements } from '../../models/wallet.ts';
import { toast } from '../../ui/toast.ts';

/** Movements that are looked through: what was asked for just now is among the newest. */
const NEWEST = 10;

export interface Awaited {
  readonly account: AccountView;
  readonly hash: string;
  readonly amount: bigint;
}

export function FaucetArrival({ awaited: { account, hash, amount }, onArrived }: { readonly awaited: Awaited; readonly onArrived: () => void }) {
  const { t } = useTranslation('wallet');
  const newest = useMovements({ account: account.address, limit: NEWEST }).data?.entries ?? [];
  const arrived = newest.some((one) => one.hash === hash && one.state === 'ok');
  useEffect(() => {
    if (!arrived) return;
    toast(t('faucet.arrived', { amount: cpc(amount, { unit: true }) }), { text: t('faucet.arrived_text', { account: account.name }) });
    onArrived();
  }, [arrived, amount, account, onArrived, t]);
  return null;
}
