/** The node's thread as both shells see it. */
import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import type { shell } from '../../src-node/api/contract/shell.ts';
import { CodedError } from '../../src-node/base/errors.ts';
import { moduleUrl } from '../../src-node/base/modules.ts';
import type { NodeOptions } from '../../src-node/node.ts';
import type { FromNode, ToNode } from '../../src-node/node-thread.ts';

export type ShellClient = ContractRouterClient<typeof shell>;

export interface NodeHost {
  readonly shell: ShellClient;
  readonly ipfsAddresses: readonly string[];
  /** Gives the node one end of a window's connection. */
  connect(port: MessagePort): void;
  close(): Promise<void>;
}

/** Heap of what lives shortly; by itself the engine lets it grow to many times that before it cleans up. */
const YOUNG_MIB = 12;

/** @throws what the node could not start with (DATABASE_LOCKED …) */
export async function startNodeHost(options: NodeOptions, modules: { readonly onExit: (code: number) => void }): Promise<NodeHost> {
  const worker = new Worker(moduleUrl('../../src-node/node-thread', import.meta.url), { workerData: options, execArgv: ['--disable-warning=ExperimentalWarning'], resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } });
  const send = (message: ToNode, transfer: readonly MessagePort[] = []): void => worker.postMessage(message, transfer);
  const ready = await new Promise<Extract<FromNode, { kind: 'ready' }>>((resolve, reject) => {
    worker.once('error', reject);
    worker.on('message', (message: FromNode) => {
      if (message.kind === 'ready') resolve(message);
      if (message.kind === 'failed') reject(CodedError.fromJSON(message.error));
    });
  });
  worker.on('exit', modules.onExit);
  const { port1, port2 } = new MessageChannel();
  send({ kind: 'connect-shell', port: port2 }, [port2]);
  const link = new RPCLink({ port: port1 });
  port1.start();
  return {
    shell: createORPCClient(link),
    ipfsAddresses: ready.ipfsAddresses,
    connect: (port) => send({ kind: 'connect', port }, [port]),
    close: async () => {
      const closed = new Promise<void>((resolve) => worker.on('message', (message: FromNode) => message.kind === 'closed' && resolve()));
      send({ kind: 'close' });
      await closed;
      port1.close();
      await worker.terminate();
    },
  };
}
