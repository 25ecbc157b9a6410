/** From nothing to an open wallet: network, wallet, backup check. One decision a screen. */
import { useState } from 'react';
import type { AppStatus } from '../../../src-node/api/contract/index.ts';
import { CreateWallet } from './create-wallet.tsx';
import { FirstHourFrame, type FirstHourStep } from './frame.tsx';
import { ImportKeystore } from './import-keystore.tsx';
import { ImportWords } from './import-words.tsx';
import { NetworkStep } from './network-step.tsx';
import { WalletStep, type WalletWay } from './wallet-step.tsx';

export interface FirstHourProps {
  readonly status: AppStatus;
  readonly onDone: () => void;
}

export function FirstHour({ status, onDone }: FirstHourProps) {
  const [changing, setChanging] = useState(false);
  const [way, setWay] = useState<WalletWay | null>(null);
  const [step, setStep] = useState<FirstHourStep>('wallet');
  if (status.network === null || changing) return <FirstHourFrame step="network"><NetworkStep chosen={status.network} onDone={() => setChanging(false)} /></FirstHourFrame>;
  const back = (): void => {
    setWay(null);
    setStep('wallet');
  };
  return (
    <FirstHourFrame step={step}>
      {way === null && <WalletStep onChoose={setWay} onBack={() => setChanging(true)} />}
      {way === 'create' && <CreateWallet onStep={setStep} onBack={back} onDone={onDone} />}
      {way === 'words' && <ImportWords onBack={back} onDone={onDone} />}
      {way === 'keystore' && <ImportKeystore onBack={back} onDone={onDone} />}
    </FirstHourFrame>
  );
}
