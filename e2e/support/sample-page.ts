/** The window over the sample world, served to a browser; no node stands behind it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import sirv from 'sirv';
import { ensureSamplePage } from '../../scripts/lib/page.mjs';

export interface SamplePage {
  /** Address of the page, to be followed by `?options#/route`. */
  readonly url: string;
  stop(): Promise<void>;
}

export async function serveSamplePage(): Promise<SamplePage> {
  const server = createServer(sirv(ensureSamplePage()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/testing/index.html`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
