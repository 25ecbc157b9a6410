/** What the choices come to, before they are signed. */
import { Clock, Eye, KeyRound, Scale } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { duration, type Language } from '../../models/format.ts';
import { revocationSeconds, type StreamDraft } from '../../models/streams-draft.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export function PromisePlate({ draft, children }: { readonly draft: StreamDraft; readonly children: ReactNode }) {
  const { t, i18n } = useTranslation('stream-desk');
  const language: Language = i18n.language === 'zh' ? 'zh' : 'en';
  const window = duration(revocationSeconds(draft) * SECOND, language);
  return (
    <aside className="new-stream__side">
      <h2 className="t-h">{t('promise.title')}</h2>
      <ul className="new-stream__points c-2">
        <li><KeyRound aria-hidden />{t('promise.revocation', { time: window })}</li>
        <li><Clock aria-hidden />{t('promise.outage', { time: duration(draft.epochSeconds * draft.ahead * SECOND, language) })}</li>
        <li><Scale aria-hidden />{t(draft.kind === 'metered' ? 'promise.metered' : 'promise.period', { time: window })}</li>
        <li><Eye aria-hidden />{draft.peekMinutes === null ? t('promise.no_peek') : t('promise.peek', { time: duration(draft.peekMinutes * MINUTE, language) })}</li>
      </ul>
      {children}
    </aside>
  );
}
