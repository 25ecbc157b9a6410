/** The practice chain was made by an older version: begin anew, or only look at it. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAnswerOldChain } from '../../models/app.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Pick } from '../../ui/pick.tsx';
import './unlock.css';

export function OldChain() {
  const { t } = useTranslation('unlock');
  const [choice, setChoice] = useState<'anew' | 'keep'>('anew');
  const answer = useAnswerOldChain();
  const options = (['anew', 'keep'] as const).map((value) => ({ value, title: t(`old_chain.${value}`), children: t(`old_chain.${value}_text`) }));
  return (
    <main className="unlock">
      <div className="unlock__box">
        <Mark size={40} />
        <div><h1 className="t-head">{t('old_chain.title')}</h1><p className="t-lead c-2">{t('old_chain.lead')}</p></div>
        <Pick label={t('old_chain.title')} value={choice} onChange={setChoice} options={options} />
        {answer.error !== null && <ErrorPanel error={answer.error} />}
        <div><Button variant="ink" size="large" busy={answer.isPending ? t('old_chain.busy') : false} onClick={() => answer.mutate({ keep: choice === 'keep' })}>{t('old_chain.continue')}</Button></div>
      </div>
    </main>
  );
}
