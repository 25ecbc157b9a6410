/** JSON-RPC of a whole node: where the token is, what it opens, and that nothing tells it. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient } from './api/contract/index.ts';
import { router } from './api/router.ts';
import { systemClock } from './base/clock.ts';
import { openNodeLog, type NodeLog } from './node-log.ts';
import { startNode, type RunningNode } from './node.ts';
import { scaledClock } from './testing/scaled-clock.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'rpc-access-'));
let log: NodeLog;
let node: RunningNode;
let api: ApiClient;

beforeAll(async () => {
  log = openNodeLog(dataDir, 'debug');
  node = await startNode({ dataDir, version: 'test', carrier: 'headless', rpcPort: 0, ipfsPort: null, ipfsPeers: [], keysCost: 'light', workers: 1 }, { log, clock: scaledClock(20, systemClock.now()) });
  api = createRouterClient(router, { context: { services: node.services, log } });
  await api.app.chooseNetwork({ network: 'practice' });
});
afterAll(async () => {
  await node.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function ask(method: string, params: readonly unknown[], token?: string): Promise<{ readonly result?: unknown; readonly error?: { readonly code: number; readonly message: string } }> {
  const { rpcUrl } = await api.node.state();
  const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  const response = await fetch(rpcUrl ?? '', { method: 'POST', headers, body: JSON.stringify({ id: 1, method, params }) });
  return (await response.json()) as object;
}

describe('JSON-RPC of a running node', () => {
  it('opens to the holder of the file that the node page names, and to nobody else', async () => {
    const { rpcTokenPath } = await api.node.state();
    expect(rpcTokenPath).toBe(join(dataDir, 'rpc-token'));
    expect(statSync(rpcTokenPath ?? '').mode & 0o777).toBe(0o600);
    const secret = readFileSync(rpcTokenPath ?? '', 'utf8').trim();
    expect(await ask('admin_datadir', [])).toMatchObject({ error: { code: -32001, message: expect.stringContaining(rpcTokenPath ?? '') as string } });
    expect(await ask('admin_datadir', [], secret)).toMatchObject({ result: dataDir });
    expect(await ask('debug_chaindbProperty', ['stats'], secret)).toMatchObject({ result: expect.stringContaining('Compactions') as string });
    expect(await ask('miner_stop', [], secret)).toMatchObject({ error: { code: -32000 } });
  });

  it('writes its chain to a file and takes one while it goes on', async () => {
    const secret = readFileSync(join(dataDir, 'rpc-token'), 'utf8').trim();
    const file = join(dataDir, 'copy.rlp.gz');
    expect(await ask('admin_exportChain', [file], secret)).toMatchObject({ result: true });
    expect(await ask('admin_importChain', [file], secret)).toMatchObject({ result: true });
    const head = (await api.node.state()).head?.number ?? 0;
    await expect.poll(async () => (await api.node.state()).head?.number, { timeout: 10_000 }).toBeGreaterThan(head);
  });

  it('knows of committees that stay, as those of the practice network do', async () => {
    const { result } = await ask('dpor_getSnapshot', ['0x0']);
    const { proposers } = await api.node.state();
    expect(result).toMatchObject({ mode: 0, proposers: { 0: proposers.map((address) => address.toLowerCase()) } });
  });

  it('keeps the token out of the log and of what the page shows', async () => {
    const secret = readFileSync(join(dataDir, 'rpc-token'), 'utf8').trim();
    await ask('admin_exportChain', [join(dataDir, 'no', 'such', 'folder')], secret);
    const shown = JSON.stringify([log.recent(), await api.node.state(), await api.app.diagnostics()]);
    const written = readdirSync(join(dataDir, 'logs')).map((name) => readFileSync(join(dataDir, 'logs', name), 'utf8')).join('');
    expect(`${shown}${written}`).not.toContain(secret);
  });
});

describe('a token whose file cannot be used', () => {
  it('authorises nobody, and the network starts without it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'no-token-'));
    mkdirSync(join(folder, 'rpc-token'));
    const other = await startNode({ dataDir: folder, version: 'test', carrier: 'headless', rpcPort: 0, ipfsPort: null, ipfsPeers: [], keysCost: 'light', workers: 1 }, { log: openNodeLog(folder, 'debug'), clock: scaledClock(20, systemClock.now()) });
    const own: ApiClient = createRouterClient(router, { context: { services: other.services, log } });
    try {
      await own.app.chooseNetwork({ network: 'practice' });
      expect(await own.node.state()).toMatchObject({ rpcUrl: expect.stringContaining('http:') as string, rpcTokenPath: null });
    } finally {
      await other.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
