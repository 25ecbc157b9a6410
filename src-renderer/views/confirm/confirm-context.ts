/** The one door to a signature, for every page. */
import { createContext, useContext, useState } from 'react';
import type { Activity, Proposal } from '../../../src-node/api/contract/index.ts';

export interface ConfirmOptions {
  /** Simulates the same act again, when the proposal is too old or things have moved. */
  readonly again?: () => Promise<Proposal>;
  /** Another program asked for it: it is declined instead of cancelled, and void once that program has gone. */
  readonly request?: string;
  /** Called once the signature was made and written down. */
  readonly onSigned?: (activity: Activity) => void;
  /** Called once it is final, has failed or was replaced. */
  readonly onEnded?: (activity: Activity) => void;
}

export type OpenConfirm = (proposal: Proposal, options?: ConfirmOptions) => void;

export const ConfirmContext = createContext<OpenConfirm>(() => undefined);

export interface Signing {
  /** Prepares the act and opens the confirm sheet. A refusal lands in `error`. */
  readonly propose: (prepare: () => Promise<Proposal>, options?: Omit<ConfirmOptions, 'again'>) => void;
  readonly pending: boolean;
  readonly error: unknown;
  readonly reset: () => void;
}

/** For a button that leads to a signature. */
export function useSigning(): Signing {
  const openConfirm = useContext(ConfirmContext);
  const [pending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const propose: Signing['propose'] = (prepare, options) => {
    setPending(true);
    setError(null);
    prepare()
      .then((proposal) => openConfirm(proposal, { ...options, again: prepare }), setError)
      .finally(() => setPending(false));
  };
  return { propose, pending, error, reset: () => setError(null) };
}
