/** Which of the faces is shown: no session, waiting, a question, the first hour, locked, or the program itself. */
import { RouterProvider } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useConnection } from './models/api-context.ts';
import { useAppStatus } from './models/app.ts';
import { changeLanguage, systemLanguage } from './models/i18n.ts';
import type { AppRouter } from './router.tsx';
import { ErrorPanel } from './ui/error-panel.tsx';
import { Toaster } from './ui/toaster.tsx';
import { FirstHour } from './views/first-hour/first-hour.tsx';
import { OldChain } from './views/unlock/old-chain.tsx';
import { Refused } from './views/unlock/refused.tsx';
import { UnlockPage } from './views/unlock/unlock-page.tsx';
import { Waiting } from './views/unlock/waiting.tsx';
import { applyLook } from './look.ts';

export function App({ router }: { readonly router: AppRouter }) {
  const { i18n } = useTranslation('ui');
  const { status } = useConnection();
  const app = useAppStatus();
  // Once unlocked, or looked around without, a later lock leaves the page where it is.
  const [entered, setEntered] = useState(false);
  // Nothing is shown in a language or a look that was not chosen.
  const [dressed, setDressed] = useState(false);
  const settings = app.data?.settings;
  useEffect(() => {
    if (settings === undefined) return;
    applyLook(settings);
    void changeLanguage(i18n, settings.language === 'system' ? systemLanguage() : settings.language).finally(() => setDressed(true));
  }, [settings, i18n]);
  useEffect(() => { document.documentElement.lang = i18n.language === 'zh' ? 'zh-CN' : 'en'; }, [i18n.language]);

  const face = () => {
    if (status === 'refused') return <Refused />;
    if (app.data === undefined) return app.error === null || status !== 'open' ? <Waiting /> : <div className="app-fault"><ErrorPanel error={app.error} onRetry={() => void app.refetch()} /></div>;
    if (!dressed) return <Waiting />;
    if (app.data.question !== null) return <OldChain />;
    if (app.data.phase === 'first-hour') return <FirstHour status={app.data} onDone={() => setEntered(true)} />;
    if (app.data.wallet === 'locked' && !entered) return <UnlockPage onLook={() => setEntered(true)} onDone={() => setEntered(true)} />;
    return <RouterProvider router={router} />;
  };
  return <>{face()}<Toaster /></>;
}
