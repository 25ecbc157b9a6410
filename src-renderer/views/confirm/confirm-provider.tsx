/** Holds the one confirm sheet, and follows what was signed after the sheet is closed. */
import { useRef, useState, type ReactNode } from 'react';
import type { Activity, Proposal } from '../../../src-node/api/contract/index.ts';
import { ActivityWatch } from './activity-watch.tsx';
import { ConfirmContext, type ConfirmOptions } from './confirm-context.ts';
import { ConfirmSheet } from './confirm-sheet.tsx';

interface Asked {
  readonly proposal: Proposal;
  readonly options: ConfirmOptions;
}

export function ConfirmProvider({ children }: { readonly children: ReactNode }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [open, setOpen] = useState(false);
  const [followed, setFollowed] = useState<readonly (Asked & { readonly activity: Activity })[]>([]);
  /** As `open`, for whoever asks later than it was rendered. */
  const isOpen = useRef(false);
  const turn = (next: boolean): void => {
    isOpen.current = next;
    setOpen(next);
  };
  const ask = (proposal: Proposal, options: ConfirmOptions = {}): void => {
    // What a program asks comes under no finger that is about to sign another sheet; it waits on.
    if (options.request !== undefined && isOpen.current) return;
    setAsked({ proposal, options });
    turn(true);
  };
  const signed = (activity: Activity): void => {
    if (asked === null) return;
    asked.options.onSigned?.(activity);
    setFollowed((before) => [...before.filter((one) => one.activity.id !== activity.id), { ...asked, activity }]);
  };
  return (
    <ConfirmContext value={ask}>
      {children}
      {asked !== null && (
        <ConfirmSheet key={asked.proposal.id} proposal={asked.proposal} again={asked.options.again} request={asked.options.request} open={open} onClose={() => turn(false)} onSigned={signed} onReplaced={(proposal) => setAsked({ ...asked, proposal })} />
      )}
      {followed.map(({ activity, options, proposal }) => (
        <ActivityWatch
          key={activity.id}
          started={activity}
          proposal={proposal}
          quiet={open && asked?.proposal.id === proposal.id}
          onEnded={(ended) => {
            options.onEnded?.(ended);
            setFollowed((before) => before.filter((one) => one.activity.id !== ended.id));
          }}
        />
      ))}
    </ConfirmContext>
  );
}
