/** A text that a program asks to be signed, as it is, or its bytes where it is none. */
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProgramRequest } from '../../../src-node/api/contract/index.ts';
import { useAppStatus } from '../../models/app.ts';
import { errorCode } from '../../models/errors.ts';
import { useDeclineRequest, useSignMessage } from '../../models/requests.ts';
import { useWallet } from '../../models/wallet.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { Tag } from '../../ui/tag.tsx';
import { toast } from '../../ui/toast.ts';
import { PasswordField } from '../confirm/password-field.tsx';
import { SignButton } from '../confirm/sign-button.tsx';
import { RequestFacts } from './request-facts.tsx';
import './requests.css';

export interface MessageSheetProps {
  readonly request: ProgramRequest;
  readonly message: ProgramRequest['what'] & { readonly kind: 'message' };
  /** Nobody waits for it any more. */
  readonly withdrawn: boolean;
  readonly onClose: () => void;
}

/** Those are answered by the password field. */
const ASKED_IN_PLACE = ['WALLET_LOCKED', 'WRONG_PASSWORD'];

export function MessageSheet({ request, message, withdrawn, onClose }: MessageSheetProps) {
  const { t } = useTranslation(['requests', 'sheet', 'shell']);
  const network = useAppStatus().data?.network ?? null;
  const sign = useSignMessage();
  const decline = useDeclineRequest();
  const locked = useWallet().data?.state === 'locked';
  const [password, setPassword] = useState('');
  const signButton = useRef<HTMLDivElement>(null);
  const code = errorCode(sign.error);
  const [understood, setUnderstood] = useState(false);
  const isGone = withdrawn && sign.isIdle && decline.isIdle;
  const asksPassword = locked || code === 'WALLET_LOCKED';
  const confirm = (): void => sign.mutate({ id: request.id, ...(asksPassword ? { password } : {}) }, {
    onSuccess: () => {
      toast(t('message.done'), { tone: 'ok', text: t('message.done_text') });
      onClose();
    },
  });
  const missing = isGone ? t('sheet:missing.withdrawn') : message.text === null && !understood ? t('message.missing') : asksPassword && password === '' ? t('sheet:missing.password') : undefined;
  const error = ASKED_IN_PLACE.includes(code) ? null : sign.error;
  const heading = t(message.text === null ? 'message.as_bytes' : 'message.as_text');
  return (
    <Sheet
      open
      onClose={onClose}
      title={t('message.title')}
      aside={network !== null && <Tag>{t(`shell:network.${network}`)}</Tag>}
      width={540}
      reading
      footer={
        <>
          <Button size="large" onClick={() => (isGone ? onClose() : decline.mutate(request.id, { onSettled: onClose }))} data-first-focus={asksPassword ? undefined : ''}>{t(isGone ? 'sheet:close' : 'decline')}</Button>
          <div ref={signButton}><SignButton label={t('message.sign')} hold={false} twice={false} busy={sign.isPending ? t('sheet:signing') : false} missing={missing} onSign={confirm} /></div>
        </>
      }
    >
      <p className="t-lead c-2">{t('message.line')}</p>
      <section className="proposal__section">
        <h3 className="t-label">{heading}</h3>
        <div className="plate request-message" tabIndex={0} role="group" aria-label={heading}>{message.text === null ? <span className="t-mono">{message.hex}</span> : <bdi>{message.text}</bdi>}</div>
      </section>
      <div className="above-2"><Note tone="warn">{message.text === null && <b>{t('message.unreadable')}</b>} {t('message.meaning')}</Note></div>
      <RequestFacts request={request} />
      {message.text === null && <div className="proposal__ticks"><Checkbox checked={understood} onChange={setUnderstood}>{t('message.consent')}</Checkbox></div>}
      {asksPassword && <PasswordField value={password} onChange={(typed) => { setPassword(typed); if (code === 'WRONG_PASSWORD') sign.reset(); }} wrong={code === 'WRONG_PASSWORD'} onEnter={() => signButton.current?.querySelector('button')?.focus()} />}
      {isGone && <div className="proposal__section"><Note tone="warn">{t('sheet:withdrawn')}</Note></div>}
      {error !== null && <ErrorPanel error={error} />}
    </Sheet>
  );
}
