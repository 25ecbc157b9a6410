/** The chain of one network: its blocks up to the head, their states, and the one way in for new blocks. */
import { equal, toHex, type Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { Emitter } from '../base/events.ts';
import type { Logger } from '../base/logger.ts';
import { BufferedStore } from '../db/buffered-store.ts';
import type { KeyValueStore } from '../db/store.ts';
import { ProgramCache } from '../evm/program.ts';
import type { NetworkConfig } from '../networks/network-config.ts';
import { encodeBlock, type Block } from '../primitives/block.ts';
import { headerHash, type Header } from '../primitives/header.ts';
import type { StoredReceipt } from '../primitives/stored-receipt.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { changedLeaves } from '../state/changed-leaves.ts';
import { State } from '../state/state.ts';
import { TrieNodeStore } from '../state/trie-node-store.ts';
import { buildBlock, type BuildArgs } from './build/build-block.ts';
import type { BlockExaminer } from './examination/block-examiner.ts';
import { genesisBlock, writeGenesisState } from './genesis.ts';
import type { HashedHeader, HeaderVerifier } from './header-verifier.ts';
import { importBlocks, type ImportOptions, type ImportSummary, type RefusedBlock } from './import/import-blocks.ts';
import { ChainStore, type TransactionPlace } from './store/chain-store.ts';

export type ChainErrorCode = 'OTHER_GENESIS' | 'CHAIN_DAMAGED';

const REFUSED_KEPT = 10;

export interface ChainOptions {
  readonly network: NetworkConfig;
  /** Opens a chain that began with another first block, to read it; it cannot go on. Default false. */
  readonly anyGenesis?: boolean;
  /** Keeps the states of all blocks from now on, not only of the last ones; a chain that was opened so keeps them ever after. Default false. */
  readonly archive?: boolean;
}

export interface ChainModules {
  readonly store: KeyValueStore;
  readonly verifier: HeaderVerifier;
  readonly examiner: BlockExaminer;
  readonly logger: Logger;
}

export interface ChainEvents extends Record<string, unknown> {
  /** A new head that is on disk; one event may cover many blocks. */
  head: HashedHeader;
}

/** A transaction of the chain and where it stands. */
export interface LocatedTransaction extends TransactionPlace {
  readonly transaction: Transaction;
  readonly blockHash: Bytes;
}

export class Chain {
  readonly network: NetworkConfig;
  readonly events: Emitter<ChainEvents>;
  readonly #modules: ChainModules;
  readonly #buffer: BufferedStore;
  readonly #store: ChainStore;
  readonly #nodes: TrieNodeStore;
  readonly #programs = new ProgramCache();
  readonly #genesisHash: Bytes;
  #head: HashedHeader;
  readonly #refused: RefusedBlock[] = [];
  /** Ends when the imports asked for so far have ended. */
  #imports: Promise<unknown> = Promise.resolve();

  private constructor(options: ChainOptions, modules: ChainModules, opened: OpenedChain) {
    this.network = options.network;
    this.#modules = modules;
    this.#buffer = opened.buffer;
    this.#store = opened.store;
    this.#nodes = opened.nodes;
    this.#head = opened.head;
    this.#genesisHash = opened.genesisHash;
    this.events = new Emitter((error, event) => modules.logger.error('a listener of the chain failed', { event }, error));
  }

  /**
   * Opens the chain in the store at its last whole write; an empty store gets the network's first block.
   * @throws OTHER_GENESIS, CHAIN_DAMAGED, CodedError<StoreErrorCode>
   */
  static async open(options: ChainOptions, modules: ChainModules): Promise<Chain> {
    return new Chain(options, modules, await openChain(options, modules.store));
  }

  /** The last block that is on disk. */
  get head(): HashedHeader {
    return this.#head;
  }

  get genesisHash(): Bytes {
    return this.#genesisHash;
  }

  hashAt(number: bigint): Bytes | undefined {
    return number > this.#head.header.number ? undefined : this.#store.hashAt(number);
  }

  headerByHash(hash: Bytes): Header | undefined {
    return this.#store.header(hash);
  }

  headerByNumber(number: bigint): Header | undefined {
    const hash = this.hashAt(number);
    return hash === undefined ? undefined : this.#store.header(hash);
  }

  blockByHash(hash: Bytes): Block | undefined {
    return this.#store.block(hash);
  }

  blockByNumber(number: bigint): Block | undefined {
    const hash = this.hashAt(number);
    return hash === undefined ? undefined : this.#store.block(hash);
  }

  /** In the order of the transactions. */
  receiptsOf(blockHash: Bytes): readonly StoredReceipt[] | undefined {
    return this.#store.receipts(blockHash);
  }

  transactionByHash(hash: Bytes): LocatedTransaction | undefined {
    const place = this.#store.transactionPlace(hash);
    if (place === undefined) return undefined;
    const blockHash = this.hashAt(place.blockNumber);
    const transaction = blockHash === undefined ? undefined : this.#store.block(blockHash)?.transactions[place.index];
    return transaction === undefined || blockHash === undefined ? undefined : { ...place, transaction, blockHash };
  }

  hasTransaction(hash: Bytes): boolean {
    return this.#store.transactionPlace(hash) !== undefined;
  }

  receiptByHash(transactionHash: Bytes): StoredReceipt | undefined {
    const place = this.#store.transactionPlace(transactionHash);
    const blockHash = place === undefined ? undefined : this.hashAt(place.blockNumber);
    return place === undefined || blockHash === undefined ? undefined : this.receiptsOf(blockHash)?.[place.index];
  }

  /** Whole blocks that broke a rule since the chain was opened, the latest first; some of them. */
  get refused(): readonly RefusedBlock[] {
    return this.#refused;
  }

  /** A state of its own to read and to try changes on; nothing of it is kept. Reading @throws STATE_MISSING for a root that is not stored */
  stateAt(root: Bytes): State {
    return new State(this.#nodes, root);
  }

  /** The address or number of a slot behind a key of the state's tries, 20 or 32 bytes; undefined when it is not known. */
  preimage(hash: Bytes): Bytes | undefined {
    return this.#nodes.preimage(hash);
  }

  /**
   * Hashes of the addresses, in their order, whose accounts are new or others in the state `after`.
   * @param checkpoint called again and again; it may throw @throws STATE_MISSING for a root that is not stored
   */
  changedAccounts(before: Bytes, after: Bytes, checkpoint: () => void): Generator<Bytes> {
    return changedLeaves(this.#nodes, before, after, checkpoint);
  }

  /** An unsealed block out of pending transactions; it is no part of the chain. */
  buildBlock(args: BuildArgs): Block {
    return buildBlock(args, {
      state: this.stateAt(args.parent.header.stateRoot),
      blockHash: (number) => this.#store.hashAt(number) ?? new Uint8Array(32),
      programs: this.#programs,
    });
  }

  /**
   * Checks and executes blocks (RLP each) after the head, one import after the other. Blocks that the chain has are passed
   * over. At a bad block the import ends and the blocks before it stay.
   * @throws CodedError<BlockErrorCode>, CodedError<StoreErrorCode>, WORKER_STOPPED; the signal's reason when it aborts
   */
  importBlocks(blocks: AsyncIterable<Bytes> | Iterable<Bytes>, options: ImportOptions = {}): Promise<ImportSummary> {
    const run = this.#imports.then(() =>
      importBlocks(blocks, options, {
        ...this.#modules,
        head: this.#head,
        buffer: this.#buffer,
        chainStore: this.#store,
        nodes: this.#nodes,
        programs: this.#programs,
        publish: (head) => this.#publish(head),
        refuse: (refused) => {
          this.#refused.unshift(refused);
          this.#refused.length = Math.min(this.#refused.length, REFUSED_KEPT);
        },
      }),
    );
    this.#imports = run.catch(() => undefined);
    return run;
  }

  /** Waits for imports under way. The store is the caller's to close. */
  async close(): Promise<void> {
    await this.#imports;
  }

  #publish(head: HashedHeader): void {
    this.#head = head;
    this.events.emit('head', head);
  }
}

interface OpenedChain {
  readonly buffer: BufferedStore;
  readonly store: ChainStore;
  readonly nodes: TrieNodeStore;
  readonly head: HashedHeader;
  readonly genesisHash: Bytes;
}

async function openChain({ network, anyGenesis = false, archive = false }: ChainOptions, below: KeyValueStore): Promise<OpenedChain> {
  const buffer = new BufferedStore(below);
  const store = new ChainStore(buffer);
  const isArchive = await keepsAll(store, buffer, archive);
  const nodes = new TrieNodeStore(isArchive ? { retainedStates: null } : {}, { store: buffer });
  const batch = buffer.batch();
  const genesis = genesisBlock(network, writeGenesisState(network.genesis.alloc, nodes, batch));
  const genesisHash = headerHash(genesis.header);
  if (store.headHash() === undefined) {
    store.putBlock(batch, { encoded: encodeBlock(genesis), number: genesis.header.number, hash: genesisHash, transactionHashes: [], receipts: [] });
    store.putHead(batch, genesisHash);
    await batch.write();
    await buffer.flush();
  }
  const stored = store.hashAt(0n);
  if (stored === undefined || (!anyGenesis && !equal(stored, genesisHash))) {
    throw new CodedError<ChainErrorCode>('OTHER_GENESIS', 'The data folder holds the chain of another network or of another version of this one.', {
      help: 'Choose another data folder, or the network that this one belongs to.',
      meta: { stored: stored === undefined ? null : toHex(stored), wanted: toHex(genesisHash) },
    });
  }
  return { buffer, store, nodes, genesisHash: stored, head: storedHead(store, nodes) };
}

/** An archive stays one, however it is opened later: what is removed does not come back. */
async function keepsAll(store: ChainStore, buffer: BufferedStore, asked: boolean): Promise<boolean> {
  if (store.isArchive() || !asked) return store.isArchive();
  const batch = buffer.batch();
  store.putArchive(batch);
  await batch.write();
  await buffer.flush();
  return true;
}

function storedHead(store: ChainStore, nodes: TrieNodeStore): HashedHeader {
  const hash = store.headHash();
  const header = hash === undefined ? undefined : store.header(hash);
  if (hash === undefined || header === undefined || !nodes.has(header.stateRoot)) {
    throw new CodedError<ChainErrorCode>('CHAIN_DAMAGED', 'The head of the stored chain cannot be read.', {
      help: 'Check the disk; then run `cpchain chain repair`, or move the data folder away and import or sync again.',
    });
  }
  return { header, hash };
}
