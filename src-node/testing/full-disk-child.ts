/**
 * A sale on a disk that fills up: arguments are a folder on a small disk and a file to sell. Prints one JSON line per fact.
 * The disk is made by the test around it.
 */
import { closeSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import type { ApiClient } from '../api/contract/index.ts';
import { router } from '../api/router.ts';
import { systemClock } from '../base/clock.ts';
import { openNodeLog } from '../node-log.ts';
import { startNode, type RunningNode } from '../node.ts';
import { scaledClock } from './scaled-clock.ts';

const [, , disk = '', file = ''] = process.argv;
const CPC = 10n ** 18n;
const MIB = 1024 * 1024;
const ballast = join(disk, 'ballast');
const dataDir = join(disk, 'profile');
const clock = scaledClock(20, systemClock.now());
const say = (fact: Readonly<Record<string, unknown>>): void => void process.stdout.write(`${JSON.stringify(fact, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))}\n`);
const freeBytes = (): number => statfsSync(disk).bavail * statfsSync(disk).bsize;

async function until<T>(what: string, ask: () => Promise<T | null | false>): Promise<T> {
  const end = Date.now() + 60_000;
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer !== null && answer !== false) return answer;
    if (Date.now() > end) {
      say({ failed: what });
      process.exit(1);
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Leaves this much free, to the last byte when 0. */
function fill(leave: number): void {
  const handle = openSync(ballast, 'a');
  try {
    for (let piece = MIB; piece >= 1; ) {
      if (freeBytes() < leave + piece && leave > 0) return;
      try {
        writeSync(handle, new Uint8Array(piece));
      } catch {
        piece = Math.floor(piece / 16); // no room for one of this size
      }
    }
  } finally {
    closeSync(handle);
  }
}

async function start(): Promise<{ readonly node: RunningNode; readonly api: ApiClient; readonly head: () => Promise<number> }> {
  const log = openNodeLog(dataDir, 'debug');
  const node = await startNode({ dataDir, version: 'test', carrier: 'headless', rpcPort: 0, ipfsPort: null, ipfsPeers: [], keysCost: 'light', workers: 2 }, { log, clock });
  const api: ApiClient = createRouterClient(router, { context: { services: node.services, log } });
  return { node, api, head: async () => (await api.node.state()).head?.number ?? 0 };
}

let { node, api, head } = await start();
await api.app.chooseNetwork({ network: 'practice' });
const seller = (await api.wallet.importSeed({ words: `${'abandon '.repeat(23)}art`, password: 'correct horse' })).defaultAccount ?? '';
await api.wallet.faucet({ account: seller, amount: 1000n * CPC });
await until('money', async () => ((await api.wallet.view()).accounts[0]?.balance ?? 0n) > 0n);
await until('market', async () => (await api.market.status()).contracts === 'ready');
const { id } = await api.publish.createDraft({ path: file });
await api.publish.describe({ id, description: { title: 'Packed on a full disk', summary: '', description: '', category: 'other', tags: [], personalData: false, preview: false } });
await api.publish.setTerms({ id, terms: { price: 5n * CPC, bond: 10n * CPC, licenceId: 'PD-EVAL', seller } });
const ended = async (): Promise<{ readonly state: string; readonly code: string | undefined } | null> => {
  const { state, error } = await api.publish.draft({ id });
  return state === 'failed' || state === 'packed' ? { state, code: error?.code } : null;
};

fill(6 * MIB);
await api.publish.pack({ id });
say({ inTheMiddle: await until('stopped', ended) });

fill(0);
say({ free: freeBytes() });
await api.publish.pack({ id });
say({ withNothingLeft: await until('stopped again', ended) });
let stoodAt = await head();
await until('the chain stands', async () => {
  const before = stoodAt;
  await new Promise((resolve) => setTimeout(resolve, 300));
  stoodAt = await head();
  return before === stoodAt;
});
say({ readable: (await api.wallet.view()).accounts.length });

rmSync(ballast);
await until('the chain goes on', async () => (await head()) > stoodAt + 3);
await api.publish.pack({ id });
say({ afterwards: await until('packed', async () => ((await ended())?.state === 'packed' ? ended() : null)) });
await api.actions.confirm({ id: (await api.publish.prepare({ id })).id });
await until('published', async () => (await api.publish.draft({ id })).state === 'published');

const before = await head();
await node.close();
({ node, api, head } = await start());
await until('the chain goes on after a start', async () => (await head()) > before);
await until('found', async () => (await api.market.search({ text: 'full disk', sort: 'newest', offset: 0, limit: 5 })).listings.length === 1);
say({ done: true });
await node.close();
process.exit(0);
