/** Some of the words, and a password for the file on this computer. */
import { Check } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SeedDraft } from '../../../src-node/api/contract/index.ts';
import { useCreateWallet } from '../../models/wallet.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Field } from '../../ui/field.tsx';
import { Pill } from '../../ui/pill.tsx';
import { TextInput } from '../../ui/text-input.tsx';
import { StepScreen } from './frame.tsx';
import { NewPassword, usePassword } from './new-password.tsx';

export interface BackupCheckProps {
  readonly draft: SeedDraft;
  readonly onBack: () => void;
  readonly onDone: () => void;
}

export function BackupCheck({ draft, onBack, onDone }: BackupCheckProps) {
  const { t } = useTranslation('first-hour');
  const [typed, setTyped] = useState<Readonly<Record<number, string>>>({});
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set());
  const password = usePassword();
  const create = useCreateWallet();
  const answer = (position: number): string => (typed[position] ?? '').trim().toLowerCase();
  const isRight = (position: number): boolean => answer(position) === draft.words[position];
  const right = draft.ask.filter(isRight).length;
  const wrongOne = draft.ask.find((position) => !isRight(position));
  const missing = wrongOne === undefined ? password.missing : t(answer(wrongOne) === '' ? 'check.word_missing' : 'check.word_wrong', { number: wrongOne + 1 });
  const go = (): void => create.mutate({ draftId: draft.draftId, password: password.value, answers: draft.ask.map((position) => ({ position, word: answer(position) })) }, { onSuccess: onDone });
  return (
    <StepScreen
      title={t('check.title')}
      lead={t('check.lead')}
      foot={<><Button variant="quiet" size="large" onClick={onBack}>{t('check.show_again')}</Button><span className="grow" />{missing !== undefined && <span className="t-small c-3">{missing}</span>}<Button variant="ink" size="large" busy={create.isPending ? t('check.busy') : false} disabledReason={missing} onClick={go}>{t('check.open')}</Button></>}
    >
      <section className="col gap-3">
        <header className="row apart"><h2 className="t-h">{t('check.words')}</h2><Pill tone={right === draft.ask.length ? 'ok' : 'idle'}>{t('check.right', { right, count: draft.ask.length })}</Pill></header>
        <div className="check-words">
          {draft.ask.map((position) => (
            <Field key={position} label={t('check.word', { number: position + 1 })} aside={isRight(position) && <Check className="c-ok" aria-label={t('check.right_word')} />} error={left.has(position) && answer(position) !== '' && !isRight(position) ? t('check.wrong_word') : undefined}>
              <TextInput value={typed[position] ?? ''} onChange={(event) => setTyped({ ...typed, [position]: event.target.value })} onBlur={() => setLeft(new Set([...left, position]))} />
            </Field>
          ))}
        </div>
      </section>
      <section className="col gap-3">
        <h2 className="t-h">{t('check.password')}</h2>
        <NewPassword password={password} />
      </section>
      {create.error !== null && <ErrorPanel error={create.error} />}
    </StepScreen>
  );
}
