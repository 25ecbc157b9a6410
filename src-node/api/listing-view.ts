/** Listings as the window shows them: what the chain says, with the checked description beside it. */
import { fromHex, type Hex } from '../base/bytes.ts';
import { cleanText } from '../base/clean-text.ts';
import type { Millis } from '../base/clock.ts';
import { categoryOf } from '../market/categories.ts';
import { cheapestPlan, currentVersion, listingStatus, type ListingRecord } from '../market/index/listing.ts';
import type { OrderRecord } from '../market/index/order.ts';
import { LICENCES, licenceHash } from '../market/licences.ts';
import type { Market } from '../market/market.ts';
import type { MetadataColumn } from '../market/metadata.ts';
import { isOutside } from '../market/pdp/locator.ts';
import { checksummed } from './address.ts';
import type { ListingCard, ListingView, SellerView } from './contract/market.ts';

const PRINT_BARS = 24;

export function listingCard(listing: ListingRecord, market: Market, own: readonly Hex[], now: Millis): ListingCard {
  const text = market.texts.textOf(listing.id);
  const { metadata } = text;
  const version = currentVersion(listing);
  const orders = market.index.ordersOfListing(listing.id);
  return {
    id: listing.id,
    title: metadata === null ? null : cleanText(metadata.title.en),
    titleZh: cleanText(metadata?.title.zh ?? '') || null,
    summary: metadata === null ? null : cleanText(metadata.summary),
    textState: text.state === 'missing' ? 'on-its-way' : text.state,
    textReason: text.reason,
    category: categoryOf(listing.category),
    tags: metadata?.tags.map(cleanText) ?? [],
    seller: checksummed(fromHex(listing.seller)),
    price: cheapestPlan(listing)?.price ?? null,
    totalBytes: Number(version?.totalBytes ?? 0n),
    rows: metadata?.rows ?? null,
    format: metadata?.format ?? null,
    status: listingStatus(listing, now),
    openUntil: listing.openUntil,
    bondFree: listing.bondFree,
    settled: orders.filter(({ state }) => state === 'settled').length,
    createdAt: listing.createdAt,
    mine: own.includes(listing.seller),
    myOrder: orders.find(({ buyer }) => own.includes(buyer))?.id ?? null,
    print: printOf(metadata?.schema ?? [], version?.dataRoot ?? listing.id),
  };
}

export function listingView(listing: ListingRecord, market: Market, own: readonly Hex[], now: Millis): ListingView {
  const { metadata } = market.texts.textOf(listing.id);
  const plans = listing.plans.map(({ planId, price, active, licenceHash: hash }) => ({ planId, price, active, licenceId: LICENCES.find((licence) => licenceHash(licence) === hash)?.id ?? metadata?.licence.id ?? '' }));
  const preview = metadata?.preview[0];
  const locators = metadata?.versions.at(-1)?.manifest.locators ?? [];
  return {
    ...listingCard(listing, market, own, now),
    description: metadata === null ? null : cleanText(metadata.description_md),
    columns: metadata?.schema ?? [],
    preview: preview === undefined ? null : { header: preview.header.map(cleanText), rows: preview.rows.map((row) => row.map(cleanText)) },
    versions: listing.versions.map(({ no, dataRoot, totalBytes, chunkCount, addedAt, retentionUntil }) => ({ no, dataRoot, totalBytes: Number(totalBytes), chunkCount, addedAt, retentionUntil })),
    plans,
    licence: metadata === null ? null : { id: metadata.licence.id, title: cleanText(metadata.licence.title), text: cleanText(metadata.licence.text), template: templateOf(metadata.licence.text) },
    places: locators.map(({ scheme }) => ({ scheme, label: scheme === 'ipfs' ? 'IPFS' : 'Seller’s folder' })),
    onlySellersMachine: metadata !== null && locators.filter(({ scheme }) => isOutside(scheme)).length < market.wantedPlaces,
    sellerCard: sellerView(listing.seller, market),
    terms: { keyMillis: listing.keyTime * 1000, disputeMillis: listing.disputeTime * 1000, bondBps: market.contracts.parameters.escrow.bondBps },
  };
}

/** By the text, which the order fixes; a seller may write any id and title beside it. */
function templateOf(text: string): NonNullable<ListingView['licence']>['template'] {
  const template = LICENCES.find((licence) => licence.text === text);
  return template === undefined ? null : { id: template.id, grants: template.grants, limits: template.limits };
}

function sellerView(seller: Hex, market: Market): SellerView {
  const orders = market.index.ordersOf('seller', seller);
  const count = (state: OrderRecord['state']): number => orders.filter((order) => order.state === state).length;
  const answers = orders.flatMap(({ readied, keyed }) => (readied === null || keyed === null ? [] : [keyed.at - readied.at])).sort((a, b) => a - b);
  return {
    address: checksummed(fromHex(seller)),
    settled: count('settled'),
    expired: count('expired'),
    fraud: count('fraud'),
    bondFree: market.index.listingsOf(seller).reduce((sum, { bondFree }) => sum + bondFree, 0n),
    medianKeyMillis: answers[Math.floor(answers.length / 2)] ?? null,
  };
}

/** Bars from the columns' completeness and ranges; without columns from the data root, which differs for every data set. */
function printOf(columns: readonly MetadataColumn[], dataRoot: Hex): readonly number[] {
  const bytes = fromHex(dataRoot);
  return Array.from({ length: PRINT_BARS }, (_, i) => {
    const column = columns[i % Math.max(columns.length, 1)];
    const noise = (bytes[i % bytes.length] ?? 0) / 255;
    return column === undefined ? noise : Math.max(0.08, (1 - column.nullPct / 100) * (0.35 + 0.65 * noise));
  });
}
