/** A program of sellers who cheat: reads the buyer's chain by JSON-RPC, serves its data by an IPFS node of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { millis, systemClock } from '../../src-node/base/clock.ts';
import type { Hex } from '../../src-node/base/bytes.ts';
import { toHex } from '../../src-node/base/bytes.ts';
import { silentLogger } from '../../src-node/base/logger.ts';
import { marketAddresses, type MarketAddresses } from '../../src-node/contracts/deploy.ts';
import { addressOf } from '../../src-node/crypto/secp256k1.ts';
import { practiceKeys } from '../../src-node/networks/practice.ts';
import { IpfsConnector } from '../../src-node/otp/ipfs.ts';
import { RemoteReader } from '../../src-node/rpc/client/remote-reader.ts';
import { DishonestSeller, type Lie } from '../../src-node/testing/dishonest-seller.ts';
import { sendSigned } from '../../src-node/testing/send-signed.ts';

const MONEY = 100n * 10n ** 18n;

export class Cheats {
  readonly #ipfs: IpfsConnector;
  readonly #folder: string;
  readonly #abort = new AbortController();
  readonly #sellers = new Map<Lie, DishonestSeller>();
  #polling: Promise<void> = Promise.resolve();

  private constructor(ipfs: IpfsConnector, folder: string) {
    this.#ipfs = ipfs;
    this.#folder = folder;
  }

  static async start(): Promise<Cheats> {
    const folder = mkdtempSync(join(tmpdir(), 'cheats-'));
    return new Cheats(await IpfsConnector.start({ folder, host: '127.0.0.1', port: 0, timeoutMillis: 20_000 }, { log: silentLogger }), folder);
  }

  /** For the buyer's program, so that it can fetch. */
  get ipfsAddress(): string {
    return this.#ipfs.addresses[0] ?? '';
  }

  /** One listing for each lie, titled by it, on the chain behind `url`. */
  async publish(url: string, lies: readonly Lie[]): Promise<MarketAddresses> {
    const reader = await RemoteReader.connect({ url });
    this.#polling = reader.poll({ pollMillis: millis(200) }, { clock: systemClock, log: silentLogger }, this.#abort.signal);
    const { faucet } = practiceKeys(reader.chainId);
    const addresses = marketAddresses({ deployer: toHex(addressOf(faucet)), nonce: 0n });
    for (const lie of lies) {
      const seller = new DishonestSeller(lie, { reader, ipfs: this.#ipfs, addresses });
      this.#sellers.set(lie, seller);
      await sendSigned(reader, faucet, { to: seller.address, value: MONEY, payload: new Uint8Array(0), gasLimit: 21_000n });
      while ((await reader.balanceOf(seller.address)) === 0n) await systemClock.sleep(millis(100));
      await seller.publish(`Lie ${lie}`);
    }
    return addresses;
  }

  /** @returns whether the key went out; before `ready` it does not */
  deliver(lie: Lie, order: Hex): Promise<boolean> {
    return this.#sellers.get(lie)?.deliver(order) ?? Promise.resolve(false);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#polling;
    await this.#ipfs.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
