/** The 24 words and everything derived from them (docs/protocol/11 §4.25; paths: docs/protocol/12 §1). */
import { HDKey } from '@scure/bip32';
import { entropyToMnemonic, mnemonicToEntropy, mnemonicToSeedSync } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import type { Bytes } from '../base/bytes.ts';
import { CodedError, invariant, type ErrorMeta } from '../base/errors.ts';
import { randomBytes } from '../crypto/hash.ts';

/** SLIP-44 number of CPC. */
const COIN = 337;
export const ACCOUNT_PATH = `m/44'/${COIN}'/0'/0`;
const ORDER_BRANCH_PATH = `m/44'/${COIN}'/1'/0'`;
const PACK_SECRET_PATH = `m/44'/${COIN}'/1'/1'`;

/** 32 bytes of entropy: 24 words. */
export function newEntropy(): Bytes {
  return randomBytes(32);
}

export function wordsOf(entropy: Bytes): readonly string[] {
  return entropyToMnemonic(entropy, wordlist).split(' ');
}

/** Accepts any spacing and capitals. @throws BAD_WORDS naming the first unknown word, or the checksum */
export function entropyOf(text: string): Bytes {
  const words = text.normalize('NFKD').trim().toLowerCase().split(/\s+/);
  const unknown = words.findIndex((word) => !wordlist.includes(word));
  if (words.length !== 24) throw badWords(`There are ${words.length} words; a CPChain wallet has 24.`, { reason: 'number', words: words.length });
  if (unknown >= 0) throw badWords(`Word ${unknown + 1} is not in the word list.`, { reason: 'unknown', position: unknown });
  try {
    return mnemonicToEntropy(words.join(' '), wordlist);
  } catch (error) {
    throw badWords('All 24 words exist, but together they are no valid backup: one is wrong or two are swapped.', { reason: 'checksum' }, error);
  }
}

function badWords(message: string, meta: ErrorMeta, cause?: unknown): CodedError {
  return new CodedError('BAD_WORDS', message, { help: 'Compare each word with your written backup.', meta, cause });
}

export interface SeedKeys {
  /** Private key of account i. */
  account(index: number): Bytes;
  /** ikm of every order key. */
  readonly orderBranch: Bytes;
  /** ikm of every packing key. */
  readonly packSecret: Bytes;
}

/** Derives from the entropy, with an empty BIP-39 passphrase. */
export function seedKeys(entropy: Bytes): SeedKeys {
  const root = HDKey.fromMasterSeed(mnemonicToSeedSync(entropyToMnemonic(entropy, wordlist)));
  const keyAt = (path: string): Bytes => {
    const { privateKey } = root.derive(path);
    invariant(privateKey !== null, 'a derived key has a private part');
    return privateKey;
  };
  return { account: (index) => keyAt(`${ACCOUNT_PATH}/${index}`), orderBranch: keyAt(ORDER_BRANCH_PATH), packSecret: keyAt(PACK_SECRET_PATH) };
}
