/** An address to show, in full and as a code. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addressGroups } from '../../models/format.ts';
import { defaultAccount, useWallet } from '../../models/wallet.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Note } from '../../ui/note.tsx';
import { Qr } from '../../ui/qr.tsx';
import { Select } from '../../ui/select.tsx';
import { Sheet } from '../../ui/sheet.tsx';

export interface ReceiveSheetProps {
  readonly open: boolean;
  readonly account: string | undefined;
  readonly onClose: () => void;
}

export function ReceiveSheet({ open, account, onClose }: ReceiveSheetProps) {
  const { t } = useTranslation(['wallet', 'shell']);
  const wallet = useWallet().data;
  const [chosen, setChosen] = useState<string | null>(null);
  const accounts = wallet?.accounts ?? [];
  const shown = accounts.find(({ address }) => address === (chosen ?? account)) ?? (wallet === undefined ? undefined : defaultAccount(wallet));
  const close = (): void => {
    setChosen(null);
    onClose();
  };
  return (
    <Sheet open={open} onClose={close} title={t('receive')}>
      {shown !== undefined && (
        <div className="col gap-4">
          <Select label={t('receive_sheet.account')} value={shown.address} onChange={setChosen} options={accounts.map((one) => ({ value: one.address, label: one.name }))} />
          <div className="row row-top gap-4">
            <Qr text={shown.address} label={t('receive_sheet.code', { name: shown.name })} size={176} />
            <div className="col gap-2 grow">
              <span className="t-label">{t('receive_sheet.address')}</span>
              <p className="t-mono receive__address">{addressGroups(shown.address)}</p>
              <div><CopyButton text={shown.address} label={t('copy_address')} worded /></div>
            </div>
          </div>
          <Note tone={wallet?.faucet === true ? 'info' : 'warn'}>{t(wallet?.faucet === true ? 'receive_sheet.practice' : 'receive_sheet.network')}</Note>
        </div>
      )}
    </Sheet>
  );
}
