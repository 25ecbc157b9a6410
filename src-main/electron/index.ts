/** Electron main process: small modules, each `init(deps) -> { onReady?, onQuit? }`. */
import { app } from 'electron';
import { join } from 'node:path';
import { toCoded } from '../../src-node/base/errors.ts';
import { startNodeHost } from '../shared/node-host.ts';
import { VERSION } from '../shared/version.ts';
import * as deepLinks from './modules/deep-links.ts';
import * as menu from './modules/menu.ts';
import type { ElectronModule, ModuleDeps } from './modules/module.ts';
import * as permissions from './modules/permissions.ts';
import * as protocol from './modules/protocol.ts';
import * as window from './modules/window.ts';

app.enableSandbox();
protocol.register();

if (!app.requestSingleInstanceLock()) app.quit();
else void main();

async function main(): Promise<void> {
  await app.whenReady();
  const dataDir = app.commandLine.getSwitchValue('data-dir') || join(app.getPath('appData'), 'cpchain-desktop');
  try {
    const host = await startNodeHost(
      { dataDir, version: VERSION, carrier: 'electron', rpcPort: 0, ipfsPort: null, ipfsPeers: [], keysCost: 'standard', workers: 2 },
      { onExit: () => app.quit() },
    );
    const deps: ModuleDeps = { host, page: join(import.meta.dirname, '../renderer') };
    const modules: readonly ElectronModule[] = [permissions, protocol, menu, window, deepLinks].map(({ init }) => init(deps));
    for (const { onReady } of modules) await onReady?.();
    app.on('will-quit', (event) => {
      event.preventDefault();
      for (const { onQuit } of modules) onQuit?.();
      void host.close().finally(() => app.exit(0));
    });
  } catch (error) {
    const { message, help, code } = toCoded(error);
    window.showFailure(message, `${help ?? ''}\n(${code})`);
    app.exit(1);
  }
}
