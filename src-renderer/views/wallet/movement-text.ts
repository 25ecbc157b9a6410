/** A movement in words. */
import { ArrowDownLeft, ArrowUpRight, CircleDot, FileCode2, PackageCheck, ReceiptText, type LucideIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Movement } from '../../../src-node/api/contract/index.ts';
import { useAccountName } from '../../models/wallet.ts';
import { shortHash } from '../../models/format.ts';

export function useMovementTitle(): (movement: Movement) => string {
  const { t } = useTranslation(['wallet', 'sheet']);
  const nameOf = useAccountName();
  const who = (address: string | null): string => (address === null ? t('movement.nobody') : (nameOf(address) ?? shortHash(address)));
  return ({ kind, method, counterparty, amount, replacement }) => {
    if (replacement?.outcome === 'cancelled') return t('movement.cancelled', { act: t(`sheet:kind.${replacement.kind}.title`) });
    if (method !== null) return t(`method.${method.replace('.', '-')}`, { defaultValue: method });
    if (kind === 'deploy' || kind === 'self' || kind === 'credit') return t(`movement.${kind}`);
    if (kind === 'call') return t('movement.call', { who: who(counterparty) });
    return amount > 0n || kind === 'in' ? t('movement.in', { who: who(counterparty) }) : t('movement.out', { who: who(counterparty) });
  };
}

const BY_CONTRACT: Readonly<Record<string, LucideIcon>> = { PDEscrow: PackageCheck, PDListing: ReceiptText, Rnode: CircleDot };

export function movementIcon({ kind, method, amount }: Movement): LucideIcon {
  const byContract = method === null ? undefined : BY_CONTRACT[method.split('.')[0] ?? ''];
  if (byContract !== undefined) return byContract;
  if (kind === 'deploy' || kind === 'call') return FileCode2;
  return amount > 0n ? ArrowDownLeft : ArrowUpRight;
}
