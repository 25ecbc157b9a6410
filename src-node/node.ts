/** The composition root: builds everything from `(options)`, wires ports, and returns what the shells carry. */
import { join } from 'node:path';
import { statfs, readdir, stat } from 'node:fs/promises';
import { RPCHandler } from '@orpc/server/message-port';
import type { MessagePort } from 'node:worker_threads';
import { systemClock, type Clock } from './base/clock.ts';
import { CodedError, isCoded } from './base/errors.ts';
import { systemFiles } from './base/files.ts';
import { ChangeFeed } from './api/change-feed.ts';
import type { AppStatus, Diagnostics } from './api/contract/app.ts';
import { guardedPort } from './api/guarded-port.ts';
import type { ApiContext } from './api/procedures.ts';
import { router } from './api/router.ts';
import type { Services } from './api/services.ts';
import { ProfileStore } from './api/settings.ts';
import { shellRouter } from './api/shell-procedures.ts';
import { KeysClient } from './keys/client.ts';
import { packagePool } from './market/pdp/pool.ts';
import { setPracticeAside } from './practice-chain.ts';
import { startNetwork, type NetworkRuntime } from './network-runtime.ts';
import type { NodeLog } from './node-log.ts';
import { FolderConnector } from './otp/folder.ts';
import { IpfsOnDemand } from './otp/ipfs-on-demand.ts';

export interface NodeOptions {
  readonly dataDir: string;
  readonly version: string;
  readonly carrier: AppStatus['carrier'];
  /** 0 lets the system choose. */
  readonly rpcPort: number;
  /** Pages of the web that may use JSON-RPC, by origin. Default: none. */
  readonly rpcOrigins?: readonly string[];
  /** Null starts the IPFS node when it is first needed. */
  readonly ipfsPort: number | null;
  /** IPFS peers named by the user or the program, full addresses. */
  readonly ipfsPeers: readonly string[];
  /** Cost of key files; `light` for throw-away wallets of tests and the demo. */
  readonly keysCost: 'standard' | 'light';
  readonly workers: number;
}

export interface RunningNode {
  readonly services: Services;
  readonly ipfsAddresses: readonly string[];
  readonly keysPid: () => number | null;
  /** Serves the contract on a port. */
  connect(port: MessagePort): void;
  /** Serves what the shell itself asks. */
  connectShell(port: MessagePort): void;
  close(): Promise<void>;
}

export async function startNode(options: NodeOptions, modules: { readonly log: NodeLog; readonly clock?: Clock }): Promise<RunningNode> {
  const { log } = modules;
  const clock = modules.clock ?? systemClock;
  const startedAt = clock.now();
  const feed = new ChangeFeed({ clock });
  const changed = feed.publish;
  const profile = await ProfileStore.open(join(options.dataDir, 'profile.json'), systemFiles);
  const keys = new KeysClient({ folder: join(options.dataDir, 'keys'), cost: options.keysCost }, { log: log.child('keys'), onLocked: () => ['app', 'wallet'].forEach((topic) => changed(topic as 'app')) });
  await keys.call('configure', { autoLockMillis: profile.current.settings.autoLockMinutes * 60_000 });
  const ipfs = await IpfsOnDemand.open({ folder: join(options.dataDir, 'ipfs'), host: '127.0.0.1', port: options.ipfsPort, peers: options.ipfsPeers, timeoutMillis: 20_000 }, { log: log.child('ipfs'), files: systemFiles });
  const connectors = [new FolderConnector({ folder: join(options.dataDir, 'objects') }, { files: systemFiles }), ipfs];
  const pool = packagePool({ size: options.workers });
  let runtime: NetworkRuntime | null = null;
  let question: AppStatus['question'] = null;

  const start = async (name: 'practice' | 'mainnet', remoteUrl: string | null, readOnly = false): Promise<void> => {
    runtime = await startNetwork({ dataDir: options.dataDir, name, remoteUrl, readOnly, rpcPort: options.rpcPort, rpcOrigins: options.rpcOrigins ?? [], version: options.version }, { keys, profile, connectors, pool, clock, log, changed });
  };
  /** An older practice chain is a question to the user, not a failure. */
  const startOrAsk = async (name: 'practice' | 'mainnet', remoteUrl: string | null): Promise<void> => {
    try {
      question = null;
      await start(name, remoteUrl);
    } catch (error) {
      if (name !== 'practice' || !isCoded(error, 'OTHER_GENESIS')) throw error;
      question = 'old-practice-chain';
    }
  };
  /** Choices of networks one after another: two windows may ask at once, and only one network may run. */
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const run = turn.then(work);
    turn = run.catch(() => undefined);
    return run;
  };
  const services: Services = {
    clock, profile, keys, carrier: options.carrier, version: options.version, changed,
    network: () => {
      if (runtime === null) throw new CodedError('NO_NETWORK', 'No network is chosen yet.', { help: 'Choose one on the first page.' });
      return runtime.services;
    },
    hasNetwork: () => runtime !== null,
    chooseNetwork: (name, remoteUrl) => inTurn(async () => {
      if (name === 'mainnet' && remoteUrl === null) throw new CodedError('REMOTE_NEEDED', 'This release does not sync the main network itself yet.', { help: 'Enter the JSON-RPC address of a node that you trust, or choose the practice network.' });
      await runtime?.close();
      runtime = null;
      await startOrAsk(name, remoteUrl);
      await profile.change({ network: { name, remoteUrl } });
    }),
    question: () => question,
    answerOldChain: (keep) => inTurn(async () => {
      if (question === null) throw new CodedError('NO_QUESTION', 'The practice chain is not waiting for an answer.', { help: 'Read the state of the program again.' });
      if (!keep) {
        const { practice: _, ...contracts } = profile.current.contracts;
        const { practice: __, ...streamContracts } = profile.current.streamContracts;
        log.info('the old practice chain was moved aside', { folder: await setPracticeAside(options, { clock }) });
        await profile.change({ contracts, streamContracts });
      }
      await start('practice', null, keep);
      question = null;
    }),
    diagnostics: () => diagnostics(options, log, startedAt, keys.pid),
    changes: feed.follow,
    step: () => runtime?.step(),
  };
  const chosen = profile.current.network;
  if (chosen !== null) await startOrAsk(chosen.name, chosen.remoteUrl);

  const handler = new RPCHandler(router);
  const shellHandler = new RPCHandler(shellRouter);
  const context = { services, log: log.child('api') };
  const serve = (rpc: RPCHandler<ApiContext>, port: MessagePort): void => {
    rpc.upgrade(guardedPort(port, context), { context });
    port.start();
  };
  return {
    services,
    ipfsAddresses: ipfs.addresses,
    keysPid: () => keys.pid,
    connect: (port) => serve(handler, port),
    connectShell: (port) => serve(shellHandler, port),
    close: async () => {
      feed.close();
      await turn;
      await runtime?.close();
      await pool.close();
      await ipfs.close();
      await keys.close();
    },
  };
}

async function diagnostics(options: NodeOptions, log: NodeLog, startedAt: number, keysPid: number | null): Promise<Diagnostics> {
  const disk = await statfs(options.dataDir);
  return {
    version: options.version,
    runtime: `Node ${process.versions.node}`,
    platform: `${process.platform} ${process.arch}`,
    dataDirectory: options.dataDir,
    startedAt,
    processes: [
      { name: 'node', pid: process.pid, rssBytes: process.memoryUsage.rss() },
      ...(keysPid === null ? [] : [{ name: 'keys' as const, pid: keysPid, rssBytes: await rssOf(keysPid) }]),
    ],
    diskFreeBytes: disk.bavail * disk.bsize,
    chainBytes: await folderBytes(join(options.dataDir, 'practice', 'chain')),
    log: log.recent(),
  };
}

/** Null where the system does not tell. */
async function rssOf(pid: number): Promise<number | null> {
  const status = await systemFiles.read(`/proc/${pid}/status`, 100_000).catch(() => null);
  const kilobytes = status === null ? undefined : /VmRSS:\s+(\d+) kB/.exec(Buffer.from(status).toString('utf8'))?.[1];
  return kilobytes === undefined ? null : Number(kilobytes) * 1024;
}

async function folderBytes(path: string): Promise<number> {
  const names = await readdir(path).catch(() => []);
  const sizes = await Promise.all(names.map((name) => stat(join(path, name)).then(({ size }) => size, () => 0)));
  return sizes.reduce((sum, size) => sum + size, 0);
}
