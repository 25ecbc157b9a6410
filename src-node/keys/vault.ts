/**
 * The wallet inside the keys process: the files on disk, and while it is unlocked the keys in memory. A secret is written,
 * read back and opened again before its address is given out.
 */
import { basename, join } from 'node:path';
import { z } from 'zod';
import { equal, hexOf, utf8, type Bytes } from '../base/bytes.ts';
import type { Clock } from '../base/clock.ts';
import { CodedError, invariant } from '../base/errors.ts';
import type { FilePort } from '../base/files.ts';
import { hkdfSha256 } from '../crypto/hash.ts';
import { addressOf, isPrivateKey } from '../crypto/secp256k1.ts';
import { loadAccountIndex, saveAccountIndex, type AccountIndex, type IndexedAccount } from './account-index.ts';
import { accountBranches } from './derived-secrets.ts';
import { decryptSecret, encryptSecret, keystoreFileName, parseKeystore, STANDARD_COST, writeKeystore, type KeystoreCrypto, type ScryptCost } from './keystore.ts';
import { seedKeys, type SeedKeys } from './seed.ts';
import { PasswordThrottle } from './throttle.ts';

const SEED_TYPE = 'cpchain-seed';
const MIN_PASSWORD_LENGTH = 8;
const MAX_FILE_BYTES = 100_000;

export interface VaultOptions {
  readonly folder: string;
  /** Cost of the files it writes; tests use a lighter one. */
  readonly cost?: ScryptCost;
}

export interface AccountSecret {
  readonly key: Bytes;
  readonly orderBranch: Bytes;
  readonly packSecret: Bytes;
}

interface Opened {
  readonly seed: SeedKeys | null;
  readonly accounts: Map<string, AccountSecret>;
  /** Key of the boxes beside the wallet. */
  readonly boxKey: Bytes;
}

export class Vault {
  readonly #folder: string;
  readonly #cost: ScryptCost;
  readonly #files: FilePort;
  readonly #clock: Clock;
  readonly #throttle: PasswordThrottle;
  #index: AccountIndex | null;
  #opened: Opened | null = null;

  private constructor(options: VaultOptions, modules: { readonly files: FilePort; readonly clock: Clock }, index: AccountIndex | null) {
    this.#folder = options.folder;
    this.#cost = options.cost ?? STANDARD_COST;
    this.#files = modules.files;
    this.#clock = modules.clock;
    this.#throttle = new PasswordThrottle({ path: join(options.folder, 'throttle.json') }, modules);
    this.#index = index;
  }

  static async open(options: VaultOptions, modules: { readonly files: FilePort; readonly clock: Clock }): Promise<Vault> {
    return new Vault(options, modules, await loadAccountIndex(options.folder, modules.files));
  }

  get exists(): boolean {
    return this.#index !== null;
  }

  get unlocked(): boolean {
    return this.#opened !== null;
  }

  get accounts(): readonly IndexedAccount[] {
    return this.#index?.accounts ?? [];
  }

  lock(): void {
    for (const secret of this.#opened?.accounts.values() ?? []) {
      secret.key.fill(0);
      secret.orderBranch.fill(0);
      secret.packSecret.fill(0);
    }
    this.#opened?.boxKey.fill(0);
    this.#opened = null;
  }

  /** A new wallet over 32 bytes of entropy, with its first account. @throws WALLET_EXISTS, WEAK_PASSWORD */
  async createFromSeed(entropy: Bytes, password: string): Promise<void> {
    if (this.exists) throw new CodedError('WALLET_EXISTS', 'This profile already has a wallet.', { help: 'Use another data directory for a second wallet.' });
    checkPassword(password);
    const crypto = await encryptSecret(entropy, password, this.#cost);
    await this.#files.writeAtomic(this.#seedPath, JSON.stringify({ type: SEED_TYPE, version: 1, crypto }));
    const proved = await decryptSecret(await this.#readSeed(), password);
    invariant(equal(proved, entropy), 'the seed file opens to what was written');
    this.#opened = openSeed(proved);
    this.#index = { version: 1, hasSeed: true, accounts: [] };
    await this.addSeedAccount();
  }

  /** The next account of the seed. @throws WALLET_LOCKED, NO_WALLET */
  async addSeedAccount(): Promise<string> {
    const { seed, accounts } = this.#open();
    if (seed === null || this.#index === null) throw new CodedError('NO_WALLET', 'This wallet was imported from a key file and has no 24 words to derive accounts from.', { help: 'Import another key file instead.' });
    const index = this.#nextIndex;
    const secret = seedAccount(seed, index);
    const address = hexOf(addressOf(secret.key));
    await this.#saveIndex({ ...this.#index, accounts: [...this.#index.accounts, { address, source: { kind: 'seed', index } }] });
    accounts.set(address, secret);
    return address;
  }

  /** Addresses that the next accounts of the seed would have; none without a seed. @throws WALLET_LOCKED */
  upcomingAddresses(count: number): readonly string[] {
    const { seed } = this.#open();
    return seed === null ? [] : Array.from({ length: count }, (_, i) => hexOf(addressOf(seed.account(this.#nextIndex + i))));
  }

  get #nextIndex(): number {
    return this.accounts.reduce((next, { source }) => (source.kind === 'seed' ? Math.max(next, source.index + 1) : next), 0);
  }

  /** Adds the account of a key file, re-encrypted under the wallet's password; makes the wallet when there is none. @throws ACCOUNT_EXISTS, BAD_KEYSTORE, WRONG_PASSWORD, WEAK_PASSWORD */
  async importKeystore(json: string, filePassword: string, password: string): Promise<string> {
    const file = parseKeystore(json);
    const key = await decryptSecret(file.crypto, filePassword);
    if (!isPrivateKey(key)) throw new CodedError('BAD_KEYSTORE', 'The key in this file is not a valid private key.', { meta: { reason: 'key' } });
    const address = hexOf(addressOf(key));
    if (file.address !== null && file.address !== address) throw new CodedError('BAD_KEYSTORE', 'The address written in this file is not the address of its key.', { help: 'The file was changed; use an untouched copy.', meta: { reason: 'address' } });
    if (this.accounts.some((account) => account.address === address)) throw new CodedError('ACCOUNT_EXISTS', 'This account is already in the wallet.');
    if (this.exists) await this.unlock(password);
    else checkPassword(password);
    const name = keystoreFileName(address, new Date(this.#clock.now()));
    const path = join(this.#folder, 'keystore', name);
    await this.#files.writeAtomic(path, await writeKeystore(key, address, password, this.#cost));
    const proved = await decryptSecret(await this.#readKeystore(name), password);
    invariant(equal(proved, key), 'the key file opens to what was written');
    const index = this.#index ?? { version: 1 as const, hasSeed: false, accounts: [] };
    await this.#saveIndex({ ...index, accounts: [...index.accounts, { address, source: { kind: 'keystore', file: name } }] });
    this.#opened ??= { seed: null, accounts: new Map(), boxKey: boxKeyOf(key) };
    this.#opened.accounts.set(address, { key, ...accountBranches(key) });
    return address;
  }

  /** @throws WRONG_PASSWORD, THROTTLED, NO_WALLET */
  async unlock(password: string): Promise<void> {
    const index = this.#index;
    if (index === null) throw new CodedError('NO_WALLET', 'There is no wallet in this profile yet.', { help: 'Create one or import yours.' });
    await this.#throttle.begin();
    const opened = index.hasSeed ? openSeed(await decryptSecret(await this.#readSeed(), password)) : null;
    await this.#openAccounts(index, opened, password);
    await this.#throttle.succeeded();
  }

  async #openAccounts(index: AccountIndex, root: Opened | null, password: string): Promise<void> {
    let opened = root;
    for (const { address, source } of index.accounts) {
      let secret: AccountSecret;
      if (source.kind === 'seed') {
        invariant(opened?.seed, 'a seed account belongs to a wallet with a seed');
        secret = seedAccount(opened.seed, source.index);
      } else {
        const key = await decryptSecret(await this.#readKeystore(source.file), password);
        opened ??= { seed: null, accounts: new Map(), boxKey: boxKeyOf(key) };
        secret = { key, ...accountBranches(key) };
      }
      opened.accounts.set(address, secret);
    }
    this.lock();
    this.#opened = opened;
  }

  /** @throws WALLET_LOCKED, UNKNOWN_ACCOUNT */
  secretOf(address: Bytes): AccountSecret {
    const secret = this.#open().accounts.get(hexOf(address));
    if (secret === undefined) throw new CodedError('UNKNOWN_ACCOUNT', 'This account is not in the wallet.', { meta: { address: hexOf(address) } });
    return secret;
  }

  /** @throws WALLET_LOCKED */
  get boxKey(): Bytes {
    return this.#open().boxKey;
  }

  #open(): Opened {
    if (this.#opened === null) throw new CodedError('WALLET_LOCKED', 'The wallet is locked.', { help: 'Enter your password to unlock it.' });
    return this.#opened;
  }

  get #seedPath(): string {
    return join(this.#folder, 'seed.json');
  }

  async #readSeed(): Promise<KeystoreCrypto> {
    const text = Buffer.from(await this.#files.read(this.#seedPath, MAX_FILE_BYTES)).toString('utf8');
    const parsed = z.object({ type: z.literal(SEED_TYPE), version: z.literal(1), crypto: z.unknown() }).safeParse(JSON.parse(text));
    if (!parsed.success) throw new CodedError('BAD_KEYSTORE', 'The seed file of the wallet is damaged.', { help: 'Import your wallet by its 24 words into a new data directory.', meta: { reason: 'seed' } });
    return parseKeystore(JSON.stringify({ version: 3, crypto: parsed.data.crypto })).crypto;
  }

  async #readKeystore(name: string): Promise<KeystoreCrypto> {
    return parseKeystore(Buffer.from(await this.#files.read(join(this.#folder, 'keystore', basename(name)), MAX_FILE_BYTES)).toString('utf8')).crypto;
  }

  async #saveIndex(index: AccountIndex): Promise<void> {
    await saveAccountIndex(this.#folder, this.#files, index);
    this.#index = index;
  }
}

function checkPassword(password: string): void {
  if (password.length < MIN_PASSWORD_LENGTH) {
    throw new CodedError('WEAK_PASSWORD', `The password needs at least ${MIN_PASSWORD_LENGTH} characters.`, { help: 'A sentence of four or more words is easy to remember and hard to guess.' });
  }
}

function openSeed(entropy: Bytes): Opened {
  return { seed: seedKeys(entropy), accounts: new Map(), boxKey: boxKeyOf(entropy) };
}

function seedAccount(seed: SeedKeys, index: number): AccountSecret {
  return { key: seed.account(index), orderBranch: Uint8Array.from(seed.orderBranch), packSecret: Uint8Array.from(seed.packSecret) };
}

function boxKeyOf(root: Bytes): Bytes {
  return hkdfSha256(root, new Uint8Array(0), utf8('cpchain-wallet-box'), 32);
}
