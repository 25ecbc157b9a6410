/** Builds the page around a connection. */
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { App } from './app.tsx';
import { ConnectionContext } from './models/api-context.ts';
import { followChanges } from './models/changes.ts';
import type { Connection } from './models/connection.ts';
import { recallLook } from './look.ts';
import { startI18n, systemLanguage } from './models/i18n.ts';
import { createQueryClient } from './models/query.ts';
import { createAppRouter } from './router.tsx';
import './ui/base.css';

export async function startWindow(connection: Connection): Promise<void> {
  recallLook();
  const queries = createQueryClient();
  const words = await startI18n(systemLanguage());
  const place = document.getElementById('root');
  if (place === null) return;
  // Lives as long as the page does.
  void followChanges(connection.client, queries, new AbortController().signal);
  createRoot(place).render(
    <StrictMode>
      <I18nextProvider i18n={words}>
        <QueryClientProvider client={queries}>
          <ConnectionContext value={connection}><App router={createAppRouter()} /></ConnectionContext>
        </QueryClientProvider>
      </I18nextProvider>
    </StrictMode>,
  );
  // After the first paint: a title or a name may be Chinese in an English window too. Of the font's parts only those in use are loaded.
  requestAnimationFrame(() => setTimeout(() => void import('./ui/chinese-font.css')));
}
