/** Under the top bar while a program waits for an answer. It takes no focus and covers nothing: nobody signs by a click meant for another thing. */
import { PlugZap } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useProgramRequests } from '../../models/requests.ts';
import { Button } from '../../ui/button.tsx';
import { Time } from '../../ui/time.tsx';
import { useOpenRequest } from './use-open-request.ts';
import './requests.css';

export function RequestStrip() {
  const { t } = useTranslation('requests');
  const [first, ...others] = useProgramRequests().data ?? [];
  const open = useOpenRequest();
  if (first === undefined) return null;
  return (
    <section className="request-strip" aria-label={t('strip.label')}>
      <PlugZap aria-hidden />
      <span className="request-strip__text" role="status"><b>{t(`strip.${first.what.kind}`)}</b>{others.length > 0 && <span className="c-2">{t('strip.more', { count: others.length })}</span>}</span>
      <span className="c-2"><Time at={first.expiresAt} style="left" focus /></span>
      <Button size="small" onClick={() => open(first.id)}>{t('strip.look')}</Button>
    </section>
  );
}
