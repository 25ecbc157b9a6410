import { byteKey } from '../../base/byte-key.ts';
import { hexOf, type Bytes } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { Emitter } from '../../base/events.ts';
import type { Logger } from '../../base/logger.ts';
import { transactionHash, type Transaction } from '../../primitives/transaction.ts';
import type { State } from '../../state/state.ts';
import { AccountTransactions } from './account-transactions.ts';
import { admit } from './admission.ts';
import { isPoolError, knownTransaction, poolError } from './errors.ts';
import type { DropReason, PoolEvents } from './events.ts';
import { cheapest, overPending, overQueued } from './eviction.ts';
import type { PoolJournal } from './journal.ts';
import { POOL_INTERVALS, POOL_LIMITS, type PoolLimits } from './limits.ts';
import { costOf, type PooledTransaction } from './pooled-transaction.ts';

/** The newest block, as far as the pool needs it. */
export interface PoolHead {
  /** A state of its own for the pool to read. */
  stateAtHead(): State;
  gasLimitAtHead(): bigint;
  /** Whether a block of the chain has the transaction with this hash. */
  isMined(hash: Bytes): boolean;
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

/**
 * Transactions that wait for a block (docs/protocol/03 §10). Blocks of this chain are final, so nothing ever comes back from a
 * block into the pool.
 */
export class TransactionPool {
  readonly events: Emitter<PoolEvents>;
  readonly #chainId: bigint;
  readonly #modules: TransactionPoolModules;
  readonly #accounts = new Map<string, AccountTransactions>();
  readonly #byHash = new Map<string, PooledTransaction>();
  /** Accounts that have submitted here; they stay local when their transactions are gone. */
  readonly #localSenders = new Set<string>();
  /** What happened and is not told yet: listeners find the pool in order. */
  #news: (() => void)[] = [];
  #limits: PoolLimits;
  #pendingCount = 0;
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

  /** Takes up the transactions that the last run left, but for those that are settled by now. Rejects when the state cannot be read; the journal stays as it is then. */
  async restore(): Promise<void> {
    const transactions = (await this.#modules.journal?.load()) ?? [];
    for (const tx of transactions) {
      try {
        this.#add(tx, true);
      } catch (error) {
        if (!isPoolError(error)) throw error;
        const isSettled = error.code === 'NONCE_TOO_LOW' || error.code === 'KNOWN_TRANSACTION';
        this.#modules.logger[isSettled ? 'debug' : 'warn']('A sent transaction is not taken up again', { hash: hexOf(transactionHash(tx)), reason: error.code });
      }
    }
    await this.#rewriteJournal();
  }

  /** Ends old queues every minute and writes the journal anew every hour, or every minute after a write that failed, until the signal aborts (docs/protocol/03 §10.2). */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, journal } = this.#modules;
    for (let rewritten = clock.now(); ; ) {
      await clock.sleep(POOL_INTERVALS.lifetimes, signal);
      if (signal.aborted) return;
      this.#endOldQueues();
      if (clock.now() - rewritten < POOL_INTERVALS.journal && journal?.isLong !== true && journal?.isBehind !== true) continue;
      rewritten = clock.now();
      await this.#rewriteJournal();
    }
  }

  /** Adds one submitted at this node; resolves with its hash when it is in the journal. @throws CodedError<PoolErrorCode> */
  async addLocal(tx: Transaction): Promise<Bytes> {
    const { hash } = this.#add(tx, true);
    await this.#modules.journal?.append(tx);
    return hash;
  }

  /** Adds one that another node sent. @returns its hash @throws CodedError<PoolErrorCode> */
  addRemote(tx: Transaction): Bytes {
    const { hash, sender } = this.#add(tx, false);
    if (this.#localSenders.has(byteKey(sender))) void this.#modules.journal?.append(tx);
    return hash;
  }

  /** Transactions from other nodes pay at least `price` from now on; cheaper ones leave. Base units. */
  setPriceFloor(price: bigint): void {
    this.#limits = { ...this.#limits, priceFloor: price };
    const remote = [...this.#accounts.values()].filter(({ isLocal }) => !isLocal);
    this.#drop(remote.flatMap(({ all }) => all.filter(({ transaction }) => transaction.gasPrice < price)), 'below-floor');
    this.#keepLimits();
    this.#tell();
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

  /** Follows a new head: what is in a block or can no longer be paid leaves, what became executable rises. */
  reset(): void {
    const { head } = this.#modules;
    this.#state = head.stateAtHead();
    this.#gasLimit = head.gasLimitAtHead();
    for (const account of this.#accounts.values()) {
      const nonce = this.#state.nonceOf(account.sender);
      const balance = this.#state.balanceOf(account.sender);
      const reasonOf = ({ transaction, hash }: PooledTransaction): DropReason | 'mined' | undefined => {
        if (transaction.nonce < nonce) return head.isMined(hash) ? 'mined' : 'nonce-used';
        if (costOf(transaction) > balance) return 'unpayable';
        return transaction.gasLimit > this.#gasLimit ? 'above-block-gas' : undefined;
      };
      this.#removeFrom(account, reasonOf);
    }
    this.#keepLimits();
    this.#tell();
  }

  /** Resolves when the journal is on disk. */
  async close(): Promise<void> {
    await this.#rewriteJournal();
    await this.#modules.journal?.close();
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
    this.#drop(room.filter((victim) => victim !== replaced), 'full-pool');

    if (isLocal) this.#localSenders.add(byteKey(sender));
    const account = this.#accountOf(sender);
    account.isLocal = isExempt(sender);
    account.heartbeat = this.#modules.clock.now();
    account.put(pooled);
    this.#byHash.set(byteKey(hash), pooled);
    if (replaced !== undefined) {
      this.#byHash.delete(byteKey(replaced.hash));
      this.#news.push(() => this.events.emit('replaced', { pooled: replaced, by: pooled }));
    }
    let isPending = false;
    this.#news.push(() => this.events.emit('added', { pooled, isPending }));
    this.#settle(account);
    isPending = tx.nonce < this.nextNonce(sender);
    this.#keepLimits();
    this.#tell();
    return pooled;
  }

  /**
   * What leaves a full pool for a dearer one. It is compared with the cheapest of those that can leave: one of this node that
   * pays little does not let others take the place of dearer ones. @throws UNDERPRICED
   */
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

  /** Those of all accounts; the queue of one is kept short wherever it grows. */
  #keepLimits(): void {
    const { globalSlots, globalQueue, accountSlots } = this.#limits;
    const pendingExcess = this.#pendingCount - globalSlots;
    if (pendingExcess > 0) this.#drop(overPending(this.#accounts.values(), pendingExcess, accountSlots), 'pending-limit');
    const queuedExcess = this.#byHash.size - this.#pendingCount - globalQueue;
    if (queuedExcess > 0) this.#drop(overQueued(this.#accounts.values(), queuedExcess), 'queue-limit');
  }

  #endOldQueues(): void {
    const deadline = this.#modules.clock.now() - this.#limits.lifetime;
    const old = [...this.#accounts.values()].filter(({ isLocal, heartbeat }) => !isLocal && heartbeat < deadline);
    this.#drop(old.flatMap(({ queued }) => queued), 'lifetime');
    this.#tell();
  }

  #accountOf(sender: Bytes): AccountTransactions {
    const key = byteKey(sender);
    let account = this.#accounts.get(key);
    if (account === undefined) this.#accounts.set(key, (account = new AccountTransactions(sender, this.#modules.clock.now())));
    return account;
  }

  #drop(victims: readonly PooledTransaction[], reason: DropReason): void {
    const doomed = new Set(victims);
    for (const account of new Set(victims.map(({ sender }) => this.#accountOf(sender)))) {
      this.#removeFrom(account, (pooled) => (doomed.has(pooled) ? reason : undefined));
    }
  }

  /** Takes out of an account what has a reason to leave. */
  #removeFrom(account: AccountTransactions, reasonOf: (pooled: PooledTransaction) => DropReason | 'mined' | undefined): void {
    for (const [pooled, reason] of account.remove(reasonOf)) this.#left(pooled, reason);
    this.#settle(account);
  }

  #left(pooled: PooledTransaction, reason: DropReason | 'mined'): void {
    this.#byHash.delete(byteKey(pooled.hash));
    this.#news.push(() => (reason === 'mined' ? this.events.emit('mined', pooled) : this.events.emit('dropped', { pooled, reason })));
  }

  /** Brings pending part, queue and account in line after a change. */
  #settle(account: AccountTransactions): void {
    const before = account.pendingCount;
    const risen = account.settle(this.#state.nonceOf(account.sender));
    this.#pendingCount += account.pendingCount - before;
    if (risen.length > 0) account.heartbeat = this.#modules.clock.now();
    if (!account.isLocal) for (const pooled of account.cutQueue(this.#limits.accountQueue)) this.#left(pooled, 'queue-limit');
    if (account.size === 0) this.#accounts.delete(byteKey(account.sender));
    for (const pooled of risen) {
      this.#news.push(() => {
        if (this.get(pooled.hash) === pooled) this.events.emit('promoted', pooled);
      });
    }
  }

  /** A listener that changes the pool is told the rest before it goes on. */
  #tell(): void {
    for (let piece = this.#news.shift(); piece !== undefined; piece = this.#news.shift()) piece();
  }

  #rewriteJournal(): Promise<void> {
    const local = (): Transaction[] => [...this.#accounts.values()].filter(({ isLocal }) => isLocal).flatMap(({ all }) => all.map(({ transaction }) => transaction));
    return this.#modules.journal?.rewrite(local) ?? Promise.resolve();
  }
}
