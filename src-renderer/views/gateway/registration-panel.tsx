/** What the chain says of this gateway: its place, its bond, and what it earned. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GatewayView } from '../../../src-node/api/contract/index.ts';
import { shortHash } from '../../models/format.ts';
import { useGatewaySteps } from '../../models/streams-gateway.ts';
import { Amount } from '../../ui/amount.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Pill } from '../../ui/pill.tsx';
import { Time } from '../../ui/time.tsx';
import { useSigning } from '../confirm/confirm-context.ts';
import { Fact, Facts } from '../node/facts.tsx';
import { Withdrawal } from '../orders/withdrawal.tsx';
import { EndpointDialog } from './endpoint-dialog.tsx';
import { RegisterDialog } from './register-dialog.tsx';

const TONES = { bonded: 'ok', paused: 'idle', leaving: 'warn', left: 'idle' } as const;

export function RegistrationPanel({ gateway: { registration, earned, withdrawable } }: { readonly gateway: GatewayView }) {
  const { t } = useTranslation('gateway');
  const { act } = useGatewaySteps();
  const signing = useSigning();
  const [open, setOpen] = useState<'register' | 'move' | null>(null);
  const busy = signing.pending ? t('running') : false;
  return (
    <section className="panel" aria-labelledby="registration">
      <header className="panel__head"><h2 id="registration" className="t-h">{t('register.title')}</h2>{registration !== null && <Pill tone={TONES[registration.status]}>{t(`register.status.${registration.status}`)}</Pill>}</header>
      {registration === null ? <><p className="c-2">{t('register.none')}</p><div className="above-2"><Button onClick={() => setOpen('register')}>{t('register.act')}</Button></div></> : (
        <>
          <Facts>
            <Fact name={t('register.id')}><span className="facts__copy"><span className="t-mono">{shortHash(registration.id)}</span><CopyButton text={registration.id} label={t('register.copy_id')} /></span></Fact>
            <Fact name={t('register.endpoint')}><bdi className="t-mono gateway__endpoint">{registration.endpoints.join(' ')}</bdi></Fact>
            <Fact name={t('register.bond')}><Amount value={registration.bond} decimals={2} unit /></Fact>
            {registration.leavesAt !== null && <Fact name={t('register.leaves')}><Time at={registration.leavesAt} style="point" /></Fact>}
            <Fact name={t('register.earned')}><Amount value={earned} decimals={2} unit /></Fact>
            <Fact name={t('register.withdrawable')}><Amount value={withdrawable} decimals={2} unit /></Fact>
          </Facts>
          <div className="row wrap above-2">
            {(registration.status === 'bonded' || registration.status === 'paused') && <Button size="small" onClick={() => setOpen('move')}>{t('register.move')}</Button>}
            {registration.status === 'bonded' && <Button size="small" busy={busy} onClick={() => signing.propose(() => act(registration.id, 'pause'))}>{t('register.pause')}</Button>}
            {registration.status === 'paused' && <Button size="small" busy={busy} onClick={() => signing.propose(() => act(registration.id, 'resume'))}>{t('register.resume')}</Button>}
            {(registration.status === 'bonded' || registration.status === 'paused') && <Button size="small" variant="quiet" busy={busy} onClick={() => signing.propose(() => act(registration.id, 'leave'))}>{t('register.leave')}</Button>}
            {registration.status === 'leaving' && <Button size="small" busy={busy} disabledReason={registration.leavesAt !== null && registration.leavesAt > Date.now() ? t('register.waits') : undefined} onClick={() => signing.propose(() => act(registration.id, 'take-bond'))}>{t('register.take_bond')}</Button>}
          </div>
          <div className="above-2"><Withdrawal account={registration.owner} /></div>
        </>
      )}
      {signing.error !== null && <ErrorPanel error={signing.error} />}
      <RegisterDialog open={open === 'register'} onClose={() => setOpen(null)} />
      {registration !== null && <EndpointDialog id={registration.id} current={registration.endpoints} open={open === 'move'} onClose={() => setOpen(null)} />}
    </section>
  );
}
