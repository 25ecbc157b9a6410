/** A profile whose practice chain began with the first block of an older version. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiClient } from './api/contract/index.ts';
import { router } from './api/router.ts';
import { toHex } from './base/bytes.ts';
import { millis, systemClock } from './base/clock.ts';
import { silentLogger } from './base/logger.ts';
import { addressOf } from './crypto/secp256k1.ts';
import { LevelStore } from './db/level-store.ts';
import { CommitteeSealer } from './dpor/committee-sealer.ts';
import { network } from './networks/network.ts';
import { practiceKeys } from './networks/practice.ts';
import { openNodeLog } from './node-log.ts';
import { startNode, type RunningNode } from './node.ts';
import { scaledClock } from './testing/scaled-clock.ts';
import { testChain } from './testing/chains.ts';

const OLD_HEAD = 5n;
const practice = network('practice');
const keys = practiceKeys(practice.chainId);
const old = { ...practice, genesis: { ...practice.genesis, timeMillis: practice.genesis.timeMillis - 1n } };
let dataDir: string;
let node: RunningNode;
let api: ApiClient;
let oldGenesis: string;

/** A few blocks of the older version, in the place where this version looks for its own. */
async function makeOldChain(): Promise<void> {
  const store = await LevelStore.open({ path: join(dataDir, 'practice', 'chain') });
  const chain = await testChain(old, store);
  const abort = new AbortController();
  chain.events.on('head', ({ header }) => header.number >= OLD_HEAD && abort.abort());
  await new CommitteeSealer({ network: old, keys }, { chain, clock: scaledClock(50, systemClock.now()), logger: silentLogger, pending: () => [] }).run(abort.signal);
  oldGenesis = toHex(chain.genesisHash);
  await chain.close();
  await store.close();
}

async function start(): Promise<void> {
  const log = openNodeLog(dataDir, 'debug');
  node = await startNode({ dataDir, version: 'test', carrier: 'headless', rpcPort: 0, ipfsPort: null, ipfsPeers: [], keysCost: 'light', workers: 1 }, { log, clock: scaledClock(20, systemClock.now()) });
  api = createRouterClient(router, { context: { services: node.services, log } });
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'old-practice-'));
  await makeOldChain();
  await start();
  await api.app.chooseNetwork({ network: 'practice' });
});
afterEach(async () => {
  await node.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('a practice chain of an older version', () => {
  it('is moved aside once when two windows answer at once', async () => {
    const answers = await Promise.allSettled([api.app.answerOldChain({ keep: false }), api.app.answerOldChain({ keep: false })]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(answers[1]).toMatchObject({ reason: { data: { code: 'NO_QUESTION' } } });
    expect(readdirSync(dataDir).filter((name) => name.startsWith('practice-old-'))).toHaveLength(1);
    expect((await api.app.status()).question).toBeNull();
  });

  it('is a question, also at every start, and not a failure', async () => {
    expect(await api.app.status()).toMatchObject({ network: 'practice', question: 'old-practice-chain' });
    await node.close();
    await start();
    expect((await api.app.status()).question).toBe('old-practice-chain');
    await expect(api.node.state()).rejects.toMatchObject({ data: { code: 'NO_NETWORK' } });
  });

  it('is looked at without going on', async () => {
    expect((await api.app.answerOldChain({ keep: true })).question).toBeNull();
    const state = await api.node.state();
    expect(state).toMatchObject({ mode: 'stopped', reason: 'old-chain', genesisHash: oldGenesis, head: { number: Number(OLD_HEAD) }, rpcUrl: null });
    const { reader, wallet } = node.services.network();
    expect(await reader.balanceOf(addressOf(keys.faucet))).toBe(10n ** 27n);
    expect(wallet.faucet).toBeNull();
    await expect(reader.send(new Uint8Array(100))).rejects.toMatchObject({ code: 'CHAIN_READ_ONLY' });
    await systemClock.sleep(millis(500)); // ten blocks, if it were sealed
    expect((await api.node.state()).head?.number).toBe(Number(OLD_HEAD));
    await expect(api.app.answerOldChain({ keep: false })).rejects.toMatchObject({ data: { code: 'NO_QUESTION' } });
  });

  it('is moved aside whole when a new one begins', async () => {
    await api.app.answerOldChain({ keep: false });
    const state = await api.node.state();
    expect(state).toMatchObject({ mode: 'sealing', reason: null });
    expect(state.genesisHash).not.toBe(oldGenesis);
    await expect.poll(async () => (await api.node.state()).head?.number, { timeout: 20_000 }).toBeGreaterThan(1);
    const [aside] = readdirSync(dataDir).filter((name) => name.startsWith('practice-old-'));
    const store = await LevelStore.open({ path: join(dataDir, aside ?? '', 'chain') });
    expect((await testChain(old, store)).head.header.number).toBe(OLD_HEAD);
    await store.close();
  });
});
