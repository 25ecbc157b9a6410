/** The page asks for nothing but the clipboard, opens nothing by itself, and never leaves its own address. */
import { app, session, shell } from 'electron';
import type { ElectronModule } from './module.ts';

export function init(): ElectronModule {
  return {
    onReady: () => {
      session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === 'clipboard-sanitized-write'));
      session.defaultSession.setPermissionCheckHandler((_contents, permission) => permission === 'clipboard-sanitized-write');
      app.on('web-contents-created', (_event, contents) => {
        contents.on('will-navigate', (event) => event.preventDefault());
        contents.on('will-attach-webview', (event) => event.preventDefault());
        contents.setWindowOpenHandler(({ url }) => {
          if (url.startsWith('https://')) void shell.openExternal(url);
          return { action: 'deny' };
        });
      });
    },
  };
}
