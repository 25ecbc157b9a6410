/** What the desktop program adds to the page; a browser has none of it. */
interface DesktopBridge {
  readonly pickFile: () => Promise<string | null>;
  readonly showFolder: (path: string) => void;
}

const bridge = (window as { readonly cpchain?: DesktopBridge }).cpchain;

export const pickFile: (() => Promise<string | null>) | null = bridge?.pickFile ?? null;
export const showFolder: ((path: string) => void) | null = bridge?.showFolder ?? null;
