/** Words first, then the proof that they were written down. The words live only while this is open. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDraftSeed } from '../../models/wallet.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { BackupCheck } from './backup-check.tsx';
import { StepScreen, type FirstHourStep } from './frame.tsx';
import { WordsScreen } from './words-screen.tsx';

export interface CreateWalletProps {
  readonly onStep: (step: FirstHourStep) => void;
  readonly onBack: () => void;
  readonly onDone: () => void;
}

export function CreateWallet({ onStep, onBack, onDone }: CreateWalletProps) {
  const { t } = useTranslation('first-hour');
  const { mutate: draw, data: draft, error } = useDraftSeed();
  const [written, setWritten] = useState(false);
  useEffect(() => { draw(undefined); }, [draw]);
  const show = (isWritten: boolean): void => {
    setWritten(isWritten);
    onStep(isWritten ? 'backup' : 'wallet');
  };
  if (draft === undefined) {
    return (
      <StepScreen title={t('words.title')} lead={t('words.lead')} foot={<Button variant="quiet" size="large" onClick={onBack}>{t('back')}</Button>}>
        {error === null ? <Skeleton rows={6} cause={t('words.drawing')} /> : <ErrorPanel error={error} onRetry={() => draw(undefined)} />}
      </StepScreen>
    );
  }
  return written ? <BackupCheck draft={draft} onBack={() => show(false)} onDone={onDone} /> : <WordsScreen words={draft.words} onBack={onBack} onWritten={() => show(true)} />;
}
