/** The smallest menu that keeps the system's own keys (copy, paste, zoom, quit) working. */
import { Menu } from 'electron';
import type { ElectronModule } from './module.ts';

export function init(): ElectronModule {
  return {
    onReady: () => Menu.setApplicationMenu(Menu.buildFromTemplate([...(process.platform === 'darwin' ? [{ role: 'appMenu' as const }] : []), { role: 'editMenu' }, { role: 'viewMenu' }, { role: 'windowMenu' }])),
  };
}
