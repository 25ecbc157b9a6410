/** All that the page gets from Electron: the port of the contract, a file picker, and "show in folder". CommonJS, sandboxed. */
import { contextBridge, ipcRenderer } from 'electron';

ipcRenderer.on('cpchain:port', (event) => {
  window.postMessage('cpchain:port', window.location.origin, event.ports);
});

contextBridge.exposeInMainWorld('cpchain', {
  pickFile: (): Promise<unknown> => ipcRenderer.invoke('cpchain:pick-file'),
  showFolder: (path: string): void => void ipcRenderer.invoke('cpchain:show-folder', path),
});
