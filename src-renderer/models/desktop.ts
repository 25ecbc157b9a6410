/** What Electron's preload adds to the page; a browser has none of it. */
interface ElectronBridge {
  readonly pickFile: () => Promise<string | null>;
  readonly showFolder: (path: string) => void;
}

declare global {
  interface Window {
    readonly cpchain?: ElectronBridge;
  }
}

const bridge = window.cpchain;

export const isDesktop = bridge !== undefined;
export const pickFile: (() => Promise<string | null>) | null = bridge?.pickFile ?? null;
export const showFolder: ((path: string) => void) | null = bridge?.showFolder ?? null;
