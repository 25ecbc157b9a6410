import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { toHex } from './base/bytes.ts';
import { systemClock } from './base/clock.ts';
import { silentLogger } from './base/logger.ts';
import { DEPLOYMENT_GAS, marketDeployment } from './contracts/deploy.ts';
import { marketParameters } from './contracts/market-parameters.ts';
import { addressOf, sign } from './crypto/secp256k1.ts';
import { LevelStore } from './db/level-store.ts';
import { network } from './networks/network.ts';
import { practiceKeys } from './networks/practice.ts';
import { startPracticeChain } from './practice-chain.ts';
import { encodeTransaction, signTransaction } from './primitives/transaction.ts';
import { Faucet } from './wallet/faucet.ts';
import { openWalletStore } from './wallet/store.ts';

const { chainId } = network('practice');
let dataDir: string;
beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'practice-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

it('closes its store when it cannot put the market there', async () => {
  // a dearer transaction stands where the second contract of the market goes
  const dearer = signTransaction({ type: 0n, nonce: 1n, gasPrice: 10n ** 15n, gasLimit: 21_000n, to: new Uint8Array(20), value: 0n, payload: new Uint8Array(0) }, chainId, (digest) => sign(digest, practiceKeys(chainId).faucet));
  mkdirSync(join(dataDir, 'practice'));
  writeFileSync(join(dataDir, 'practice', 'transactions.rlp'), encodeTransaction(dearer));
  await expect(startPracticeChain({ dataDir }, { clock: systemClock, log: silentLogger })).rejects.toMatchObject({ code: 'TRANSACTION_REFUSED' });
  const store = await LevelStore.open({ path: join(dataDir, 'practice', 'chain') });
  await store.close();
});

it('sends no contract of the market again that waits for its block at another price', async () => {
  const { faucet } = practiceKeys(chainId);
  const first = await startPracticeChain({ dataDir }, { clock: systemClock, log: silentLogger });
  const { genesisHash } = first.reader;
  const gasPrice = 2n * first.gasPrice();
  await first.close();
  rmSync(join(dataDir, 'practice'), { recursive: true });
  mkdirSync(join(dataDir, 'practice'));
  const parameters = marketParameters('practice', { chainId, genesisHash: toHex(genesisHash), periodMillis: network('practice').dpor.periodMillis });
  const deployment = marketDeployment({ deployer: toHex(addressOf(faucet)), nonce: 0n, parameters });
  const sent = deployment.map(({ nonce, data }) => encodeTransaction(signTransaction({ type: 0n, nonce, gasPrice, gasLimit: DEPLOYMENT_GAS, to: null, value: 0n, payload: data }, chainId, (digest) => sign(digest, faucet))));
  writeFileSync(join(dataDir, 'practice', 'transactions.rlp'), Buffer.concat(sent));
  const practice = await startPracticeChain({ dataDir }, { clock: systemClock, log: silentLogger });
  try {
    await vi.waitFor(async () => expect(await practice.reader.nonceOf(addressOf(faucet))).toBeGreaterThanOrEqual(BigInt(deployment.length)), { timeout: 20_000, interval: 50 });
  } finally {
    await practice.close();
  }
}, 60_000);

it('gives practice money while the contracts of the market are still waiting for their block', async () => {
  const practice = await startPracticeChain({ dataDir }, { clock: systemClock, log: silentLogger });
  const db = openWalletStore(':memory:');
  try {
    const faucet = new Faucet({ key: practice.faucetKey, limit: 1n }, { reader: practice.reader, db });
    const account = new Uint8Array(20).fill(7);
    const [hash] = await Promise.all([faucet.give(account, 1n), expect(faucet.give(account, 1n)).rejects.toMatchObject({ code: 'FAUCET_LIMIT' })]);
    await vi.waitFor(async () => expect((await practice.reader.receipt(hash))?.ok).toBe(true), { timeout: 20_000, interval: 50 });
    expect(await practice.reader.balanceOf(account)).toBe(1n);
  } finally {
    db.close();
    await practice.close();
  }
}, 30_000);
