/**
 * The way of blocks into the chain: examined ahead on worker threads, executed one after the other, written many at a time.
 * A write holds whole blocks, the state of the last one and the head pointer, so that the chain opens at that one after a crash.
 * States in between are written where they stay readable: those that the blocks known to follow make too old are not.
 */
import { setImmediate } from 'node:timers/promises';
import { equal, split, type Bytes } from '../../base/bytes.ts';
import { CodedError } from '../../base/errors.ts';
import type { BufferedStore } from '../../db/buffered-store.ts';
import type { ProgramCache } from '../../evm/program.ts';
import { decodeBlock, type Block } from '../../primitives/block.ts';
import type { Header } from '../../primitives/header.ts';
import { prefetchAccounts } from '../../state/prefetch.ts';
import { State } from '../../state/state.ts';
import type { TrieNodeStore } from '../../state/trie-node-store.ts';
import { blockError, isBlockError } from '../block-error.ts';
import type { BlockExaminer } from '../examination/block-examiner.ts';
import type { Examination } from '../examination/examine-block.ts';
import type { HashedHeader, HeaderVerifier } from '../header-verifier.ts';
import type { ChainStore, ExecutedBlock } from '../store/chain-store.ts';
import { examineAhead, type ExaminedBlock } from './examine-ahead.ts';
import { examinationError, executeExamined } from './execute-examined.ts';

export interface ImportOptions {
  readonly signal?: AbortSignal;
  /** After every write. */
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportSummary {
  /** Imported, without those that the chain had. */
  readonly blocks: number;
  readonly transactions: number;
}

export interface ImportProgress extends ImportSummary {
  readonly head: bigint;
}

export interface ImportModules {
  readonly head: HashedHeader;
  readonly buffer: BufferedStore;
  readonly chainStore: ChainStore;
  readonly nodes: TrieNodeStore;
  readonly verifier: HeaderVerifier;
  readonly examiner: BlockExaminer;
  readonly programs: ProgramCache;
  /** Told of every head that is on disk. */
  readonly publish: (head: HashedHeader) => void;
  /** Told of every whole block that breaks a rule. */
  readonly refuse: (refused: RefusedBlock) => void;
}

export interface RefusedBlock {
  readonly block: Block;
  readonly hash: Bytes;
  /** RLP. */
  readonly encoded: Bytes;
}

/** A write begins when this much is gathered or this time has passed; execution goes on meanwhile. */
const WRITE_BYTES = 4 * 1024 * 1024;
const WRITE_MILLIS = 500;
/** Longest time without a turn of the event loop, so that timers, sockets and the abort signal are served. */
const TURN_MILLIS = 10;
/** A state goes from block to block and keeps what it read, about 1 kB each, until it has gathered this much. */
const STATE_ENTRIES = 20_000;

export async function importBlocks(blocks: AsyncIterable<Bytes> | Iterable<Bytes>, options: ImportOptions, modules: ImportModules): Promise<ImportSummary> {
  const run = new ImportRun(options, modules);
  try {
    let turn = performance.now();
    for await (const examined of examineAhead(blocks, modules.examiner, (examination) => run.prefetch(examination))) {
      options.signal?.throwIfAborted();
      await run.take(examined);
      if (performance.now() - turn < TURN_MILLIS) continue;
      await setImmediate();
      turn = performance.now();
    }
  } finally {
    await run.end();
  }
  return run.summary;
}

interface ExecutedWith {
  readonly block: Block;
  readonly examination: Examination;
}

class ImportRun {
  readonly #options: ImportOptions;
  readonly #modules: ImportModules;
  /** Executed, maybe not written yet. */
  #tip: HashedHeader;
  #written: HashedHeader;
  /** Of the tip. */
  #state: State;
  #writing: Promise<void> = Promise.resolve();
  #wroteAt = performance.now();
  /** The last block whose state is gathered or on disk. */
  #withState: HashedHeader;
  /** The blocks after it, up to the tip. */
  #stateless: ExecutedWith[] = [];
  #prefetching: Promise<void> = Promise.resolve();
  #pruning: Promise<void> = Promise.resolve();
  #isPruning = false;
  /** Number of the head that is on disk. */
  #onDisk: bigint;
  #blocks = 0;
  #transactions = 0;

  constructor(options: ImportOptions, modules: ImportModules) {
    this.#options = options;
    this.#modules = modules;
    this.#tip = modules.head;
    this.#written = modules.head;
    this.#withState = modules.head;
    this.#onDisk = modules.head.header.number;
    this.#state = new State(modules.nodes, modules.head.header.stateRoot);
  }

  get summary(): ImportSummary {
    return { blocks: this.#blocks, transactions: this.#transactions };
  }

  async take(examined: ExaminedBlock): Promise<void> {
    const { buffer, chainStore, nodes } = this.#modules;
    const next = this.#tip.header.number + 1n;
    if ('error' in examined.result) throw examinationError(next, CodedError.fromJSON(examined.result.error));
    const { examination } = examined.result;
    const block = decodeBlock(examined.encoded);
    if (this.#isKnown(block, examination.hash)) return;
    if (this.#state.gathered > STATE_ENTRIES) {
      await this.#storeState();
      this.#state = new State(nodes, this.#tip.header.stateRoot);
    }
    const executed = await this.#execute({ block, examination }).catch((error: unknown) => {
      if (isBlockError(error)) this.#modules.refuse({ block, hash: examination.hash, encoded: examined.encoded });
      throw error;
    });
    const batch = buffer.batch();
    chainStore.putBlock(batch, { ...executed, encoded: examined.encoded });
    await batch.write();
    this.#tip = { header: block.header, hash: examination.hash };
    this.#stateless.push({ block, examination });
    if (nodes.retains(BigInt(examined.following))) await this.#storeState();
    this.#prune();
    this.#blocks += 1;
    this.#transactions += block.transactions.length;
    if (buffer.gatheredBytes >= WRITE_BYTES || performance.now() - this.#wroteAt >= WRITE_MILLIS) await this.#write();
  }

  /** Brings the accounts of a block that comes soon into memory; those that the state knows are there. */
  prefetch({ senders, recipients }: Examination): void {
    const { nodes } = this.#modules;
    const unknown = [...split(senders, 20), ...split(recipients, 20)].filter((address) => !this.#state.knows(address));
    if (unknown.length === 0) return;
    this.#prefetching = this.#prefetching.then(() => prefetchAccounts(nodes, this.#withState.header.stateRoot, unknown)).catch(() => undefined); // execution says what is wrong
  }

  /** A bad block leaves the state of the tip as it was. @throws CodedError<BlockErrorCode> */
  async #execute(next: ExecutedWith): Promise<Omit<ExecutedBlock, 'encoded'>> {
    try {
      return this.#apply(next, this.#tip.header);
    } catch (error) {
      await this.#restoreState();
      throw error;
    }
  }

  /** Executes the blocks up to the tip again; when that fails too, the last block with a state is the tip. */
  async #restoreState(): Promise<void> {
    const stateless = this.#stateless;
    const tip = this.#tip;
    this.#tip = this.#withState;
    this.#stateless = [];
    this.#state = new State(this.#modules.nodes, this.#tip.header.stateRoot);
    let parent = this.#tip.header;
    for (const good of stateless) {
      this.#apply(good, parent);
      parent = good.block.header;
      await setImmediate();
    }
    this.#tip = tip;
    this.#stateless = stateless;
  }

  #apply({ block, examination }: ExecutedWith, parent: Header): Omit<ExecutedBlock, 'encoded'> {
    const { chainStore } = this.#modules;
    return executeExamined(block, examination, parent, { ...this.#modules, state: this.#state, blockHash: (number) => chainStore.hashAt(number) ?? new Uint8Array(32) });
  }

  /** Everything executed is on disk when it resolves; nothing is read or written any more, also when it rejects. @throws CodedError<StoreErrorCode> */
  async end(): Promise<void> {
    const written = this.#write().then(() => this.#writing);
    await Promise.allSettled([written, this.#writing, this.#prefetching, this.#pruning]);
    await written.catch((error: unknown) => {
      this.#modules.buffer.forget(); // blocks and states, and what was removed for them, that came before the failure was seen
      throw error;
    });
    await this.#pruning;
  }

  /** Whether the chain has the block. @throws BLOCK_CONFLICT, NOT_CONNECTED */
  #isKnown(block: Block, hash: Bytes): boolean {
    const { number, parentHash } = block.header;
    const tip = this.#tip;
    if (number <= tip.header.number) {
      if (equal(this.#modules.chainStore.hashAt(number) ?? new Uint8Array(), hash)) return true;
      throw blockError('BLOCK_CONFLICT', number, 'differs from the one that the chain has at this number');
    }
    if (number !== tip.header.number + 1n || !equal(parentHash, tip.hash)) {
      throw blockError('NOT_CONNECTED', number, `does not follow block ${tip.header.number.toString()}, the head of the chain`);
    }
    return false;
  }

  /** Gathers the state of the tip, which is the head with it: whatever is written, the head's state is there. */
  async #storeState(): Promise<void> {
    if (this.#withState === this.#tip) return;
    const batch = this.#modules.buffer.batch();
    this.#state.commit(batch, this.#tip.header.number);
    this.#modules.chainStore.putHead(batch, this.#tip.hash);
    await batch.write();
    this.#withState = this.#tip;
    this.#stateless = [];
  }

  /**
   * Removes old states beside the blocks that follow; a failure comes out at the end. Old is what is so for the head on disk: when a
   * write fails, the chain goes on from there.
   */
  #prune(): void {
    if (this.#isPruning) return;
    this.#isPruning = true;
    const end = (): void => void (this.#isPruning = false);
    this.#pruning = this.#modules.nodes.prune(this.#onDisk);
    this.#pruning.then(end, end);
  }

  /** Begins to write what was executed, after the write before it. */
  async #write(): Promise<void> {
    await this.#writing;
    const tip = this.#tip;
    if (tip === this.#written) return;
    await this.#storeState();
    this.#written = tip;
    this.#wroteAt = performance.now();
    const progress = { ...this.summary, head: tip.header.number };
    this.#writing = this.#modules.buffer.flush().then(() => {
      this.#onDisk = tip.header.number;
      this.#modules.publish(tip);
      this.#options.onProgress?.(progress);
    });
    this.#writing.catch(() => undefined); // awaited, and so reported, before the next write and at the end
  }
}
