/** Unlocking without leaving the page. */
import { createContext, useContext, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/dialog.tsx';
import { UnlockForm } from './unlock-form.tsx';

const UnlockContext = createContext<() => void>(() => undefined);

/** Opens the password dialog. */
export function useUnlockDialog(): () => void {
  return useContext(UnlockContext);
}

export function UnlockProvider({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation('unlock');
  const [open, setOpen] = useState(false);
  return (
    <UnlockContext value={() => setOpen(true)}>
      {children}
      <Dialog open={open} onClose={() => setOpen(false)} title={t('title')}><UnlockForm onDone={() => setOpen(false)} /></Dialog>
    </UnlockContext>
  );
}
