import { byteKey } from '../../base/byte-key.ts';
import { hexOf, type Bytes } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { isCoded } from '../../base/errors.ts';
import { Emitter } from '../../base/events.ts';
import type { Logger } from '../../base/logger.ts';
import { transactionHash, type Transaction } from '../../primitives/transaction.ts';
import type { State } from '../../state/state.ts';
import { AccountTransactions } from './account-transactions.ts';
import { admit } from './admission.ts';
import { knownTransaction, poolError } from './errors.ts';
import { cheapest, overflow } from './eviction.ts';
import type { PoolJournal } from './journal.ts';
import { POOL_LIMITS, type PoolLimits } from './limits.ts';
import { costOf, type PooledTransaction } from './pooled-transaction.ts';

/** The newest block, as far as the pool needs it. */
export interface PoolHead {
  /** A state of its own for the pool to read. */
  stateAtHead(): State;
  gasLimitAtHead(): bigint;
}

export interface TransactionPoolOptions {
  readonly chainId: bigint;
  /** Default: the limits of the reference network. */
  readonly limits?: Partial<PoolLimits>;
}

export interface TransactionPoolModules {
  readonly head: PoolHead;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Absent where nothing is kept. */
  readonly journal?: PoolJournal;
}

export type PoolEvents = {
  /** It can be in the next block; once for each transaction. */
  pending: PooledTransaction;
};

/**
 * Transactions that wait for a block (docs/protocol/03 §10). Blocks of this chain are final, so nothing ever comes back from a
 * block into the pool.
 */
export class TransactionPool {
  readonly events: Emitter<PoolEvents>;
  readonly #chainId: bigint;
  readonly #limits: PoolLimits;
  readonly #modules: TransactionPoolModules;
  readonly #accounts = new Map<string, AccountTransactions>();
  readonly #byHash = new Map<string, PooledTransaction>();
  /** Accounts that have submitted here; they stay local when their transactions are gone. */
  readonly #localSenders = new Set<string>();
  #state: State;
  #gasLimit: bigint;

  constructor(options: TransactionPoolOptions, modules: TransactionPoolModules) {
    this.#chainId = options.chainId;
    this.#limits = { ...POOL_LIMITS, ...options.limits };
    this.#modules = modules;
    this.#state = modules.head.stateAtHead();
    this.#gasLimit = modules.head.gasLimitAtHead();
    this.events = new Emitter((error, event) => modules.logger.error('A listener of the transaction pool failed', { event }, error));
  }

  /** Takes up the transactions that the last run left, but for those that are settled by now. @throws CodedError<FileErrorCode> */
  async restore(): Promise<void> {
    const transactions = (await this.#modules.journal?.load()) ?? [];
    for (const tx of transactions) {
      try {
        this.#add(tx, true);
      } catch (error) {
        if (!isCoded(error)) throw error;
        this.#modules.logger.info('A sent transaction is not taken up again', { hash: hexOf(transactionHash(tx)), reason: error.code });
      }
    }
  }

  /** Adds one submitted at this node; resolves with its hash when it is in the journal. @throws CodedError<PoolErrorCode> */
  async addLocal(tx: Transaction): Promise<Bytes> {
    const { hash } = this.#add(tx, true);
    await this.#saveJournal();
    return hash;
  }

  /** Adds one that another node sent. @returns its hash @throws CodedError<PoolErrorCode> */
  addRemote(tx: Transaction): Bytes {
    return this.#add(tx, false).hash;
  }

  get(hash: Bytes): PooledTransaction | undefined {
    return this.#byHash.get(byteKey(hash));
  }

  /** What can be in the next block: one list for each account, by ascending nonce. */
  pending(): readonly (readonly PooledTransaction[])[] {
    return [...this.#accounts.values()].map((account) => account.pending);
  }

  /** Every account with its transactions. */
  accounts(): Iterable<AccountTransactions> {
    return this.#accounts.values();
  }

  /** The nonce for the next transaction of an account, behind its pending ones. */
  nextNonce(sender: Bytes): bigint {
    const pending = this.#accounts.get(byteKey(sender))?.pendingCount ?? 0;
    return this.#state.nonceOf(sender) + BigInt(pending);
  }

  /** Follows a new head: what is in a block or can no longer be paid leaves, what became executable rises, old queues end. */
  reset(): void {
    this.#state = this.#modules.head.stateAtHead();
    this.#gasLimit = this.#modules.head.gasLimitAtHead();
    const deadline = this.#modules.clock.now() - this.#limits.lifetime;
    let localLeft = false;
    for (const account of this.#accounts.values()) {
      const nonce = this.#state.nonceOf(account.sender);
      const balance = this.#state.balanceOf(account.sender);
      const removed = account.remove(({ transaction }) => transaction.nonce < nonce || costOf(transaction) > balance || transaction.gasLimit > this.#gasLimit);
      this.#settle(account, removed);
      if (!account.isLocal && account.heartbeat < deadline) this.#drop(account.queued);
      localLeft ||= account.isLocal && removed.length > 0;
    }
    this.#keepLimits();
    if (localLeft) void this.#saveJournal();
  }

  /** Resolves when the journal is on disk. */
  async close(): Promise<void> {
    await this.#saveJournal();
  }

  #add(tx: Transaction, isLocal: boolean): PooledTransaction {
    const hash = transactionHash(tx);
    if (this.get(hash) !== undefined) throw knownTransaction(hexOf(hash));
    const isExempt = (sender: Bytes): boolean => isLocal || this.#localSenders.has(byteKey(sender));
    const sender = admit({ tx, chainId: this.#chainId, state: this.#state, gasLimit: this.#gasLimit, limits: this.#limits, isLocal: isExempt });
    const pooled: PooledTransaction = { transaction: tx, hash, sender };
    const replaced = this.#accounts.get(byteKey(sender))?.at(tx.nonce);
    const room = this.#makeRoom(pooled, isExempt(sender));
    if (replaced !== undefined) this.#checkReplacement(pooled, replaced);
    this.#drop(room);

    if (isLocal) this.#localSenders.add(byteKey(sender));
    const account = this.#accountOf(sender);
    account.isLocal = isExempt(sender);
    account.heartbeat = this.#modules.clock.now();
    account.put(pooled);
    this.#byHash.set(byteKey(hash), pooled);
    this.#settle(account, replaced === undefined ? [] : [replaced]);
    this.#keepLimits();
    return pooled;
  }

  /** What leaves a full pool for a dearer one. @throws UNDERPRICED */
  #makeRoom({ transaction }: PooledTransaction, isExempt: boolean): PooledTransaction[] {
    const excess = this.#byHash.size - (this.#limits.globalSlots + this.#limits.globalQueue - 1);
    if (excess <= 0) return [];
    const victims = cheapest(this.#accounts.values(), excess);
    const price = victims[0]?.transaction.gasPrice;
    if (!isExempt && (price === undefined || transaction.gasPrice <= price)) throw poolError('UNDERPRICED', { cheapest: String(price ?? 0n) });
    return victims;
  }

  #checkReplacement({ transaction }: PooledTransaction, { transaction: replaced }: PooledTransaction): void {
    const least = (replaced.gasPrice * this.#limits.replacementPercent) / 100n;
    if (transaction.gasPrice <= replaced.gasPrice || transaction.gasPrice < least) throw poolError('REPLACEMENT_UNDERPRICED', { least: String(least) });
  }

  #keepLimits(): void {
    if (this.#byHash.size <= Math.min(this.#limits.accountQueue, this.#limits.globalSlots, this.#limits.globalQueue)) return;
    this.#drop(overflow(this.#accounts.values(), this.#limits));
  }

  #accountOf(sender: Bytes): AccountTransactions {
    const key = byteKey(sender);
    let account = this.#accounts.get(key);
    if (account === undefined) this.#accounts.set(key, (account = new AccountTransactions(sender, this.#modules.clock.now())));
    return account;
  }

  #drop(victims: readonly PooledTransaction[]): void {
    const doomed = new Set(victims);
    for (const account of new Set(victims.map(({ sender }) => this.#accounts.get(byteKey(sender))))) {
      if (account !== undefined) this.#settle(account, account.remove((pooled) => doomed.has(pooled)));
    }
  }

  /** Brings index, pending part and account in line after a change. */
  #settle(account: AccountTransactions, removed: readonly PooledTransaction[]): void {
    for (const { hash } of removed) this.#byHash.delete(byteKey(hash));
    const risen = account.settle(this.#state.nonceOf(account.sender));
    if (account.size === 0) this.#accounts.delete(byteKey(account.sender));
    for (const pooled of risen) this.events.emit('pending', pooled);
  }

  #saveJournal(): Promise<void> {
    const local = (): Transaction[] => [...this.#accounts.values()].filter(({ isLocal }) => isLocal).flatMap(({ all }) => all.map(({ transaction }) => transaction));
    return this.#modules.journal?.save(local) ?? Promise.resolve();
  }
}
