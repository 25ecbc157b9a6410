/** A head that a test moves under a transaction pool, and transactions of ten accounts that own 10^9 each. */
import { EMPTY_BYTES, hexOf, type Bytes } from '../base/bytes.ts';
import type { PoolHead } from '../chain/pool/transaction-pool.ts';
import { addressOf, sign } from '../crypto/secp256k1.ts';
import { MemoryStore } from '../db/memory-store.ts';
import { signTransaction, type Transaction, type UnsignedTransaction } from '../primitives/transaction.ts';
import { EMPTY_TRIE_ROOT } from '../primitives/trie-root.ts';
import { State } from '../state/state.ts';
import { TrieNodeStore } from '../state/trie-node-store.ts';

export const POOL_CHAIN_ID = 41n;
const ACCOUNTS = [...Array(10).keys()];
const KEYS = ACCOUNTS.map((account) => new Uint8Array(32).fill(account + 1));
const ADDRESSES = KEYS.map(addressOf);
const TO = new Uint8Array(20).fill(9);

export function addressOfAccount(account: number): Bytes {
  return ADDRESSES[account] ?? EMPTY_BYTES;
}

/** -1 for an unknown address. */
export function accountOf(address: Bytes): number {
  return ADDRESSES.findIndex((one) => hexOf(one) === hexOf(address));
}

/** A transfer of 1 for the price 10, as far as `changes` say nothing else. */
export function transactionOf(account: number, changes: Partial<UnsignedTransaction> = {}): Transaction {
  const unsigned = { type: 0n, nonce: 0n, gasPrice: 10n, gasLimit: 21_000n, to: TO, value: 1n, payload: EMPTY_BYTES, ...changes };
  return signTransaction(unsigned, POOL_CHAIN_ID, (digest) => sign(digest, KEYS[account] ?? EMPTY_BYTES));
}

export class MovedHead implements PoolHead {
  readonly #nodes = new TrieNodeStore({}, { store: new MemoryStore() });
  readonly nonces = new Map<number, bigint>();
  readonly balances = new Map<number, bigint>();
  /** Hashes of what is in a block. */
  readonly mined = new Set<string>();
  gasLimit = 10_000_000n;

  nonceOf(account: number): bigint {
    return this.nonces.get(account) ?? 0n;
  }

  balanceOf(account: number): bigint {
    return this.balances.get(account) ?? 10n ** 9n;
  }

  stateAtHead(): State {
    const state = new State(this.#nodes, EMPTY_TRIE_ROOT);
    for (const account of ACCOUNTS) {
      state.addBalance(addressOfAccount(account), this.balanceOf(account));
      state.setNonce(addressOfAccount(account), this.nonceOf(account));
    }
    state.finalise();
    return state;
  }

  gasLimitAtHead(): bigint {
    return this.gasLimit;
  }

  isMined(hash: Bytes): boolean {
    return this.mined.has(hexOf(hash));
  }
}
