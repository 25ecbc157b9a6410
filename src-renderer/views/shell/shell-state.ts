/** What the frame itself remembers: the folded rail, and the one thing that lies over the page. */
import { create } from 'zustand';

export type Overlay =
  | { readonly kind: 'palette' | 'keys' }
  /** `from`: the account that pays; the default one without. */
  | { readonly kind: 'send'; readonly from?: string | undefined; readonly to?: string | undefined }
  /** `error`: why what a program asks has no sheet to be signed. */
  | { readonly kind: 'request'; readonly id: string; readonly error?: unknown }
  | { readonly kind: 'receive'; readonly account?: string | undefined };

interface ShellState {
  readonly folded: boolean;
  readonly overlay: Overlay | null;
  readonly toggleRail: () => void;
  readonly show: (overlay: Overlay | null) => void;
}

export const useShellState = create<ShellState>()((set) => ({
  folded: false,
  overlay: null,
  toggleRail: () => set(({ folded }) => ({ folded: !folded })),
  show: (overlay) => set({ overlay }),
}));
