/** Other gateways for a stream, by one signature. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePublisherSteps } from '../../models/streams-desk.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { useSigning } from '../confirm/confirm-context.ts';
import { GatewayChoice } from './gateway-choice.tsx';

export interface GatewaysSheetProps {
  readonly stream: string;
  readonly current: readonly string[];
  readonly open: boolean;
  readonly onClose: () => void;
}

export function GatewaysSheet({ stream, current, open, onClose }: GatewaysSheetProps) {
  const { t } = useTranslation('stream-desk');
  const { gateways } = usePublisherSteps();
  const signing = useSigning();
  const [chosen, setChosen] = useState(current);
  const isSame = chosen.length === current.length && chosen.every((id) => current.includes(id));
  const reason = chosen.length === 0 ? t('missing.gateways') : isSame ? t('gateway.same') : undefined;
  const go = (): void => signing.propose(async () => {
    const proposal = await gateways(stream, chosen);
    onClose();
    return proposal;
  });
  return (
    <Sheet open={open} onClose={onClose} title={t('gateway.change')} footer={<><span /><Button size="large" onClick={onClose}>{t('cancel')}</Button><Button size="large" variant="ink" busy={signing.pending ? t('running') : false} disabledReason={reason} onClick={go}>{t('new.review')}</Button></>}>
      <div className="streams-desk__form">
        <p className="c-2">{t('new.gateways_text')}</p>
        <GatewayChoice chosen={chosen} onChange={setChosen} />
        {signing.error !== null && <ErrorPanel error={signing.error} />}
      </div>
    </Sheet>
  );
}
