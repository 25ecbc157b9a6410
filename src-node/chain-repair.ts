/** Tools for a chain whose folder may be damaged: all that is stored is executed again, from the first block on. */
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { equal, toHex, type Bytes, type Hex } from './base/bytes.ts';
import { CodedError, isCoded, toCoded } from './base/errors.ts';
import { silentLogger } from './base/logger.ts';
import { chainFolder } from './chain-tools.ts';
import { Chain } from './chain/chain.ts';
import { BlockExaminer } from './chain/examination/block-examiner.ts';
import type { ImportProgress } from './chain/import/import-blocks.ts';
import { ChainStore } from './chain/store/chain-store.ts';
import { LevelStore } from './db/level-store.ts';
import { DporHeaderVerifier, type VerifierOptions } from './dpor/header-verifier.ts';
import { networkNamed } from './networks/network.ts';
import { encodeBlock } from './primitives/block.ts';
import { encode } from './primitives/rlp/index.ts';
import { storedReceiptToRlp } from './primitives/stored-receipt.ts';
import { transactionHash } from './primitives/transaction.ts';
import { TrieNodeStore } from './state/trie-node-store.ts';
import { walkState } from './state/walk-state.ts';

/**
 * - CHAIN_DIFFERS: what is stored beside a block is not what its execution gives; `meta` says which block and what
 * - NOTHING_TO_REPAIR: not even the first block can be read
 */
export type ChainRepairErrorCode = 'CHAIN_DIFFERS' | 'NOTHING_TO_REPAIR';

export interface ChainRepairOptions extends VerifierOptions {
  readonly network: string;
  readonly dataDir: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface VerifyReport {
  readonly head: number;
  readonly hash: Hex;
  readonly stateRoot: Hex;
  readonly transactions: number;
}

export interface RepairReport extends VerifyReport {
  /** Number of the head before; null when it could not be read. */
  readonly headBefore: number | null;
  /** Why later blocks could not be kept; null when all were. */
  readonly stoppedBy: string | null;
  /** Folder that the damaged chain was moved to. */
  readonly kept: string;
}

/**
 * Executes all stored blocks again, apart from what is stored, and compares roots, receipts and the index of transactions.
 * @throws CHAIN_DIFFERS, CodedError<BlockErrorCode>, CodedError<StoreErrorCode>; the signal's reason when it aborts
 */
export async function verifyChain(options: ChainRepairOptions): Promise<VerifyReport> {
  const store = await LevelStore.open({ path: chainFolder(options.dataDir, networkNamed(options.network).name) });
  const scratch = await mkdtemp(join(tmpdir(), 'cpchain-verify-'));
  try {
    const stored = new ChainStore(store);
    const read = new StoredBlocks(stored);
    const report = await reexecuted(options, join(scratch, 'chain'), read, async (chain) => {
      await compareAll(chain, stored, options.signal);
      await walkHead(chain, store, options.signal);
    });
    if (read.failure !== null) throw differs(read.next, 'its block cannot be read', read.failure);
    const head = stored.headHash();
    if (head === undefined || toHex(head) !== report.hash) throw differs(BigInt(report.head), 'it is not the head that the chain names');
    return report;
  } finally {
    await store.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

/**
 * Builds the chain anew out of the stored blocks, as far as they can be read and are good, and puts it in the place of the damaged
 * one, which is moved aside and kept.
 * @throws NOTHING_TO_REPAIR, CodedError<StoreErrorCode>; the signal's reason when it aborts: nothing is changed then
 */
export async function repairChain(options: ChainRepairOptions): Promise<RepairReport> {
  const folder = chainFolder(options.dataDir, networkNamed(options.network).name);
  const name = `${basename(folder)}.${new Date().toISOString().replaceAll(':', '')}`;
  const anew = join(dirname(folder), `${name}.new`);
  const kept = join(dirname(folder), `${name}.damaged`);
  const store = await openSalvaging(folder);
  let report: VerifyReport;
  let headBefore: number | null;
  let stoppedBy: string | null;
  try {
    const stored = new ChainStore(store);
    headBefore = readOr(null, () => numberOfHead(stored));
    const archive = readOr(false, () => stored.isArchive());
    const read = new StoredBlocks(stored);
    const failures: CodedError[] = [];
    report = await reexecuted({ ...options, archive }, anew, read, () => Promise.resolve(), failures);
    const failure = failures[0] ?? read.failure;
    const isShort = headBefore !== null && report.head < headBefore;
    stoppedBy = failure?.message ?? (isShort ? `Block ${report.head + 1} is missing in the data folder.` : null);
    if (report.head === 0 && read.next === 0n) {
      throw new CodedError<ChainRepairErrorCode>('NOTHING_TO_REPAIR', 'Not even the first block of the stored chain can be read.', { help: 'Move the folder away, then import or sync the chain again.', ...(failure === null ? {} : { cause: failure }) });
    }
  } catch (error) {
    await rm(anew, { recursive: true, force: true });
    throw error;
  } finally {
    await store.close();
  }
  await rename(folder, kept);
  await rename(anew, folder);
  return { ...report, headBefore, stoppedBy, kept };
}

/** The blocks of a store by ascending number, up to the first that is missing or cannot be read. */
class StoredBlocks {
  readonly #stored: ChainStore;
  /** Number of the block that comes next. */
  next = 0n;
  /** Why the next one cannot be read; null when there is none. */
  failure: CodedError | null = null;

  constructor(stored: ChainStore) {
    this.#stored = stored;
  }

  *encoded(): Generator<Bytes> {
    try {
      for (;;) {
        const hash = this.#stored.hashAt(this.next);
        if (hash === undefined) return;
        const block = this.#stored.block(hash);
        if (block === undefined) throw new CodedError('CHAIN_DAMAGED', `Block ${this.next.toString()} is missing in the data folder.`);
        yield encodeBlock(block);
        this.next += 1n;
      }
    } catch (error) {
      this.failure = toCoded(error);
    }
  }
}

/** Imports the blocks into a new chain in `folder`. With `failures` a bad block ends it and is noted there, without it is thrown. */
async function reexecuted(options: ChainRepairOptions & { readonly archive?: boolean }, folder: string, blocks: StoredBlocks, look: (chain: Chain) => Promise<void>, failures?: CodedError[]): Promise<VerifyReport> {
  const network = networkNamed(options.network);
  const store = await LevelStore.open({ path: folder });
  const examiner = new BlockExaminer({ chainId: network.chainId, workers: Math.max(1, availableParallelism() - 1) });
  try {
    const chain = await Chain.open({ network, archive: options.archive ?? false }, { store, examiner, verifier: new DporHeaderVerifier(network, options), logger: silentLogger });
    let transactions = 0;
    const onProgress = (progress: ImportProgress): void => {
      transactions = progress.transactions;
      options.onProgress?.(progress);
    };
    try {
      await chain.importBlocks(blocks.encoded(), { onProgress, ...(options.signal === undefined ? {} : { signal: options.signal }) });
    } catch (error) {
      if (failures === undefined || !isCoded(error) || options.signal?.aborted === true) throw error;
      failures.push(error);
    }
    await look(chain);
    const { header, hash } = chain.head;
    return { head: Number(header.number), hash: toHex(hash), stateRoot: toHex(header.stateRoot), transactions };
  } finally {
    await examiner.close();
    await store.close();
  }
}

async function compareAll(chain: Chain, stored: ChainStore, signal: AbortSignal | undefined): Promise<void> {
  for (let number = 1n; number <= chain.head.header.number; number++) {
    signal?.throwIfAborted();
    const hash = chain.hashAt(number) ?? new Uint8Array();
    if (!equal(stored.hashAt(number) ?? new Uint8Array(), hash)) throw differs(number, 'it stands under another hash');
    const receipts = readable(number, 'its receipts cannot be read', () => stored.receipts(hash));
    if (receipts === undefined || !equal(encode(receipts.map(storedReceiptToRlp)), encode((chain.receiptsOf(hash) ?? []).map(storedReceiptToRlp)))) throw differs(number, 'its receipts are others');
    for (const [index, transaction] of (chain.blockByHash(hash)?.transactions ?? []).entries()) {
      const place = stored.transactionPlace(transactionHash(transaction));
      if (place?.blockNumber !== number || place.index !== index) throw differs(number, `transaction ${index} is not in the index`);
    }
    if (number % 100n === 0n) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The state of the head is all that further blocks need. */
async function walkHead({ head }: Chain, store: LevelStore, signal: AbortSignal | undefined): Promise<void> {
  try {
    for (const count of walkState(new TrieNodeStore({}, { store }), head.header.stateRoot)) {
      if (count % 1000 !== 0) continue;
      signal?.throwIfAborted();
      await new Promise((resolve) => setImmediate(resolve));
    }
  } catch (error) {
    if (!isCoded(error)) throw error;
    throw differs(head.header.number, 'its state is not whole', error);
  }
}

function readable<T>(number: bigint, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw differs(number, what, error);
  }
}

function differs(number: bigint, what: string, cause?: unknown): CodedError<ChainRepairErrorCode> {
  return new CodedError('CHAIN_DIFFERS', `Block ${number.toString()} is not stored as it was executed: ${what}.`, {
    help: 'Run `cpchain chain repair`: it builds the chain anew out of the stored blocks.',
    meta: { block: Number(number), what },
    cause,
  });
}

function numberOfHead(stored: ChainStore): number | null {
  const hash = stored.headHash();
  const header = hash === undefined ? undefined : stored.header(hash);
  return header === undefined ? null : Number(header.number);
}

/** What is read out of a damaged chain; `otherwise` where it cannot be. */
function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

async function openSalvaging(path: string): Promise<LevelStore> {
  try {
    return await LevelStore.open({ path });
  } catch (error) {
    if (!isCoded(error, 'DATABASE_DAMAGED')) throw error;
    await LevelStore.salvage(path);
    return LevelStore.open({ path });
  }
}
