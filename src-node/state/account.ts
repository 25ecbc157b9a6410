/** One account of a state: its record in the account trie, its storage and its code (docs/protocol/01 §4). */
import { byteKey } from '../base/byte-key.ts';
import { EMPTY_BYTES, equal, fromBigInt, fromHex, toBigInt, type Bytes } from '../base/bytes.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { bytesIn, decode, encode, encodeUint, listIn, uint64In, uintIn } from '../primitives/rlp/index.ts';
import { EMPTY_TRIE_ROOT } from '../primitives/trie-root.ts';
import { retireTrie } from './retire-trie.ts';
import type { StateWrite } from './state-write.ts';
import type { TrieNodeStore } from './trie-node-store.ts';
import { Trie } from './trie.ts';

/** keccak256 of no bytes. */
export const EMPTY_CODE_HASH: Bytes = fromHex('0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');

/** As it stands in the storage trie. */
export interface StoredSlot {
  readonly hash: Bytes;
  /** 32 bytes; undefined when only its hash is known. */
  readonly number: Bytes | undefined;
  /** RLP of the shortest form. */
  readonly encodedValue: Bytes;
}

interface Slot {
  readonly number: bigint;
  /** keccak256 of its number, the key in the storage trie. */
  readonly hash: Bytes;
  value: bigint;
  /** Whether the storage trie did not have it yet. */
  isNew: boolean;
}

export class Account {
  /** keccak256(address), the key in the account trie. */
  readonly hash: Bytes;
  nonce = 0n;
  balance = 0n;
  codeHash = EMPTY_CODE_HASH;
  selfDestructed = false;
  readonly #nodes: TrieNodeStore;
  #storageRoot = EMPTY_TRIE_ROOT;
  /** As the store has it. */
  #storedRoot = EMPTY_TRIE_ROOT;
  #storage: Trie | undefined;
  /** Slots read or written, by their hex digits: an attacker cannot make these collide, as the low bits of a bigint. */
  readonly #slots = new Map<string, Slot>();
  readonly #changedSlots = new Set<Slot>();
  /** New to the storage trie since the last commit. */
  #addedSlots: Slot[] = [];
  #code: Bytes | undefined = EMPTY_BYTES;
  #codeChanged = false;

  constructor(hash: Bytes, nodes: TrieNodeStore) {
    this.hash = hash;
    this.#nodes = nodes;
  }

  /** @throws BAD_RLP */
  static decode(hash: Bytes, record: Bytes, nodes: TrieNodeStore): Account {
    const [nonce, balance, storageRoot, codeHash] = listIn(decode(record), 4);
    const account = new Account(hash, nodes);
    account.nonce = uint64In(nonce);
    account.balance = uintIn(balance);
    account.#storageRoot = account.#storedRoot = bytesIn(storageRoot, 32);
    account.codeHash = bytesIn(codeHash, 32);
    if (!equal(account.codeHash, EMPTY_CODE_HASH)) account.#code = undefined;
    return account;
  }

  /** As EIP-161 has it: no nonce, no balance, no code. */
  get isEmpty(): boolean {
    return this.nonce === 0n && this.balance === 0n && equal(this.codeHash, EMPTY_CODE_HASH);
  }

  /** @throws STATE_MISSING */
  get code(): Bytes {
    return (this.#code ??= this.#nodes.code(this.codeHash));
  }

  set code(code: Bytes) {
    this.#code = code;
    this.codeHash = keccak256(code);
    this.#codeChanged = true;
  }

  /** Slots in memory. */
  get slots(): number {
    return this.#slots.size;
  }

  /** @throws STATE_MISSING, STATE_DAMAGED */
  storageAt(slot: bigint): bigint {
    return this.#slot(slot).value;
  }

  /** @throws STATE_MISSING, STATE_DAMAGED */
  setStorage(slot: bigint, value: bigint): void {
    const found = this.#slot(slot);
    found.value = value;
    this.#changedSlots.add(found);
  }

  /** Of the storage as it was last sealed. */
  get storageRoot(): Bytes {
    return this.#storageRoot;
  }

  /** All slots, in the order of their hashes, as they are between two transactions. @param from the first hash, or its beginning @throws STATE_MISSING, STATE_DAMAGED */
  *storage(from: Bytes = EMPTY_BYTES): Generator<StoredSlot> {
    this.#sealStorage();
    const known = new Map([...this.#slots.values()].map(({ hash, number }) => [byteKey(hash), fromBigInt(number, 32)]));
    for (const { key, value } of this.#trie().leaves(from)) yield { hash: key, number: known.get(byteKey(key)) ?? this.#nodes.preimage(key), encodedValue: value };
  }

  /** The record in the account trie, storage sealed. */
  encode(): Bytes {
    this.#sealStorage();
    return encode([encodeUint(this.nonce), encodeUint(this.balance), this.#storageRoot, this.codeHash]);
  }

  /** Whether the store has storage of it. */
  get hasStoredStorage(): boolean {
    return !equal(this.#storedRoot, EMPTY_TRIE_ROOT);
  }

  /** Writes changed storage with the numbers of new slots, and code; `encode` was called before. */
  commit(write: StateWrite): void {
    this.#storage?.commit(write);
    for (const { hash, number } of this.#addedSlots) write.preimage(hash, fromBigInt(number, 32));
    this.#addedSlots = [];
    this.#storedRoot = this.#storageRoot;
    if (!this.#codeChanged) return;
    write.code(this.codeHash, this.code);
    this.#codeChanged = false;
  }

  /** Names all stored storage of an account that is gone. @throws STATE_MISSING, STATE_DAMAGED */
  retire(write: StateWrite): void {
    retireTrie(this.#nodes, this.#storedRoot, byteKey(this.hash), write);
  }

  #slot(slot: bigint): Slot {
    const key = slot.toString(16);
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const hash = keccak256(fromBigInt(slot, 32));
    const stored = this.#trie().get(hash);
    const found = { number: slot, hash, value: stored === undefined ? 0n : toBigInt(bytesIn(decode(stored))), isNew: stored === undefined };
    this.#slots.set(key, found);
    return found;
  }

  #trie(): Trie {
    return (this.#storage ??= new Trie(this.#nodes, this.#storageRoot, byteKey(this.hash)));
  }

  #sealStorage(): void {
    if (this.#changedSlots.size === 0) return;
    const trie = this.#trie();
    for (const slot of this.#changedSlots) {
      if (slot.value === 0n) {
        trie.delete(slot.hash);
        continue;
      }
      trie.put(slot.hash, encode(encodeUint(slot.value)));
      if (slot.isNew) this.#addedSlots.push(slot);
      slot.isNew = false;
    }
    this.#changedSlots.clear();
    this.#storageRoot = trie.seal();
  }
}
