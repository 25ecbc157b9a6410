/** Results of the user's own act and arrivals; never errors that need a decision. */
import { create } from 'zustand';
import type { Tone } from './status-icon.tsx';

export interface Toast {
  readonly id: number;
  readonly tone: Tone;
  readonly title: string;
  readonly text?: string | undefined;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

interface Toasts {
  readonly entries: readonly Toast[];
  readonly show: (toast: Omit<Toast, 'id'>) => void;
  readonly dismiss: (id: number) => void;
}

const MOST = 4;
let next = 0;

export const useToasts = create<Toasts>()((set) => ({
  entries: [],
  show: (toast) => set(({ entries }) => ({ entries: [...entries, { ...toast, id: (next += 1) }].slice(-MOST) })),
  dismiss: (id) => set(({ entries }) => ({ entries: entries.filter((entry) => entry.id !== id) })),
}));

export type ToastOptions = Partial<Pick<Toast, 'tone' | 'text' | 'action'>>;

/** Shows a toast for six seconds. */
export function toast(title: string, options: ToastOptions = {}): void {
  useToasts.getState().show({ title, tone: options.tone ?? 'ok', text: options.text, action: options.action });
}
