/** The node as a worker thread of a shell, so that the window's process never waits for it. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { invariant, toCoded, type ErrorJson } from './base/errors.ts';
import { openNodeLog } from './node-log.ts';
import { startNode, type NodeOptions } from './node.ts';

/** From the shell. */
export type ToNode = { readonly kind: 'connect'; readonly port: MessagePort } | { readonly kind: 'connect-shell'; readonly port: MessagePort } | { readonly kind: 'close' };
/** To the shell. */
export type FromNode = { readonly kind: 'ready'; readonly ipfsAddresses: readonly string[] } | { readonly kind: 'failed'; readonly error: ErrorJson } | { readonly kind: 'closed' };

const parent = parentPort;
invariant(parent, 'this module runs as a worker');
const options = workerData as NodeOptions;
const log = openNodeLog(options.dataDir, 'info');
process.on('unhandledRejection', (reason) => log.error('a failure was not handled', {}, reason));

try {
  const node = await startNode(options, { log });
  parent.on('message', (message: ToNode) => {
    if (message.kind === 'connect') node.connect(message.port);
    else if (message.kind === 'connect-shell') node.connectShell(message.port);
    else void node.close().then(() => parent.postMessage({ kind: 'closed' } satisfies FromNode));
  });
  parent.postMessage({ kind: 'ready', ipfsAddresses: node.ipfsAddresses } satisfies FromNode);
} catch (error) {
  log.error('the node does not start', {}, error);
  parent.postMessage({ kind: 'failed', error: toCoded(error).toJSON() } satisfies FromNode);
}
