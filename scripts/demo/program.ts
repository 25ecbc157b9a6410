/** One program of the story: a node with its own data directory, keys process and IPFS node, driven through the contract. */
import { mkdirSync } from 'node:fs';
import { MessageChannel } from 'node:worker_threads';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { startNodeHost } from '../../src-main/shared/node-host.ts';
import { VERSION } from '../../src-main/shared/version.ts';
import type { ApiClient, Proposal } from '../../src-node/api/contract/index.ts';

export interface Program {
  readonly api: ApiClient;
  readonly dataDir: string;
  readonly ipfsAddresses: readonly string[];
  close(): Promise<void>;
}

export async function startProgram(options: { readonly dataDir: string; readonly ipfsPeers: readonly string[] }): Promise<Program> {
  mkdirSync(options.dataDir, { recursive: true });
  const host = await startNodeHost(
    { dataDir: options.dataDir, version: VERSION, carrier: 'headless', rpcPort: 0, ipfsPort: 0, ipfsPeers: options.ipfsPeers, keysCost: 'light', workers: 2 },
    { onExit: () => undefined },
  );
  const { port1, port2 } = new MessageChannel();
  host.connect(port2);
  const api: ApiClient = createORPCClient(new RPCLink({ port: port1 }));
  port1.start();
  return {
    api,
    dataDir: options.dataDir,
    ipfsAddresses: host.ipfsAddresses,
    close: async () => {
      port1.close();
      await host.close();
    },
  };
}

/** Signs what a sheet would show, and waits until its transactions are final. @returns their hashes */
export async function sign({ api }: Program, proposal: Proposal): Promise<readonly string[]> {
  await api.actions.confirm({ id: proposal.id });
  const done = await until(`${proposal.kind} is final`, async () => {
    const activity = await api.actions.get({ id: proposal.id });
    if (activity.state === 'failed') throw new StoryError(`${proposal.kind} failed: ${activity.error?.message ?? 'no reason'}`);
    return activity.state === 'final' ? activity : null;
  });
  return done.transactions.map(({ hash }) => hash);
}

export class StoryError extends Error {
  override readonly name = 'StoryError';
}

/** Asks again until there is an answer. @throws StoryError after a minute */
export async function until<T>(what: string, ask: () => Promise<T | null>, limitMillis = 60_000): Promise<T> {
  const end = Date.now() + limitMillis;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (Date.now() > end) throw new StoryError(`Waited in vain: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
