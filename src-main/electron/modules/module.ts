import type { NodeHost } from '../../shared/node-host.ts';

export interface ModuleDeps {
  readonly host: NodeHost;
  /** Folder of the built page. */
  readonly page: string;
}

export interface ElectronModule {
  readonly onReady?: () => void | Promise<void>;
  readonly onQuit?: () => void;
}
