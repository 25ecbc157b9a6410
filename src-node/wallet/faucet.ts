/** Practice money. The faucet's key is public and worth nothing; the limit only keeps one account from emptying it by mistake. */
import type { DatabaseSync } from 'node:sqlite';
import { hexOf, type Bytes } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import type { ChainReader } from '../chain/reader.ts';
import { column } from '../db/sqlite.ts';
import { addressOf, sign } from '../crypto/secp256k1.ts';
import { encodeTransaction, signTransaction } from '../primitives/transaction.ts';

export interface FaucetOptions {
  readonly key: Bytes;
  /** Base units that one account gets in all. */
  readonly limit: bigint;
}

export class Faucet {
  readonly #options: FaucetOptions;
  readonly #reader: ChainReader;
  readonly #db: DatabaseSync;
  readonly #address: Bytes;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: FaucetOptions, modules: { readonly reader: ChainReader; readonly db: DatabaseSync }) {
    this.#options = options;
    this.#reader = modules.reader;
    this.#db = modules.db;
    this.#address = addressOf(options.key);
  }

  /** Hash of the transaction. @throws FAUCET_LIMIT, FAUCET_EMPTY */
  give(account: Bytes, amount: bigint): Promise<Bytes> {
    // One at a time, so that two clicks get two nonces.
    const run = this.#turn.then(() => this.#give(account, amount));
    this.#turn = run.catch(() => undefined);
    return run;
  }

  async #give(account: Bytes, amount: bigint): Promise<Bytes> {
    const left = this.#options.limit - this.#given(account);
    if (amount > left) {
      throw new CodedError('FAUCET_LIMIT', 'This account has had its share of practice money.', { help: 'Use another account, or ask for less.', meta: { left: left.toString() } });
    }
    const gasPrice = await this.#reader.gasPrice();
    if ((await this.#reader.balanceOf(this.#address)) < amount + 21_000n * gasPrice) throw new CodedError('FAUCET_EMPTY', 'The faucet of this practice network is empty.', { help: 'Nothing was sent. Take some from another account that has practice money.' });
    const nonce = await this.#reader.nextNonceOf(this.#address);
    const unsigned = { type: 0n, nonce, gasPrice, gasLimit: 21_000n, to: account, value: amount, payload: new Uint8Array(0) };
    const raw = encodeTransaction(signTransaction(unsigned, this.#reader.chainId, (digest) => sign(digest, this.#options.key)));
    const hash = await this.#reader.send(raw);
    this.#db.prepare('INSERT OR IGNORE INTO faucet_grant (hash, account, amount) VALUES (?, ?, ?)').run(hexOf(hash), hexOf(account), amount.toString());
    return hash;
  }

  #given(account: Bytes): bigint {
    return this.#db.prepare('SELECT amount FROM faucet_grant WHERE account = ?').all(hexOf(account)).reduce((sum, row) => sum + BigInt(column.text(row, 'amount')), 0n);
  }
}
