/** Over the page: a text to sign, a transaction that cannot be signed as it was asked, or that nobody waits any more. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProgramRequest } from '../../../src-node/api/contract/index.ts';
import { isWithdrawn, useDeclineRequest, useProgramRequests } from '../../models/requests.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Note } from '../../ui/note.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import { MessageSheet } from './message-sheet.tsx';
import { RequestFacts } from './request-facts.tsx';
import { useOpenRequest } from './use-open-request.ts';

export interface RequestSheetProps {
  readonly id: string;
  /** Why a transaction has no sheet. */
  readonly error: unknown;
  readonly onClose: () => void;
}

export function RequestSheet({ id, error, onClose }: RequestSheetProps) {
  const waiting = useProgramRequests().data;
  // As it was opened: the answer takes it from the list.
  const [request] = useState(() => waiting?.find((one) => one.id === id));
  const withdrawn = isWithdrawn(id, waiting);
  if (request?.what.kind === 'message') return <MessageSheet request={request} message={request.what} withdrawn={withdrawn} onClose={onClose} />;
  return request === undefined || withdrawn ? <GoneSheet onClose={onClose} /> : <RefusedSheet request={request} error={error} onClose={onClose} />;
}

function GoneSheet({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation(['requests', 'sheet']);
  return (
    <Sheet open onClose={onClose} title={t('gone.title')} footer={<Button size="large" variant="ink" onClick={onClose}>{t('sheet:close')}</Button>}>
      <Note>{t('gone.text')}</Note>
    </Sheet>
  );
}

function RefusedSheet({ request, error, onClose }: { readonly request: ProgramRequest; readonly error: unknown; readonly onClose: () => void }) {
  const { t } = useTranslation(['requests', 'sheet']);
  const decline = useDeclineRequest();
  const again = useOpenRequest();
  return (
    <Sheet
      open
      onClose={onClose}
      title={t('sheet:kind.program.title')}
      width={540}
      footer={
        <>
          <Button size="large" onClick={() => again(request.id)}>{t('sheet:expired.again')}</Button>
          <Button size="large" variant="ink" onClick={() => void decline.mutateAsync(request.id).then(onClose, () => undefined)} data-first-focus="">{t('decline')}</Button>
        </>
      }
    >
      <p className="t-lead c-2">{t('refused.line')}</p>
      <ErrorPanel error={decline.error ?? error} />
      <RequestFacts request={request} />
    </Sheet>
  );
}
