/**
 * The contracts of streams on the practice network. They stand at the first three nonces of an account of their own, on new
 * chains and on those that were there before them; the faucet pays for it.
 */
import { equal, toHex, type Bytes } from './base/bytes.ts';
import type { Logger } from './base/logger.ts';
import type { LocalReader } from './chain/local-reader.ts';
import type { TransactionPool } from './chain/pool/transaction-pool.ts';
import { DEPLOYMENT_GAS, streamAddresses, streamDeployment, type StreamAddresses } from './contracts/deploy.ts';
import { streamParameters } from './contracts/stream-parameters.ts';
import { addressOf, sign } from './crypto/secp256k1.ts';
import { networkNamed } from './networks/network.ts';
import { PRACTICE_CHAIN_ID, practiceKeys, type PracticeKeys } from './networks/practice.ts';
import { encodeTransaction, signTransaction } from './primitives/transaction.ts';

const CPC = 10n ** 18n;
/** Far more than three creations cost. */
const FUNDS = 1_000n * CPC;
const TRANSFER_GAS = 21_000n;
const CREATIONS = 3n;

/** Where the contracts of streams stand on the practice network; null on every other chain. */
export function wellKnownStreams(chainId: bigint): StreamAddresses | null {
  return chainId === PRACTICE_CHAIN_ID ? streamAddresses({ deployer: toHex(addressOf(practiceKeys(chainId).streams)), nonce: 0n }) : null;
}

interface Modules {
  readonly reader: LocalReader;
  readonly pool: TransactionPool;
  readonly log: Logger;
}

export class PracticeStreams {
  readonly #keys: PracticeKeys;
  readonly #modules: Modules;
  readonly #deployer: Bytes;
  #stopListening: () => void = () => undefined;
  #step: Promise<void> = Promise.resolve();

  constructor(keys: PracticeKeys, modules: Modules) {
    this.#keys = keys;
    this.#modules = modules;
    this.#deployer = addressOf(keys.streams);
  }

  /** Sends the money for the creations unless it is there or on its way. Before anything else takes nonces of the faucet. */
  async fund(): Promise<void> {
    const { reader, pool, log } = this.#modules;
    if (await this.#isDone()) return;
    const faucet = addressOf(this.#keys.faucet);
    const sent = [...pool.accounts()].filter(({ sender }) => equal(sender, faucet)).flatMap(({ all }) => all);
    if ((await this.#isFunded()) || sent.some(({ transaction: { to } }) => to !== null && equal(to, this.#deployer))) return;
    try {
      await this.#send(this.#keys.faucet, { nonce: await reader.nextNonceOf(faucet), gasLimit: TRANSFER_GAS, to: this.#deployer, value: FUNDS, payload: new Uint8Array(0) });
    } catch (error) {
      log.error('there is no money to put streams on the practice network', {}, error); // an old faucet may be empty; all else works
    }
  }

  /** Sends the creations as soon as they can be paid, and again what was lost. */
  start(): void {
    const { reader } = this.#modules;
    this.#stopListening = reader.onHead(() => this.#advance());
    this.#advance();
  }

  /** Resolves when nothing is sent any more. */
  async stop(): Promise<void> {
    this.#stopListening();
    await this.#step;
  }

  #advance(): void {
    this.#step = this.#step.then(() => this.#deploy()).catch((error: unknown) => this.#modules.log.error('streams could not be put on the practice network; it is tried again', {}, error));
  }

  async #deploy(): Promise<void> {
    const { reader } = this.#modules;
    if (await this.#isDone()) {
      this.#stopListening();
      return;
    }
    if (!(await this.#isFunded())) return;
    const { periodMillis } = networkNamed('practice').dpor;
    const parameters = streamParameters('practice', { chainId: reader.chainId, genesisHash: toHex(reader.genesisHash), periodMillis });
    const next = await reader.nextNonceOf(this.#deployer);
    for (const { nonce, data } of streamDeployment({ deployer: toHex(this.#deployer), nonce: 0n, parameters })) {
      if (nonce >= next) await this.#send(this.#keys.streams, { nonce, gasLimit: DEPLOYMENT_GAS, to: null, value: 0n, payload: data });
    }
  }

  async #isDone(): Promise<boolean> {
    return (await this.#modules.reader.nonceOf(this.#deployer)) >= CREATIONS;
  }

  async #isFunded(): Promise<boolean> {
    const { reader } = this.#modules;
    return (await reader.balanceOf(this.#deployer)) >= CREATIONS * DEPLOYMENT_GAS * (await reader.gasPrice());
  }

  async #send(key: Bytes, tx: { readonly nonce: bigint; readonly gasLimit: bigint; readonly to: Bytes | null; readonly value: bigint; readonly payload: Bytes }): Promise<void> {
    const { reader } = this.#modules;
    const unsigned = { type: 0n, gasPrice: await reader.gasPrice(), ...tx };
    await reader.send(encodeTransaction(signTransaction(unsigned, reader.chainId, (digest) => sign(digest, key))));
  }
}
