/** Why it was not signed, and the way on: usually to simulate it once more. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Proposal } from '../../../src-node/api/contract/index.ts';
import { errorCode } from '../../models/errors.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';

export interface ConfirmErrorProps {
  readonly error: unknown;
  readonly expired: boolean;
  readonly again: (() => Promise<Proposal>) | undefined;
  readonly onReplaced: (proposal: Proposal) => void;
}

/** Those are answered by the password field. */
const ASKED_IN_PLACE = ['WALLET_LOCKED', 'WRONG_PASSWORD'];

export function ConfirmError({ error, expired, again, onReplaced }: ConfirmErrorProps) {
  const { t } = useTranslation('sheet');
  const [pending, setPending] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const retry = (): void => {
    setPending(true);
    again?.().then(onReplaced, setRefused).finally(() => setPending(false));
  };
  if (expired) {
    return (
      <div className="proposal__section">
        <Note tone="warn"><b>{t('expired.title')}</b> {t('expired.text')}</Note>
        {again !== undefined && <Button className="above-2" busy={pending ? t('simulating') : false} onClick={retry}>{t('expired.again')}</Button>}
        {refused !== null && <ErrorPanel error={refused} />}
      </div>
    );
  }
  if (error === null || ASKED_IN_PLACE.includes(errorCode(error))) return null;
  return <ErrorPanel error={error} />;
}
