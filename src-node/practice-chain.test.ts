import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from './base/clock.ts';
import { silentLogger } from './base/logger.ts';
import { sign } from './crypto/secp256k1.ts';
import { LevelStore } from './db/level-store.ts';
import { network } from './networks/network.ts';
import { practiceKeys } from './networks/practice.ts';
import { startPracticeChain } from './practice-chain.ts';
import { encodeTransaction, signTransaction } from './primitives/transaction.ts';

const { chainId } = network('practice');
let dataDir: string;
beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'practice-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

it('closes its store when it cannot put the market there', async () => {
  // a dearer transaction stands where the first contract of the market goes
  const dearer = signTransaction({ type: 0n, nonce: 0n, gasPrice: 10n ** 15n, gasLimit: 21_000n, to: new Uint8Array(20), value: 0n, payload: new Uint8Array(0) }, chainId, (digest) => sign(digest, practiceKeys(chainId).faucet));
  mkdirSync(join(dataDir, 'practice'));
  writeFileSync(join(dataDir, 'practice', 'transactions.rlp'), encodeTransaction(dearer));
  await expect(startPracticeChain({ dataDir }, { clock: systemClock, log: silentLogger })).rejects.toMatchObject({ code: 'TRANSACTION_REFUSED' });
  const store = await LevelStore.open({ path: join(dataDir, 'practice', 'chain') });
  await store.close();
});
