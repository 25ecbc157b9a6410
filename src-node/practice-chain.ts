/** The practice network inside the program: chain, pool, committee and the transactions that put market and streams there. */
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { toHex, type Bytes } from './base/bytes.ts';
import { millis, type Clock } from './base/clock.ts';
import { CodedError } from './base/errors.ts';
import { fileError, systemFiles } from './base/files.ts';
import type { Logger } from './base/logger.ts';
import { Chain } from './chain/chain.ts';
import { BlockExaminer } from './chain/examination/block-examiner.ts';
import { LocalReader } from './chain/local-reader.ts';
import { poolHeadOf } from './chain/pool/chain-head.ts';
import { PoolJournal } from './chain/pool/journal.ts';
import { SEALING_PRICE_FLOOR } from './chain/pool/limits.ts';
import { TransactionPool } from './chain/pool/transaction-pool.ts';
import { DEPLOYMENT_GAS, marketDeployment } from './contracts/deploy.ts';
import { marketParameters } from './contracts/market-parameters.ts';
import { addressOf, sign } from './crypto/secp256k1.ts';
import { LevelStore } from './db/level-store.ts';
import type { DatabaseUpkeep } from './db/store.ts';
import { CommitteeSealer } from './dpor/committee-sealer.ts';
import { DporHeaderVerifier } from './dpor/header-verifier.ts';
import { networkNamed } from './networks/network.ts';
import { practiceKeys } from './networks/practice.ts';
import { PracticeStreams } from './practice-streams.ts';
import { encodeTransaction, signTransaction } from './primitives/transaction.ts';
import { GasPriceOracle } from './rpc/gas-price-oracle.ts';

const RETRY_MILLIS = millis(5000);

export interface PracticeChainOptions {
  readonly dataDir: string;
}

/** What wallet and node page need of a practice chain, whether it goes on or is only read. */
export interface PracticeChain {
  readonly chain: Chain;
  /** Of the chain. */
  readonly database: DatabaseUpkeep;
  readonly pool: TransactionPool;
  readonly reader: LocalReader;
  /** Base units per gas. */
  readonly gasPrice: () => bigint;
  /** Null for a chain that is only read. */
  readonly faucetKey: Bytes | null;
  close(): Promise<void>;
}

/** @throws OTHER_GENESIS when the chain began with an older version's first block */
export async function startPracticeChain(options: PracticeChainOptions, modules: { readonly clock: Clock; readonly log: Logger }): Promise<PracticeChain & { readonly faucetKey: Bytes }> {
  const { clock, log } = modules;
  const network = networkNamed('practice');
  const keys = practiceKeys(network.chainId);
  const folder = practiceFolder(options.dataDir);
  const { chain, database, closeStore } = await openChain(folder, { anyGenesis: false }, log);
  const journal = new PoolJournal({ path: join(folder, 'transactions.rlp') }, { files: systemFiles, clock, logger: log.child('pool') });
  const pool = new TransactionPool({ chainId: network.chainId }, { head: poolHeadOf(chain), clock, logger: log.child('pool'), journal });
  const oracle = new GasPriceOracle({ chain });
  const gasPrice = (): bigint => oracle.suggest();
  const reader = new LocalReader({ chain, pool, gasPrice, clock });
  const streams = new PracticeStreams(keys, { reader, pool, log: log.child('streams') });
  try {
    await pool.restore();
    chain.events.on('head', () => pool.reset());
    pool.events.on('dropped', ({ pooled, reason }) => log.info('a transaction left the pool without a block', { hash: toHex(pooled.hash), reason }));
    await deployMarket(reader, keys.faucet);
    await streams.fund();
  } catch (error) {
    await journal.close(); // as it is: what could not be taken up is still there
    await closeStore(); // it may be tried again
    throw error;
  }
  const abort = new AbortController();
  pool.setPriceFloor(SEALING_PRICE_FLOOR);
  const upkeep = pool.run(abort.signal);
  const sealer = new CommitteeSealer({ network, keys }, { chain, clock, logger: log.child('sealer'), pending: () => pool.pending() });
  const sealing = keepSealing(sealer, clock, log, abort.signal);
  streams.start();
  return {
    chain,
    database,
    pool,
    reader,
    gasPrice,
    faucetKey: keys.faucet,
    close: async () => {
      abort.abort();
      await Promise.all([sealing, upkeep, streams.stop()]);
      await chain.close();
      await pool.close();
      await closeStore();
    },
  };
}

/** A disk that is full now has space again some time: sealing goes on then by itself. */
async function keepSealing(sealer: CommitteeSealer, clock: Clock, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await sealer.run(signal);
    } catch (error) {
      log.error('the practice network stands still; it is tried again', {}, error);
      await clock.sleep(RETRY_MILLIS, signal);
    }
  }
}

/** A practice chain of an older version: its blocks, balances and purchases can be looked at; nothing is sealed or sent. */
export async function openOldPracticeChain(options: PracticeChainOptions, modules: { readonly clock: Clock; readonly log: Logger }): Promise<PracticeChain> {
  const { clock, log } = modules;
  const { chain, database, closeStore } = await openChain(practiceFolder(options.dataDir), { anyGenesis: true }, log);
  const pool = new TransactionPool({ chainId: chain.network.chainId }, { head: poolHeadOf(chain), clock, logger: log.child('pool') });
  const oracle = new GasPriceOracle({ chain });
  const gasPrice = (): bigint => oracle.suggest();
  const reader = new ClosedReader({ chain, pool, gasPrice, clock });
  return { chain, database, pool, reader, gasPrice, faucetKey: null, close: closeStore };
}

/** Moves everything of the practice network aside, so that it starts anew. Nothing is deleted. @returns where it lies now */
export async function setPracticeAside(options: PracticeChainOptions, modules: { readonly clock: Clock }): Promise<string> {
  const stamp = new Date(modules.clock.now()).toISOString().replace(/[-:]|\.\d+Z$/g, '');
  const target = join(options.dataDir, `practice-old-${stamp}`);
  try {
    await rename(practiceFolder(options.dataDir), target);
  } catch (error) {
    throw fileError(error, target);
  }
  return target;
}

class ClosedReader extends LocalReader {
  override send(): Promise<Bytes> {
    return Promise.reject(new CodedError('CHAIN_READ_ONLY', 'This practice chain is of an older version and can only be looked at; nothing was sent.', { help: 'Start the program again to choose a new practice chain.' }));
  }
}

function practiceFolder(dataDir: string): string {
  return join(dataDir, 'practice');
}

async function openChain(folder: string, options: { readonly anyGenesis: boolean }, log: Logger): Promise<{ readonly chain: Chain; readonly database: DatabaseUpkeep; readonly closeStore: () => Promise<void> }> {
  const network = networkNamed('practice');
  const store = await LevelStore.open({ path: join(folder, 'chain') });
  const examiner = new BlockExaminer({ chainId: network.chainId, workers: 0 });
  const closeStore = async (): Promise<void> => {
    await examiner.close();
    await store.close();
  };
  try {
    // small enough to keep all its states, out of which movements of a wallet that comes back are read
    const chain = await Chain.open({ network, archive: true, ...options }, { store, verifier: new DporHeaderVerifier(network), examiner, logger: log.child('chain') });
    return { chain, database: store, closeStore };
  } catch (error) {
    await closeStore(); // its folder may be moved, or opened again to be read
    throw error;
  }
}

/** By ordinary transactions of the faucet's first three nonces, so that every practice network has its market at the same place. */
async function deployMarket(reader: LocalReader, faucetKey: Bytes): Promise<void> {
  const deployer = addressOf(faucetKey);
  const next = await reader.nextNonceOf(deployer); // what waits for its block is not sent again, at another price
  const { periodMillis } = networkNamed('practice').dpor;
  const parameters = marketParameters('practice', { chainId: reader.chainId, genesisHash: toHex(reader.genesisHash), periodMillis });
  const gasPrice = await reader.gasPrice();
  for (const { nonce, data } of marketDeployment({ deployer: toHex(deployer), nonce: 0n, parameters })) {
    if (nonce < next) continue;
    const unsigned = { type: 0n, nonce, gasPrice, gasLimit: DEPLOYMENT_GAS, to: null, value: 0n, payload: data };
    await reader.send(encodeTransaction(signTransaction(unsigned, reader.chainId, (digest) => sign(digest, faucetKey))));
  }
}
