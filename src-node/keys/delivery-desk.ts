/**
 * What the keys process does for a seller while his wallet is locked (docs/protocol/11 §4.8): it seals the keys of his versions to
 * their buyers, and signs with his delivery accounts the few calls that the contracts take from them. Held in memory only: after a
 * restart the wallet has to be unlocked once.
 */
import { equal, hexOf, utf8, type Bytes } from '../base/bytes.ts';
import { CodedError, type ErrorMeta } from '../base/errors.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { addressOf } from '../crypto/secp256k1.ts';
import type { DeliverySeller, HeldSeller, KeysStatus, TransactionRequest } from './calls.ts';
import { deliveryKey, keyCommitOf, packKey } from './derived-secrets.ts';

/** Money cannot leave by any of these, a claim pays the order's own payees; the escrow bounds what they answer by the listing's `deliveryCap`. */
const CALLS = {
  escrow: ['postKey(bytes32,(uint256,uint256),bytes32,bytes32)', 'decline(bytes32)', 'claim(bytes32,address[],uint16[])'],
  listings: ['setOpenUntil(bytes32,uint48)'],
} as const;
/** A claim for 16 payees takes 421,000 (docs/protocol/11 §4.2), and is sent with a quarter more. */
const MAX_GAS = 600_000n;

interface DeliveryAccount {
  readonly key: Bytes;
  readonly at: DeliverySeller;
  readonly maxGasPrice: bigint;
}

export class DeliveryDesk {
  #accounts: ReadonlyMap<string, DeliveryAccount> = new Map();
  #packKeys: ReadonlyMap<string, Bytes> = new Map();

  get held(): KeysStatus['held'] {
    return { accounts: [...this.#accounts.keys()].map((hex) => `0x${hex}`), commits: [...this.#packKeys.keys()].map((hex) => `0x${hex}`) };
  }

  /** Replaces what is held. A version that another wallet packed is left out: its key is not here. */
  hold(sellers: readonly HeldSeller[], packSecretOf: (seller: Bytes) => Bytes): void {
    const accounts = new Map<string, DeliveryAccount>();
    const packKeys = new Map<string, Bytes>();
    for (const { at, maxGasPrice, counters, versions } of sellers) {
      const packSecret = packSecretOf(at.seller);
      for (const counter of counters) {
        const key = deliveryKey(packSecret, { ...at, counter });
        accounts.set(hexOf(addressOf(key)), { key, at, maxGasPrice });
      }
      for (const { versionSalt, keyCommit } of versions) {
        const key = packKey(packSecret, versionSalt, at.chainId, at.seller);
        if (equal(keyCommitOf(at.seller, versionSalt, key), keyCommit)) packKeys.set(hexOf(keyCommit), key);
      }
    }
    this.forget();
    this.#accounts = accounts;
    this.#packKeys = packKeys;
  }

  forget(): void {
    for (const { key } of this.#accounts.values()) key.fill(0);
    for (const key of this.#packKeys.values()) key.fill(0);
    this.#accounts = new Map();
    this.#packKeys = new Map();
  }

  /** K of a version by its commitment, or null when it is not held. */
  packKeyOf(keyCommit: Bytes): Bytes | null {
    return this.#packKeys.get(hexOf(keyCommit)) ?? null;
  }

  /** The key that signs one of a delivery account's calls. @throws DELIVERY_NOT_HELD, DELIVERY_REFUSED naming the first rule that does not hold */
  keyForCall(request: TransactionRequest): Bytes {
    const account = this.#accounts.get(hexOf(request.account));
    if (account === undefined) throw new CodedError('DELIVERY_NOT_HELD', 'This delivery account is not held now, so it signs nothing.', { help: 'Unlock the wallet.' });
    const { key, at, maxGasPrice } = account;
    const methods = request.to === null ? [] : equal(request.to, at.escrow) ? CALLS.escrow : equal(request.to, at.listings) ? CALLS.listings : [];
    const rules: readonly (readonly [boolean, string])[] = [
      [request.chainId === at.chainId, 'another chain'],
      [request.value === 0n, 'it would pay'],
      [request.gasLimit <= MAX_GAS, 'too much gas'],
      [request.payload.length >= 4 && methods.some((method) => equal(keccak256(utf8(method)).subarray(0, 4), request.payload.subarray(0, 4))), 'another contract or method'],
      [request.gasPrice <= maxGasPrice, 'a higher gas price than the seller allows'],
    ];
    const broken = rules.find(([holds]) => !holds);
    if (broken === undefined) return key;
    // With all else right, a lower price would do.
    throw refused(broken[1], 'Sign it with the account of the listing.', broken === rules.at(-1) ? { maxGasPrice: maxGasPrice.toString() } : {});
  }

  /** The key that takes what is left on a delivery account back to its seller, or null when it is no such account. @throws DELIVERY_REFUSED */
  keyForReturn(request: TransactionRequest): Bytes | null {
    const account = this.#accounts.get(hexOf(request.account));
    if (account === undefined) return null;
    const { key, at } = account;
    if (request.to === null || !equal(request.to, at.seller) || request.payload.length > 0 || request.chainId !== at.chainId) throw refused('its money goes back to its seller only', 'Send from the account of the seller.');
    return key;
  }
}

function refused(rule: string, help: string, meta: ErrorMeta = {}): CodedError {
  return new CodedError('DELIVERY_REFUSED', `The delivery account may not sign this transaction: ${rule}.`, { help, meta: { ...meta, rule } });
}
