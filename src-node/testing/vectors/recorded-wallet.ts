/** The wallet of the recorded node: one key that is open to whoever asks, as if a person said yes to everything. */
import { concat, equal, type Bytes } from '../../base/bytes.ts';
import { invariant } from '../../base/errors.ts';
import type { TransactionPool } from '../../chain/pool/transaction-pool.ts';
import { addressOf, sign } from '../../crypto/secp256k1.ts';
import { MESSAGE_FIRST_V, messageDigest } from '../../primitives/signed-message.ts';
import { BASIC_TYPE, signTransaction } from '../../primitives/transaction.ts';
import type { WalletPort } from '../../rpc/wallet-port.ts';

export class RecordedWallet implements WalletPort {
  readonly #key: Bytes;
  readonly #pool: TransactionPool;
  readonly #chainId: bigint;
  readonly #addresses: Bytes[];
  #isUnlocked = true;

  constructor(key: Bytes, modules: { readonly pool: TransactionPool; readonly chainId: bigint }) {
    this.#key = key;
    this.#pool = modules.pool;
    this.#chainId = modules.chainId;
    this.#addresses = [addressOf(key)];
  }

  /** An account that the recorded node made; its key was told to nobody. */
  made(address: Bytes): void {
    this.#addresses.push(address);
  }

  addresses(): Promise<readonly Bytes[]> {
    return Promise.resolve(this.#addresses);
  }

  isUnlocked(): Promise<boolean> {
    return Promise.resolve(this.#isUnlocked);
  }

  lock(): Promise<void> {
    this.#isUnlocked = false;
    return Promise.resolve();
  }

  async askTransaction({ account, to, value, payload, gasLimit, gasPrice, nonce = this.#pool.nextNonce(account) }: Parameters<WalletPort['askTransaction']>[0]): Promise<Bytes> {
    const key = this.#keyOf(account);
    invariant(gasLimit !== undefined && gasPrice !== undefined, 'Recorded requests say gas and price.');
    return this.#pool.addLocal(signTransaction({ type: BASIC_TYPE, nonce, gasPrice, gasLimit, to, value, payload }, this.#chainId, (digest) => sign(digest, key)));
  }

  askSignature({ account, message }: Parameters<WalletPort['askSignature']>[0]): Promise<Bytes> {
    const signature = sign(messageDigest(message), this.#keyOf(account));
    return Promise.resolve(concat(signature.subarray(0, 64), Uint8Array.of(MESSAGE_FIRST_V + (signature[64] ?? 0))));
  }

  /** Asked for a signature the person unlocks it again. */
  #keyOf(account: Bytes): Bytes {
    invariant(equal(account, addressOf(this.#key)), 'The key of the account is known.');
    this.#isUnlocked = true;
    return this.#key;
  }
}
