/** A deployed market with accounts, one package for sale and typed calls, for contract tests. */
import { fromBigInt, fromHex, toHex, u64be, utf8, type Bytes, type Hex } from '../../base/bytes.ts';
import { invariant } from '../../base/errors.ts';
import { sha256Parts } from '../../crypto/hash.ts';
import { keccak256 } from '../../crypto/keccak.ts';
import { addressOf, multiply, publicKeyOf } from '../../crypto/secp256k1.ts';
import * as escrow from '../bindings/pd-escrow.gen.ts';
import * as listings from '../bindings/pd-listing.gen.ts';
import { marketDeployment, type MarketAddresses } from '../deploy.ts';
import { marketParameters, type MarketKind, type MarketParameters } from '../market-parameters.ts';
import { pointOf, type PostedKey } from '../proofs.ts';
import { listingId, orderId, splitHash, termsHash, type Split, type Terms } from '../terms.ts';
import { Harness, type Outcome } from './harness.ts';
import { referencePackage, type PackageInput, type ReferencePackage } from './reference-package.ts';

export const CPC = 10n ** 18n;
export const DAY = 86_400;

/** An account whose private key is keccak256 of its name. */
export function account(name: string): Hex {
  return toHex(addressOf(keccak256(utf8(name))));
}

export const SELLER = account('seller');
export const BUYER = account('buyer');
export const STRANGER = account('stranger');
export const PARTNER = account('partner');
export const DELIVERY = account('delivery key');
const DEPLOYER = account('deployer');
export const PARTIES: readonly Hex[] = [SELLER, BUYER, STRANGER, PARTNER, DELIVERY, DEPLOYER];

export const START_BALANCE = 1_000_000n * CPC;

/** 70 % to the seller, 30 % to his partner. */
export const SPLIT: Split = { payees: [SELLER, PARTNER], shares: [7_000, 3_000] };

/** One short chunk and one of three units. */
const CHUNKS: PackageInput['chunks'] = [
  { plain: Uint8Array.from({ length: 10_000 }, (_, j) => j % 251), salt: new Uint8Array(16).fill(0xc5) },
  { plain: Uint8Array.of(0x2a), salt: new Uint8Array(16).fill(0xc6) },
];

export interface Sale {
  readonly listing: Hex;
  readonly pack: ReferencePackage;
  readonly terms: Terms;
}

export interface PlacedOrder {
  readonly id: Hex;
  readonly buyer: Hex;
  /** Private order key, 32 bytes. */
  readonly b: Bytes;
  readonly terms: Terms;
}

export interface SaleOptions {
  readonly price?: bigint;
  readonly bond?: bigint;
  readonly lies?: Pick<PackageInput, 'lyingUnit' | 'lyingKey'>;
  readonly chunks?: PackageInput['chunks'];
  readonly split?: Split;
  readonly suite?: number;
  readonly listing?: Partial<listings.NewListing>;
}

export class TestMarket {
  readonly harness = new Harness();
  readonly addresses: MarketAddresses;
  readonly parameters: MarketParameters;

  constructor(kind: MarketKind = 'standard', chain = { chainId: 337n, genesisHash: toHex(keccak256(utf8('genesis'))), periodMillis: 10_000 }) {
    this.parameters = marketParameters(kind, chain);
    for (const party of PARTIES) this.harness.fund(party, START_BALANCE);
    const steps = marketDeployment({ deployer: DEPLOYER, nonce: 0n, parameters: this.parameters });
    for (const step of steps) {
      const outcome = this.harness.create(DEPLOYER, step.data, { gas: 10_000_000n });
      invariant(outcome.error === undefined && outcome.address === step.address, `The deployment of ${step.contract} failed.`);
    }
    const [fraud, listing, order] = steps;
    this.addresses = { fraud: fraud.address, listings: listing.address, escrow: order.address };
  }

  escrow(from: Hex, data: Bytes, value = 0n): Outcome {
    return this.harness.call(from, this.addresses.escrow, data, { value });
  }

  listings(from: Hex, data: Bytes, value = 0n): Outcome {
    return this.harness.call(from, this.addresses.listings, data, { value });
  }

  /** Publishes a package of the seller's at a price, open for a day. */
  sell(options: SaleOptions = {}): Sale {
    const { price = 100n * CPC, bond = 1_000n * CPC, split = SPLIT, suite = 1 } = options;
    const nonce = listings.decodeNoncesResult(this.readListings(listings.encodeNonces(SELLER)));
    const pack = referencePackage({
      seller: fromHex(SELLER),
      versionSalt: sha256Parts(utf8('salt'), u64be(nonce)),
      key: sha256Parts(utf8('key'), u64be(nonce)),
      chunks: options.chunks ?? CHUNKS,
      ...options.lies,
    });
    const plan: listings.NewPlan = { planId: 1, kind: 'OneOff', price, licenceHash: toHex(keccak256(utf8('licence'))), active: true, ...split };
    const args = this.newListing(nonce, options.listing);
    must(this.listings(SELLER, listings.encodePublish(args, { ...this.newVersion(pack), suite }, plan), bond));
    const listing = listingId({ contract: this.addresses.listings, chainId: this.parameters.listings.chainId, creator: SELLER, nonce });
    return { listing, pack, terms: { ...this.terms(listing, pack, plan, args), suite } };
  }

  newListing(nonce: bigint, changes: Partial<listings.NewListing> = {}): listings.NewListing {
    return {
      nonce,
      kind: 'Dataset',
      flags: 0,
      category: 7,
      metaHash: toHex(keccak256(utf8('metadata'))),
      metaUri: 'ipfs://bafyexample',
      openUntil: Number(this.harness.timeSeconds) + DAY,
      keyTime: 0,
      disputeTime: 0,
      deliveryKey: DELIVERY,
      deliveryCap: 250n * CPC,
      maxOpenPerBuyer: 8,
      ...changes,
    };
  }

  newVersion(pack: ReferencePackage): listings.NewVersion {
    return {
      dataRoot: toHex(pack.dataRoot),
      keyCommit: toHex(pack.keyCommit),
      versionSalt: toHex(pack.input.versionSalt),
      totalBytes: BigInt(pack.input.chunks.reduce((sum, { plain }) => sum + plain.length, 0)),
      retentionUntil: Number(this.harness.timeSeconds) + 100 * DAY,
      chunkCount: pack.chunks.length,
      suite: 1,
    };
  }

  terms(listing: Hex, pack: ReferencePackage, plan: listings.NewPlan, args: listings.NewListing): Terms {
    return {
      listing,
      version: 1,
      dataRoot: toHex(pack.dataRoot),
      keyCommit: toHex(pack.keyCommit),
      versionSalt: toHex(pack.input.versionSalt),
      chunkCount: pack.chunks.length,
      suite: 1,
      metaHash: args.metaHash,
      planId: plan.planId,
      price: plan.price,
      splitHash: splitHash(plan),
      licenceHash: plan.licenceHash,
      bondBps: this.parameters.escrow.bondBps,
      keyTime: args.keyTime === 0 ? this.parameters.listings.keyTime.normal : args.keyTime,
      disputeTime: args.disputeTime === 0 ? this.parameters.listings.disputeTime.normal : args.disputeTime,
    };
  }

  /** A purchase as an honest wallet makes it; `changes` are what a test alters. */
  purchase(sale: Sale, buyer: Hex, changes: Partial<escrow.Purchase> = {}): { readonly order: PlacedOrder; readonly outcome: Outcome } {
    const nonce = escrow.decodeNoncesResult(this.readEscrow(escrow.encodeNonces(buyer)));
    const b = sha256Parts(utf8('order key'), fromHex(buyer), u64be(nonce));
    const { terms } = sale;
    const purchase = {
      listing: sale.listing,
      version: terms.version,
      planId: terms.planId,
      termsHash: termsHash(terms),
      maxPrice: terms.price,
      nonce,
      buyerKey: pointOf(publicKeyOf(b)),
      ready: false,
      ...changes,
    };
    const outcome = this.escrow(buyer, escrow.encodePlace(purchase), terms.price);
    const id = orderId({ contract: this.addresses.escrow, chainId: this.parameters.escrow.chainId, creator: buyer, nonce });
    return { order: { id, buyer, b, terms }, outcome };
  }

  place(sale: Sale, buyer: Hex = BUYER, changes: Partial<escrow.Purchase> = {}): PlacedOrder {
    const { order, outcome } = this.purchase(sale, buyer, changes);
    must(outcome);
    return order;
  }

  placeReady(sale: Sale, buyer: Hex = BUYER): PlacedOrder {
    return this.place(sale, buyer, { ready: true });
  }

  ready(order: PlacedOrder): Outcome {
    return this.escrow(order.buyer, escrow.encodeReady(order.id, termsHash(order.terms)));
  }

  /** Wraps `key` for the order as a seller does; posted by `from`. */
  postKey(order: PlacedOrder, key: Bytes, from: Hex = SELLER, e: Bytes = fromBigInt(7n, 32)): { readonly outcome: Outcome; readonly posted: PostedKey } {
    const posted = wrapKey(order, key, e);
    const hash = toHex(keccak256(publicKeyOf(order.b)));
    const outcome = this.escrow(from, escrow.encodePostKey(order.id, pointOf(posted.ephemeral), toHex(posted.wrapped), hash));
    return { outcome, posted };
  }

  /** READY, then the key of the package. */
  keyed(sale: Sale, key: Bytes = sale.pack.input.key, buyer: Hex = BUYER): { readonly order: PlacedOrder; readonly posted: PostedKey } {
    const order = this.placeReady(sale, buyer);
    const { outcome, posted } = this.postKey(order, key);
    must(outcome);
    return { order, posted };
  }

  order(id: Hex): escrow.Order {
    return escrow.decodeOrderOfResult(this.readEscrow(escrow.encodeOrderOf(id)));
  }

  listing(id: Hex): listings.Listing {
    return listings.decodeListingOfResult(this.readListings(listings.encodeListingOf(id)));
  }

  credit(of: Hex): bigint {
    return escrow.decodeBalancesResult(this.readEscrow(escrow.encodeBalances(of)));
  }

  burnt(): bigint {
    return escrow.decodeBurntResult(this.readEscrow(escrow.encodeBurnt()));
  }

  /** Blocks that a span of seconds takes. */
  blocks(seconds: number): number {
    return Math.ceil((seconds * 1000) / this.parameters.escrow.periodMs);
  }

  readEscrow(data: Bytes): Bytes {
    return this.harness.read(this.addresses.escrow, data);
  }

  readListings(data: Bytes): Bytes {
    return this.harness.read(this.addresses.listings, data);
  }
}

/** E and W: W = K ^ SHA256("PDW1" ‖ S ‖ orderId), S = e·B. */
export function wrapKey(order: Pick<PlacedOrder, 'id' | 'b'>, key: Bytes, e: Bytes): PostedKey {
  const shared = multiply(publicKeyOf(order.b), e);
  const pad = sha256Parts(utf8('PDW1'), shared, fromHex(order.id));
  return { ephemeral: publicKeyOf(e), wrapped: Uint8Array.from(key, (byte, at) => byte ^ (pad[at] ?? 0)) };
}

/** A call that a test relies on. */
export function must(outcome: Outcome): Outcome {
  invariant(outcome.error === undefined, `The call failed: ${outcome.reason?.code ?? outcome.error ?? ''}`);
  return outcome;
}
