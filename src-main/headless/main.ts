/** The headless shell: the same node and the same page, in a browser on loopback. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '../../src-node/base/clock.ts';
import { toCoded } from '../../src-node/base/errors.ts';
import { silentLogger } from '../../src-node/base/logger.ts';
import { startNodeHost } from '../shared/node-host.ts';
import { VERSION } from '../shared/version.ts';
import { ApiSocket } from './api-socket.ts';
import { openBrowser } from './browser.ts';
import { HeadlessServer } from './server.ts';
import { Sessions } from './session.ts';

const PAGE = fileURLToPath(new URL('../../out/renderer/', import.meta.url));
const HELP = `Options:
  --data-dir DIR     where this profile lives (default ~/.cpchain-desktop)
  --port N           port of the page on 127.0.0.1 (default 0: any free one)
  --rpc-port N       port of the JSON-RPC server on 127.0.0.1 (default 0)
                     (what is not open to every program wants the token in DIR/rpc-token)
  --rpc-origin URL   origin of a page of the web that may use JSON-RPC; may be repeated (default: none)
  --ipfs-port N      port of the IPFS node on 127.0.0.1, started at once (default: any free one, when it is needed)
  --ipfs-peer ADDR   full address of an IPFS peer to talk to; may be repeated
  --no-open          print the address, do not open a browser`;

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string' }, port: { type: 'string', default: '0' }, 'rpc-port': { type: 'string', default: '0' }, 'rpc-origin': { type: 'string', multiple: true, default: [] }, 'ipfs-port': { type: 'string' },
    'ipfs-peer': { type: 'string', multiple: true, default: [] }, 'no-open': { type: 'boolean', default: false }, 'light-keys': { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
  },
});

try {
  if (values.help) console.log(HELP);
  else await run();
} catch (error) {
  const { message, help, code } = toCoded(error);
  console.error(`${message}${help === undefined ? '' : `\n${help}`}\n(${code})`);
  process.exit(1);
}

async function run(): Promise<void> {
  const host = await startNodeHost(
    {
      dataDir: values['data-dir'] ?? join(homedir(), '.cpchain-desktop'), version: VERSION, carrier: 'headless', rpcPort: Number(values['rpc-port']), rpcOrigins: values['rpc-origin'].map((origin) => origin.toLowerCase().replace(/\/$/, '')), ipfsPort: values['ipfs-port'] === undefined ? null : Number(values['ipfs-port']),
      ipfsPeers: values['ipfs-peer'], keysCost: values['light-keys'] ? 'light' : 'standard', workers: 2,
    },
    { onExit: (code) => process.exit(code) },
  );
  const sessions = new Sessions({ clock: systemClock });
  const socket = new ApiSocket({ connect: (port) => host.connect(port) });
  const files = { upload: (uploadId: string) => host.shell.upload({ uploadId }), opened: (order: string) => host.shell.opened({ order }) };
  const server = new HeadlessServer({ host: '127.0.0.1', port: Number(values.port), page: PAGE }, { sessions, socket, files, log: silentLogger });
  const url = `${await server.listen()}/#code=${sessions.issueCode()}`;
  console.log(`CPChain Desktop runs at\n\n  ${url}\n\nThe address opens once and within two minutes. Press Enter for a fresh one, Ctrl C to stop.`);
  if (!values['no-open']) openBrowser(url);
  if (process.stdin.isTTY) process.stdin.on('data', () => console.log(`${url.slice(0, url.indexOf('#'))}#code=${sessions.issueCode()}`)).unref();
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void server.close().then(() => host.close()).then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
