/** What the command line does with a chain: the composition of store, verifier and workers for one command. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { toHex, type Hex } from './base/bytes.ts';
import { silentLogger } from './base/logger.ts';
import { Chain } from './chain/chain.ts';
import { BlockExaminer } from './chain/examination/block-examiner.ts';
import { exportTo, importFrom } from './chain/file/exchange.ts';
import type { ImportProgress } from './chain/import/import-blocks.ts';
import { LevelStore } from './db/level-store.ts';
import { DporHeaderVerifier, type VerifierOptions } from './dpor/header-verifier.ts';
import { networkNamed } from './networks/network.ts';

export interface ChainToolOptions {
  /** Name of the network. */
  readonly network: string;
  readonly dataDir: string;
  readonly file: string;
}

export interface ImportFileOptions extends ChainToolOptions, VerifierOptions {
  /** Keeps the states of all blocks that are imported. Default false. */
  readonly archive?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ChainReport {
  readonly head: number;
  readonly hash: Hex;
  readonly stateRoot: Hex;
  /** Imported or exported. */
  readonly blocks: number;
  readonly transactions: number;
  /** From opening the file to the head that is on disk, or to the whole file. */
  readonly seconds: number;
}

/** More threads than this wait for the one that executes. */
const MAX_WORKERS = 4;

/** Where the chain of a network lives in a data folder. */
export function chainFolder(dataDir: string, network: string): string {
  return join(dataDir, network, 'chain');
}

/**
 * Imports a chain file after the head of the chain in the data folder.
 * @throws WRONG_GENESIS, UNKNOWN_NETWORK, BAD_BLOCK_FILE, CodedError<BlockErrorCode>, CodedError<StoreErrorCode>, CodedError<FileErrorCode>
 */
export function importChainFile(options: ImportFileOptions): Promise<ChainReport> {
  return withChain(options, async (chain) => {
    const start = performance.now();
    const summary = await importFrom(options.file, chain, options);
    return report(chain, summary.blocks, summary.transactions, start);
  });
}

/** Exports all blocks of the chain in the data folder. @throws as `importChainFile`, but for blocks and genesis */
export function exportChainFile(options: ChainToolOptions): Promise<ChainReport> {
  return withChain(options, async (chain) => {
    const start = performance.now();
    const { blocks, transactions } = await exportTo(options.file, chain);
    return report(chain, blocks, transactions, start);
  });
}

async function withChain<Result>(options: ChainToolOptions & VerifierOptions & { readonly archive?: boolean }, work: (chain: Chain) => Promise<Result>): Promise<Result> {
  const network = networkNamed(options.network);
  const store = await LevelStore.open({ path: chainFolder(options.dataDir, network.name) });
  const workers = Math.min(MAX_WORKERS, availableParallelism() - 1);
  const examiner = new BlockExaminer({ chainId: network.chainId, workers });
  try {
    const chain = await Chain.open({ network, archive: options.archive === true }, { store, examiner, verifier: new DporHeaderVerifier(network, options), logger: silentLogger });
    return await work(chain);
  } finally {
    await examiner.close();
    await store.close();
  }
}

function report(chain: Chain, blocks: number, transactions: number, start: number): ChainReport {
  const { header, hash } = chain.head;
  const seconds = Math.round(performance.now() - start) / 1000;
  return { head: Number(header.number), hash: toHex(hash), stateRoot: toHex(header.stateRoot), blocks, transactions, seconds };
}
