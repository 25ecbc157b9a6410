/** A new wallet, or one that exists already. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { Pick } from '../../ui/pick.tsx';
import { StepScreen } from './frame.tsx';

export type WalletWay = 'create' | 'words' | 'keystore';

export function WalletStep({ onChoose, onBack }: { readonly onChoose: (way: WalletWay) => void; readonly onBack: () => void }) {
  const { t } = useTranslation('first-hour');
  const [way, setWay] = useState<WalletWay>('create');
  const option = (value: WalletWay) => ({ value, title: t(`wallet.${value}`), children: t(`wallet.${value}_text`) });
  return (
    <StepScreen
      title={t('wallet.title')}
      lead={t('wallet.lead')}
      foot={<><Button variant="quiet" size="large" onClick={onBack}>{t('back')}</Button><span className="grow" /><Button variant="ink" size="large" onClick={() => onChoose(way)}>{t('continue')}</Button></>}
    >
      <Pick label={t('wallet.title')} value={way} onChange={setWay} options={[option('create'), option('words'), option('keystore')]} />
    </StepScreen>
  );
}
