import { equal, fromHex, toHex, type Bytes, type Hex } from '../base/bytes.ts';
import { millis } from '../base/clock.ts';
import { CodedError } from '../base/errors.ts';
import * as escrow from '../contracts/bindings/pd-escrow.gen.ts';
import { pointOf } from '../contracts/proofs.ts';
import { orderId, splitHash, termsHash } from '../contracts/terms.ts';
import { CATEGORIES, categoryOf } from '../market/categories.ts';
import { currentVersion } from '../market/index/listing.ts';
import { searchListings } from '../market/index/search.ts';
import type { Market } from '../market/market.ts';
import { orderSteps } from '../market/orders/order-facts.ts';
import { proofRefund, reserveFor } from '../market/proof-refund.ts';
import { parseAddress } from './address.ts';
import type { MarketStatus } from './contract/market.ts';
import { listingCard, listingView } from './listing-view.ts';
import { procedures } from './procedures.ts';
import { addressField, amountField, proposalView } from './proposal-view.ts';
import type { NetworkServices, Services } from './services.ts';

/** Gas that the mandate of a purchase covers for each of its calls; to confirm for 16 payees takes 421,000, and is sent with a quarter more. */
const MANDATE_GAS = 600_000n;
/** What a mandate may pay for gas, as a multiple of today's price. */
const MANDATE_PRICE_FACTOR = 4n;
const DAY_MILLIS = 86_400_000;

/** @throws NO_MARKET where the network has no contracts that the program knows */
export function marketOf({ market }: NetworkServices): Market {
  const running = market.current();
  if (running === null) throw new CodedError('NO_MARKET', 'There is no market on this network yet.', { help: 'Open the market page to put one there, or to enter the addresses of one.' });
  return running;
}

export async function ownAccounts(services: Services): Promise<readonly Hex[]> {
  const { accounts } = await services.keys.call('status', {});
  return accounts.map(({ address }) => toHex(fromHex(address)));
}

export const marketProcedures = {
  status: procedures.market.status.handler(({ context }) => marketStatus(context.services.network())),
  prepareDeploy: procedures.market.prepareDeploy.handler(async ({ context, input }) => {
    const { market, wallet } = context.services.network();
    const prepared = await wallet.proposals.prepare(await market.draftDeployment(parseAddress(input.from)));
    return proposalView(prepared, { fields: [{ key: 'contracts', value: { kind: 'text', text: 'PDFraud, PDListing, PDEscrow' } }], notes: [{ key: 'deploy-public', tone: 'info', values: {} }], valueReason: 'value' }, wallet);
  }),
  useContracts: procedures.market.useContracts.handler(async ({ context, input }) => {
    const network = context.services.network();
    const hex = (text: string): Hex => toHex(parseAddress(text));
    await network.market.use({ fraud: hex(input.fraud), listings: hex(input.listing), escrow: hex(input.escrow) });
    return marketStatus(network);
  }),
  search: procedures.market.search.handler(async ({ context, input }) => {
    const network = context.services.network();
    const market = marketOf(network);
    const own = await ownAccounts(context.services);
    const found = searchListings(market.db, { ...input, category: input.category === undefined ? null : CATEGORIES.indexOf(input.category), sellers: input.mine === true ? own : null, openAt: input.open === true ? context.services.clock.now() : null });
    return {
      listings: found.listings.map((listing) => listingCard(listing, market, own, context.services.clock.now())),
      total: found.total,
      categories: Object.fromEntries([...found.categories].map(([code, hits]) => [categoryOf(code), hits])),
    };
  }),
  listing: procedures.market.listing.handler(async ({ context, input }) => {
    const market = marketOf(context.services.network());
    return listingView(knownListing(market, input.id as Hex), market, await ownAccounts(context.services), context.services.clock.now());
  }),
  prepareBuy: procedures.market.prepareBuy.handler(async ({ context, input }) => {
    const network = context.services.network();
    return prepareBuy(network, knownListing(marketOf(network), input.listing as Hex), input.planId, parseAddress(input.buyer), context.services);
  }),
};

/** @throws LISTING_UNKNOWN */
export function knownListing(market: Market, id: Hex): NonNullable<ReturnType<Market['index']['listing']>> {
  const listing = market.index.listing(id);
  if (listing === null) throw new CodedError('LISTING_UNKNOWN', 'This listing is not in the index.', { help: 'Wait until the index has reached the head, or check the link.' });
  return listing;
}

function marketStatus({ market, reader }: NetworkServices): MarketStatus {
  const running = market.current();
  const { addresses, parameters } = running?.contracts ?? { addresses: null, parameters: null };
  return {
    contracts: running !== null ? 'ready' : market.isDeploying() ? 'deploying' : 'missing',
    addresses: addresses === null ? null : { fraud: addresses.fraud, listing: addresses.listings, escrow: addresses.escrow },
    indexedBlock: running?.index.indexedBlock ?? null,
    headBlock: Number(reader.head()?.number ?? 0n),
    listings: running === null ? 0 : searchListings(running.db, { text: '', category: null, sort: 'newest', sellers: null, openAt: null, offset: 0, limit: 1 }).total,
    minBond: parameters?.listings.minListingBond ?? null,
    minPrice: parameters?.listings.minPrice ?? null,
    feeBps: parameters?.escrow.feeBps ?? null,
    wantedPlaces: running?.wantedPlaces ?? 0,
    terms: parameters === null ? null : {
      keyMillis: parameters.listings.keyTime.normal * 1000, disputeMillis: parameters.listings.disputeTime.normal * 1000, bondBps: parameters.escrow.bondBps, expiryBps: parameters.escrow.expiryBps,
      minReserve: parameters.escrow.minReserve, proofAllowance: parameters.escrow.proofAllowance, unbondMillis: parameters.listings.unbondDelay * 1000,
    },
  };
}

async function prepareBuy(network: NetworkServices, listing: ReturnType<typeof knownListing>, planId: number, buyer: Bytes, services: Services): ReturnType<typeof proposePurchase> {
  if (equal(fromHex(listing.seller), buyer)) throw new CodedError('OWN_LISTING', 'This is your own listing.', { help: 'Choose another account to buy it, if you want to try how that feels.' });
  return proposePurchase(network, listing, planId, buyer, services);
}

async function proposePurchase({ wallet, reader, ...network }: NetworkServices, listing: ReturnType<typeof knownListing>, planId: number, buyer: Bytes, services: Services) {
  const market = marketOf({ wallet, reader, ...network });
  const { contracts, reads } = market;
  const version = currentVersion(listing);
  const plan = listing.plans.find((candidate) => candidate.planId === planId);
  if (version === null || plan === undefined) throw new CodedError('NO_PLAN', 'This is not offered any more.', { help: 'Open the listing again.' });
  const offer = await reads.offer(listing.id, version.no, planId);
  const nonce = await reads.orderNonce(buyer);
  const id = orderId({ contract: contracts.addresses.escrow, chainId: reader.chainId, creator: toHex(buyer), nonce });
  const point = await market.keys.orderPoint({ chainId: reader.chainId, genesisHash: reader.genesisHash, escrow: fromHex(contracts.addresses.escrow), buyer, listing: fromHex(listing.id), orderNonce: nonce });
  const { price } = offer.plan;
  const terms = termsHash({
    listing: listing.id, version: version.no, dataRoot: version.dataRoot, keyCommit: version.keyCommit, versionSalt: version.versionSalt, chunkCount: version.chunkCount, suite: version.suite,
    metaHash: listing.metaHash, planId, price: plan.price, splitHash: splitHash(plan), licenceHash: plan.licenceHash, bondBps: contracts.parameters.escrow.bondBps, keyTime: listing.keyTime, disputeTime: listing.disputeTime,
  });
  const { escrow: times } = contracts.parameters;
  const windowMillis = (times.readyTime + listing.keyTime + listing.disputeTime) * 1000;
  const gasPrice = await reader.gasPrice();
  const title = market.texts.textOf(listing.id).metadata?.title.en ?? '';
  const prepared = await wallet.proposals.prepare({
    id: orderSteps.place(id, terms),
    kind: 'buy',
    title,
    account: buyer,
    calls: [{ to: fromHex(contracts.addresses.escrow), value: price, payload: escrow.encodePlace({ listing: listing.id, version: version.no, planId, termsHash: terms, maxPrice: price, nonce, buyerKey: pointOf(point), ready: false }) }],
    subject: { kind: 'order', id },
    permissions: [{
      id: orderSteps.buyMandate(id), contract: fromHex(contracts.addresses.escrow), methods: [escrow.encodeReady(id, terms), escrow.encodeConfirm(id, [], []), escrow.encodeExpire(id), escrow.encodeFinalizeCancel(id)].map((call) => call.subarray(0, 4)),
      subject: fromHex(id), maxValue: 0n, maxGas: MANDATE_GAS, maxGasPrice: gasPrice * MANDATE_PRICE_FACTOR, uses: 4, expiresAt: millis(services.clock.now() + 2 * windowMillis + DAY_MILLIS),
    }],
  });
  return proposalView(prepared, {
    fields: [{ key: 'listing', value: { kind: 'text', text: title } }, addressField('seller', fromHex(listing.seller), wallet), amountField('price', price), { key: 'key-time', value: { kind: 'duration', millis: listing.keyTime * 1000 } }, { key: 'dispute-time', value: { kind: 'duration', millis: listing.disputeTime * 1000 } }, { key: 'order', value: { kind: 'hash', hash: id } }],
    notes: [
      { key: 'buy-no-key', tone: 'info', values: { millis: listing.keyTime * 1000, price } },
      { key: 'buy-wrong-data', tone: 'info', values: { refund: proofRefund(price, reserveFor(price, contracts.parameters.escrow), contracts.parameters.escrow), allowance: contracts.parameters.escrow.proofAllowance } },
      { key: 'buy-right', tone: 'info', values: {} },
      { key: 'buy-silent', tone: 'info', values: { millis: listing.disputeTime * 1000 } },
      { key: 'buy-public', tone: 'info', values: {} },
    ],
    valueReason: 'price',
  }, wallet);
}
