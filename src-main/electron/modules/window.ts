/** The one window: sandboxed, isolated, without Node; its contract travels over a MessagePort straight to the node's thread. */
import { app, BrowserWindow, dialog, ipcMain, MessageChannelMain, shell, type MessagePortMain } from 'electron';
import { join, resolve } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { ElectronModule, ModuleDeps } from './module.ts';
import { PAGE_URL } from './protocol.ts';

let current: BrowserWindow | null = null;

export function focusWindow(): void {
  if (current === null) return;
  if (current.isMinimized()) current.restore();
  current.focus();
}

export function init({ host }: ModuleDeps): ElectronModule {
  const open = async (): Promise<void> => {
    const window = new BrowserWindow({
      width: 1280, height: 800, minWidth: 1024, minHeight: 700, show: false, title: 'CPChain',
      webPreferences: { preload: join(import.meta.dirname, '../preload/index.cjs'), sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false, spellcheck: false },
    });
    current = window;
    window.once('ready-to-show', () => window.show());
    window.on('closed', () => (current = null));
    window.webContents.on('did-finish-load', () => {
      const { port1, port2 } = new MessageChannelMain();
      bridge(port1, (port) => host.connect(port));
      window.webContents.postMessage('cpchain:port', null, [port2]);
    });
    await window.loadURL(PAGE_URL);
  };
  ipcMain.handle('cpchain:pick-file', async () => {
    if (current === null) return null;
    const { canceled, filePaths } = await dialog.showOpenDialog(current, { properties: ['openFile'] });
    return canceled ? null : (filePaths[0] ?? null);
  });
  ipcMain.handle('cpchain:show-folder', (_event, path: unknown) => {
    if (typeof path === 'string' && path.length < 4096) shell.showItemInFolder(resolve(path));
  });
  app.on('activate', () => void (current === null && open()));
  app.on('second-instance', focusWindow);
  app.on('window-all-closed', () => app.quit());
  return { onReady: open };
}

/** Electron's ports and Node's are different kinds: frames pass unread between them. */
function bridge(electronPort: MessagePortMain, connect: (port: MessagePort) => void): void {
  const { port1, port2 } = new MessageChannel();
  connect(port2);
  electronPort.on('message', ({ data }: { data: unknown }) => port1.postMessage(data));
  electronPort.on('close', () => port1.close());
  port1.on('message', (data: unknown) => electronPort.postMessage(data));
  port1.on('close', () => electronPort.close());
  electronPort.start();
}

export function showFailure(message: string, detail: string): void {
  dialog.showMessageBoxSync({ type: 'error', title: 'CPChain', message, detail });
}
