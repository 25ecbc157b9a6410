/** Where the gateway is reached from outside, written anew on the chain. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isEndpoint, useGatewaySteps } from '../../models/streams-gateway.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Field } from '../../ui/field.tsx';
import { TextInput } from '../../ui/text-input.tsx';
import { useSigning } from '../confirm/confirm-context.ts';

export interface EndpointDialogProps {
  readonly id: string;
  readonly current: readonly string[];
  readonly open: boolean;
  readonly onClose: () => void;
}

export function EndpointDialog({ id, current, open, onClose }: EndpointDialogProps) {
  const { t } = useTranslation('gateway');
  const { endpoints } = useGatewaySteps();
  const signing = useSigning();
  const [endpoint, setEndpoint] = useState(current[0] ?? '');
  const reason = !isEndpoint(endpoint) ? t('register.need_endpoint') : endpoint.trim() === current[0] ? t('register.same') : undefined;
  const go = (): void => signing.propose(async () => {
    const proposal = await endpoints(id, [endpoint.trim()]);
    onClose();
    return proposal;
  });
  return (
    <Dialog open={open} onClose={onClose} title={t('register.move')} footer={<><span /><Button onClick={onClose}>{t('cancel')}</Button><Button variant="ink" busy={signing.pending ? t('running') : false} disabledReason={reason} onClick={go}>{t('register.review')}</Button></>}>
      <div className="streams-desk__form">
        <Field label={t('register.endpoint')} help={t('register.endpoint_help')}><TextInput mono value={endpoint} maxLength={200} onChange={(event) => setEndpoint(event.target.value)} /></Field>
        {signing.error !== null && <ErrorPanel error={signing.error} />}
      </div>
    </Dialog>
  );
}
