/** `pdash:` links of this program bring its window to the front; what they open is decided by the page, never by the link. */
import { app } from 'electron';
import type { ElectronModule } from './module.ts';
import { focusWindow } from './window.ts';

export function init(): ElectronModule {
  return {
    onReady: () => {
      app.setAsDefaultProtocolClient('pdash');
      app.on('open-url', (event) => {
        event.preventDefault();
        focusWindow();
      });
    },
  };
}
