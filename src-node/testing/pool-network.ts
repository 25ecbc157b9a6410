/** A network of one real transaction pool and blocks that a test makes by hand, as the wallet sees it. */
import { EMPTY_BYTES, hexOf, type Bytes } from '../base/bytes.ts';
import { ManualClock, millis } from '../base/clock.ts';
import { CodedError, isCoded } from '../base/errors.ts';
import { silentLogger } from '../base/logger.ts';
import { TransactionPool } from '../chain/pool/transaction-pool.ts';
import type { ChainReader, ReceiptInfo } from '../chain/reader.ts';
import { addressOf, sign } from '../crypto/secp256k1.ts';
import { MemoryStore } from '../db/memory-store.ts';
import { decodeTransaction, encodeTransaction, signTransaction, transactionHash, type Transaction } from '../primitives/transaction.ts';
import { EMPTY_TRIE_ROOT } from '../primitives/trie-root.ts';
import { State } from '../state/state.ts';
import { TrieNodeStore } from '../state/trie-node-store.ts';
import type { TransactionToSign } from '../wallet/ports.ts';

const CHAIN_ID = 4181n;
const KEY = new Uint8Array(32).fill(7);
export const PAYER = addressOf(KEY);
/** Owned by the one account, base units. */
const BALANCE = 10n ** 18n;

/** RLP of the signed transaction, as the keys process gives it. */
export function signedBy(key: Bytes, request: TransactionToSign): Bytes {
  const { chainId, to, payload, ...fields } = request;
  return encodeTransaction(signTransaction({ type: 0n, ...fields, to, payload }, chainId, (digest) => sign(digest, key)));
}

export class PoolNetwork {
  readonly clock = new ManualClock(millis(0));
  readonly pool: TransactionPool;
  readonly #nodes = new TrieNodeStore({}, { store: new MemoryStore() });
  readonly #receipts = new Map<string, ReceiptInfo>();
  /** Everything that a block took, oldest first. */
  readonly mined: Transaction[] = [];
  /** Everything that was ever handed over, taken or not. */
  readonly offered: Transaction[] = [];
  head = 10n;
  gasPrice = 100n;
  balance = BALANCE;
  /** What the next hand-overs meet instead of the pool. */
  away = false;

  constructor() {
    const head = { stateAtHead: () => this.#state(), gasLimitAtHead: () => 10_000_000n, isMined: (hash: Bytes) => this.#receipts.has(hexOf(hash)) };
    this.pool = new TransactionPool({ chainId: CHAIN_ID }, { head, clock: this.clock, logger: silentLogger });
  }

  #state(): State {
    const state = new State(this.#nodes, EMPTY_TRIE_ROOT);
    state.addBalance(PAYER, this.balance);
    state.setNonce(PAYER, BigInt(this.mined.length));
    state.finalise();
    return state;
  }

  /** A block with at most `count` of what is pending. */
  mine(count = Infinity): void {
    const taken = this.pool.pending().flat().map(({ transaction }) => transaction).slice(0, count);
    this.include(...taken);
  }

  /** A block with these transactions, whatever the pool says. */
  include(...transactions: readonly Transaction[]): void {
    this.head += 1n;
    for (const transaction of transactions) {
      const hash = transactionHash(transaction);
      this.mined.push(transaction);
      this.#receipts.set(hexOf(hash), { transactionHash: hash, blockNumber: this.head, blockHash: hash, ok: true, gasUsed: 21_000n, contractAddress: null });
    }
    this.pool.reset();
  }

  /** Whether the chain has one of the account's transactions twice: never. */
  get nonces(): readonly bigint[] {
    return this.mined.map(({ nonce }) => nonce);
  }

  signer = (request: TransactionToSign): Bytes => signedBy(KEY, request);

  reader(): ChainReader {
    const known: Pick<ChainReader, 'chainId' | 'head' | 'nonceOf' | 'receipt' | 'send' | 'gasPrice' | 'balanceOf' | 'estimateGas'> = {
      chainId: CHAIN_ID,
      head: () => ({ number: this.head, hash: new Uint8Array(32), timeMillis: millis(0) }),
      nonceOf: () => Promise.resolve(BigInt(this.mined.length)),
      gasPrice: () => Promise.resolve(this.gasPrice),
      balanceOf: () => Promise.resolve(this.balance),
      estimateGas: () => Promise.resolve(21_000n),
      receipt: (hash) => Promise.resolve(this.#receipts.get(hexOf(hash)) ?? null),
      send: (raw) => this.#send(raw),
    };
    return known as ChainReader;
  }

  async #send(raw: Bytes): Promise<Bytes> {
    if (this.away) throw new CodedError('CHAIN_UNREACHABLE', 'Away.');
    const transaction = decodeTransaction(raw);
    this.offered.push(transaction);
    try {
      return await this.pool.addLocal(transaction);
    } catch (error) {
      if (isCoded(error, 'KNOWN_TRANSACTION')) return transactionHash(transaction);
      if (!isCoded(error)) throw error;
      throw new CodedError('TRANSACTION_REFUSED', 'No.', { meta: { reason: error.code }, cause: error });
    }
  }
}

export const NO_DATA = EMPTY_BYTES;
