/**
 * The journaled state of all accounts (docs/protocol/03 §2, §6.2): what execution reads and changes. Reads go through to the
 * trie; changes stay in memory until `root` and `commit`.
 */
import { byteKey, bytesOfKey } from '../base/byte-key.ts';
import { EMPTY_BYTES, type Bytes } from '../base/bytes.ts';
import { invariant } from '../base/errors.ts';
import type { WriteBatch } from '../db/store.ts';
import { keccak256 } from '../crypto/keccak.ts';
import type { Log } from '../primitives/log.ts';
import { Account, EMPTY_CODE_HASH, type StoredSlot } from './account.ts';
import { Journal } from './journal.ts';
import type { TrieNodeStore } from './trie-node-store.ts';
import { Trie } from './trie.ts';

/** RIPEMD-160: its touch by a transfer of nothing outlives a revert (docs/protocol/03 §6.2). */
const RIPEMD = byteKey(Uint8Array.from({ length: 20 }, (_, i) => (i === 19 ? 3 : 0)));

export interface FinaliseOptions {
  /** Empty accounts stay; only a genesis block has them. Default false. */
  readonly keepEmpty?: boolean;
}

export interface StoredAccount {
  /** Undefined when only its hash is known. */
  readonly address: Bytes | undefined;
  readonly account: Account;
}

/** Addresses have 20 bytes; every method that reads @throws STATE_MISSING, STATE_DAMAGED. */
export class State {
  readonly #nodes: TrieNodeStore;
  readonly #trie: Trie;
  /** By address; null is known to be absent. */
  readonly #accounts = new Map<string, Account | null>();
  readonly #journal = new Journal();
  /** Changed by finalised transactions since the last root. */
  readonly #changed = new Set<string>();
  /** Changed since the last commit, as the last root has them. */
  readonly #uncommitted = new Map<string, Account | null>();
  /** Addresses that the trie did not have, and whose accounts no commit has added yet. */
  readonly #absent = new Set<string>();
  /** Accounts whose storage the store has, as the last commit left them. */
  readonly #withStorage = new Map<string, Account>();
  #gathered = 0;
  #refund = 0n;
  #logs: Log[] = [];

  constructor(nodes: TrieNodeStore, root: Bytes) {
    this.#nodes = nodes;
    this.#trie = new Trie(nodes, root, '');
  }

  /** Accounts and slots that were read; they are kept in memory for as long as the state lives. */
  get gathered(): number {
    return this.#gathered;
  }

  /** Whether the account was read before. */
  knows(address: Bytes): boolean {
    return this.#accounts.has(byteKey(address));
  }

  exists(address: Bytes): boolean {
    return this.#find(byteKey(address)) !== null;
  }

  /** Absent, or without nonce, balance and code (EIP-161). */
  isEmpty(address: Bytes): boolean {
    return this.#find(byteKey(address))?.isEmpty ?? true;
  }

  balanceOf(address: Bytes): bigint {
    return this.#find(byteKey(address))?.balance ?? 0n;
  }

  /** Adding nothing touches an empty account, which deletes it when the transaction ends. */
  addBalance(address: Bytes, amount: bigint): void {
    const key = byteKey(address);
    const account = this.#findOrCreate(key);
    if (amount !== 0n) this.#setBalance(key, account, account.balance + amount);
    else if (account.isEmpty) this.#touch(key);
  }

  /** The caller has checked the balance. */
  subBalance(address: Bytes, amount: bigint): void {
    const key = byteKey(address);
    const account = this.#findOrCreate(key);
    invariant(account.balance >= amount, 'More was taken from an account than it holds.');
    if (amount !== 0n) this.#setBalance(key, account, account.balance - amount);
  }

  nonceOf(address: Bytes): bigint {
    return this.#find(byteKey(address))?.nonce ?? 0n;
  }

  setNonce(address: Bytes, nonce: bigint): void {
    const key = byteKey(address);
    const account = this.#findOrCreate(key);
    const before = account.nonce;
    account.nonce = nonce;
    this.#journal.record(key, () => (account.nonce = before));
  }

  codeOf(address: Bytes): Bytes {
    return this.#find(byteKey(address))?.code ?? EMPTY_BYTES;
  }

  /** Of an absent account: the hash of no code. */
  codeHashOf(address: Bytes): Bytes {
    return this.#find(byteKey(address))?.codeHash ?? EMPTY_CODE_HASH;
  }

  codeSizeOf(address: Bytes): number {
    return this.codeOf(address).length;
  }

  setCode(address: Bytes, code: Bytes): void {
    const key = byteKey(address);
    const account = this.#findOrCreate(key);
    const before = account.code;
    account.code = code;
    this.#journal.record(key, () => (account.code = before));
  }

  storageAt(address: Bytes, slot: bigint): bigint {
    const account = this.#find(byteKey(address));
    return account === null ? 0n : this.#slotOf(account, slot);
  }

  setStorage(address: Bytes, slot: bigint, value: bigint): void {
    const key = byteKey(address);
    const account = this.#findOrCreate(key);
    const before = this.#slotOf(account, slot);
    if (before === value) return;
    account.setStorage(slot, value);
    this.#journal.record(key, () => account.setStorage(slot, before));
  }

  /** All slots between two transactions, in the order of their hashes; undefined of an absent account. @param from the first hash, or its beginning */
  storageOf(address: Bytes, from: Bytes): Generator<StoredSlot> | undefined {
    return this.#find(byteKey(address))?.storage(from);
  }

  /** All accounts as of the last root, in the order of the hashes of their addresses. */
  *accounts(): Generator<StoredAccount> {
    for (const { key, value } of this.#trie.leaves(EMPTY_BYTES)) yield { address: this.#nodes.preimage(key), account: Account.decode(key, value, this.#nodes) };
  }

  /** A new account with empty storage, no code and nonce 0; what stood there leaves its balance. */
  createAccount(address: Bytes): void {
    const key = byteKey(address);
    const before = this.#find(key);
    const account = this.#create(key, before);
    if (before !== null) account.balance = before.balance;
  }

  /** Marks an account as used: one that is empty when the transaction ends is deleted. */
  touch(address: Bytes): void {
    const key = byteKey(address);
    this.#findOrCreate(key);
    this.#touch(key);
  }

  /** Its balance is gone at once, the account when the transaction ends. */
  selfDestruct(address: Bytes): void {
    const key = byteKey(address);
    const account = this.#find(key);
    if (account === null) return;
    const { balance, selfDestructed } = account;
    account.balance = 0n;
    account.selfDestructed = true;
    this.#journal.record(key, () => {
      account.balance = balance;
      account.selfDestructed = selfDestructed;
    });
  }

  hasSelfDestructed(address: Bytes): boolean {
    return this.#find(byteKey(address))?.selfDestructed ?? false;
  }

  /** Gas to give back at the end of the transaction. */
  get refund(): bigint {
    return this.#refund;
  }

  addRefund(gas: bigint): void {
    this.#setRefund(this.#refund + gas);
  }

  subRefund(gas: bigint): void {
    invariant(this.#refund >= gas, 'More refund was taken back than was given.');
    this.#setRefund(this.#refund - gas);
  }

  addLog(log: Log): void {
    const logs = this.#logs;
    logs.push(log);
    this.#journal.record(null, () => void logs.pop());
  }

  /** Logs since the last call, in order; call it when the transaction has ended. */
  takeLogs(): Log[] {
    const logs = this.#logs;
    this.#logs = [];
    return logs;
  }

  /** A point to return to; valid until `finalise`. */
  snapshot(): number {
    return this.#journal.length;
  }

  revertTo(snapshot: number): void {
    this.#journal.revertTo(snapshot);
  }

  /** Ends a transaction: deletes self-destructed and touched empty accounts, forgets journal and refund. */
  finalise(options: FinaliseOptions = {}): void {
    for (const key of this.#journal.touched()) {
      const account = this.#find(key);
      if (account !== null && (account.selfDestructed || (account.isEmpty && options.keepEmpty !== true))) this.#accounts.set(key, null);
      this.#changed.add(key);
    }
    this.#journal.clear();
    this.#refund = 0n;
  }

  /** Root of the state after the transactions finalised so far. */
  root(): Bytes {
    invariant(this.#journal.length === 0, 'A root is taken between transactions only.');
    for (const key of this.#changed) {
      const account = this.#find(key);
      if (account === null) this.#trie.delete(keccak256(bytesOfKey(key)));
      else this.#trie.put(account.hash, account.encode());
      this.#uncommitted.set(key, account);
    }
    this.#changed.clear();
    return this.#trie.seal();
  }

  /**
   * Adds all changed nodes and code to the batch; the state stands on disk when the batch is written.
   * @param number of the block whose state it is @returns the root
   */
  commit(batch: WriteBatch, number: bigint): Bytes {
    const root = this.root();
    this.#nodes.commit(batch, number, (write) => {
      for (const [key, account] of this.#uncommitted) {
        const stored = this.#withStorage.get(key);
        if (stored !== undefined && stored !== account) stored.retire(write);
        account?.commit(write);
        if (account !== null && this.#absent.delete(key)) write.preimage(account.hash, bytesOfKey(key));
        if (account?.hasStoredStorage === true) this.#withStorage.set(key, account);
        else this.#withStorage.delete(key);
      }
      this.#uncommitted.clear();
      this.#trie.commit(write);
    });
    return root;
  }

  #find(key: string): Account | null {
    const known = this.#accounts.get(key);
    if (known !== undefined) return known;
    this.#gathered++;
    const hash = keccak256(bytesOfKey(key));
    const record = this.#trie.get(hash);
    const account = record === undefined ? null : Account.decode(hash, record, this.#nodes);
    this.#accounts.set(key, account);
    if (account === null) this.#absent.add(key);
    if (account?.hasStoredStorage === true) this.#withStorage.set(key, account);
    return account;
  }

  #slotOf(account: Account, slot: bigint): bigint {
    const before = account.slots;
    const value = account.storageAt(slot);
    this.#gathered += account.slots - before;
    return value;
  }

  #findOrCreate(key: string): Account {
    return this.#find(key) ?? this.#create(key, null);
  }

  #create(key: string, before: Account | null): Account {
    const account = new Account(before?.hash ?? keccak256(bytesOfKey(key)), this.#nodes);
    this.#accounts.set(key, account);
    this.#journal.record(key, () => void this.#accounts.set(key, before));
    return account;
  }

  #setBalance(key: string, account: Account, balance: bigint): void {
    const before = account.balance;
    account.balance = balance;
    this.#journal.record(key, () => (account.balance = before));
  }

  #setRefund(refund: bigint): void {
    const before = this.#refund;
    this.#refund = refund;
    this.#journal.record(null, () => (this.#refund = before));
  }

  #touch(key: string): void {
    this.#journal.record(key, () => undefined);
    if (key === RIPEMD) this.#journal.keepTouched(key);
  }
}
