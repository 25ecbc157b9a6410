/** Views of the market contracts over the chain reader. */
import { fromHex, toHex, type Bytes, type Hex } from '../base/bytes.ts';
import type { ChainReader } from '../chain/reader.ts';
import * as escrow from '../contracts/bindings/pd-escrow.gen.ts';
import * as listings from '../contracts/bindings/pd-listing.gen.ts';
import { revertError } from '../contracts/revert-errors.ts';
import type { MarketContracts } from './ports.ts';

const NOBODY = new Uint8Array(20);

export class ContractReads {
  readonly #reader: ChainReader;
  readonly #contracts: MarketContracts;

  constructor(modules: { readonly reader: ChainReader; readonly contracts: MarketContracts }) {
    this.#reader = modules.reader;
    this.#contracts = modules.contracts;
  }

  /** Nonce that the seller's next listing has to name. */
  async listingNonce(seller: Bytes): Promise<bigint> {
    return listings.decodeNoncesResult(await this.#listing(listings.encodeNonces(toHex(seller))));
  }

  async orderNonce(buyer: Bytes): Promise<bigint> {
    return escrow.decodeNoncesResult(await this.#escrow(escrow.encodeNonces(toHex(buyer))));
  }

  /** What a purchase of this is made of now. @throws LISTING_NOT_OPEN, NO_VERSION, NO_PLAN */
  async offer(listing: Hex, version: number, planId: number): Promise<listings.Offer> {
    return listings.decodeOfferOfResult(await this.#listing(listings.encodeOfferOf(listing, version, planId)));
  }

  /** Credit of an account at the escrow. */
  async balance(account: Bytes): Promise<bigint> {
    return escrow.decodeBalancesResult(await this.#escrow(escrow.encodeBalances(toHex(account))));
  }

  #listing(data: Bytes): Promise<Bytes> {
    return this.#read(this.#contracts.addresses.listings, data);
  }

  #escrow(data: Bytes): Promise<Bytes> {
    return this.#read(this.#contracts.addresses.escrow, data);
  }

  async #read(to: Hex, data: Bytes): Promise<Bytes> {
    const outcome = await this.#reader.call({ from: NOBODY, to: fromHex(to), data, value: 0n });
    if (!outcome.ok) throw revertError(outcome.data);
    return outcome.data;
  }
}
