/** From an entry to the sheet that answers it. */
import { useNavigate } from '@tanstack/react-router';
import { useContext } from 'react';
import type { NeedsYou } from '../../../src-node/api/contract/index.ts';
import { needsYouPath } from '../../models/needs-you.ts';
import { usePrepareRequest, useProgramRequests } from '../../models/requests.ts';
import { ConfirmContext } from '../confirm/confirm-context.ts';
import { useShellState } from '../shell/shell-state.ts';

/** Opens the sheet of a request: that of a transaction once it was simulated, or why it cannot be. */
export function useOpenRequest(): (id: string) => void {
  const openConfirm = useContext(ConfirmContext);
  const prepare = usePrepareRequest();
  const waiting = useProgramRequests().data ?? [];
  const { show } = useShellState();
  return (id) => {
    if (waiting.find((one) => one.id === id)?.what.kind === 'message') return show({ kind: 'request', id });
    const again = () => prepare(id);
    const before = useShellState.getState().overlay;
    /** What was opened meanwhile stays, with what was typed there. */
    const isMeant = (): boolean => [null, before].includes(useShellState.getState().overlay);
    again().then(
      (proposal) => {
        if (!isMeant()) return;
        show(null);
        openConfirm(proposal, { again, request: id });
      },
      (error: unknown) => isMeant() && show({ kind: 'request', id, error }),
    );
  };
}

/** Does something about what waits for the user: a request has a sheet, all else a page. */
export function useOpenNeed(): (need: NeedsYou) => void {
  const navigate = useNavigate();
  const openRequest = useOpenRequest();
  return (need) => (need.subject.kind === 'request' ? openRequest(need.subject.id) : void navigate(needsYouPath(need)));
}
