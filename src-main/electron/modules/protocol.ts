/** The page comes from `app://page/`, with the same headers as in the headless shell; nothing outside its folder is served. */
import { net, protocol } from 'electron';
import { join, normalize, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SECURITY_HEADERS } from '../../headless/headers.ts';
import type { ElectronModule, ModuleDeps } from './module.ts';

export const PAGE_URL = 'app://page/index.html';

/** Before the application is ready. */
export function register(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
}

export function init({ page }: ModuleDeps): ElectronModule {
  return {
    onReady: () => {
      protocol.handle('app', async (request) => {
        const url = new URL(request.url);
        const path = normalize(join(page, decodeURIComponent(url.pathname)));
        if (url.host !== 'page' || !path.startsWith(page + sep)) return new Response(null, { status: 404 });
        const response = await net.fetch(pathToFileURL(path).href);
        const headers = new Headers(response.headers);
        for (const [name, value] of Object.entries(SECURITY_HEADERS)) headers.set(name, value);
        return new Response(response.body, { status: response.status, headers });
      });
    },
  };
}
