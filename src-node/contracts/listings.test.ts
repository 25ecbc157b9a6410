import { beforeEach, describe, expect, it } from 'vitest';
import { fromBigInt, toHex, utf8, type Hex } from '../base/bytes.ts';
import { keccak256 } from '../crypto/keccak.ts';
import { publicKeyOf } from '../crypto/secp256k1.ts';
import * as listings from './bindings/pd-listing.gen.ts';
import { pointOf } from './proofs.ts';
import { listingId, splitHash } from './terms.ts';
import type { Outcome } from './testing/harness.ts';
import { account, BUYER, CPC, DAY, DELIVERY, must, PARTNER, SELLER, SPLIT, START_BALANCE, STRANGER, TestMarket, type Sale } from './testing/market.ts';
import { OrderCalls } from './testing/order-calls.ts';

const codeOf = (outcome: Outcome): string | undefined => outcome.reason?.code;

describe('a listing', () => {
  let market: TestMarket;
  const idOf = (nonce: bigint): Hex => listingId({ contract: market.addresses.listings, chainId: 337n, creator: SELLER, nonce });
  const plan = (changes: Partial<listings.NewPlan> = {}): listings.NewPlan => ({ planId: 1, kind: 'OneOff', price: CPC, licenceHash: idOf(9n), active: true, ...SPLIT, ...changes });
  const eventsOf = (outcome: Outcome): readonly (listings.PDListingEvent | null)[] => outcome.logs.map(listings.decodeEvent);

  beforeEach(() => {
    market = new TestMarket();
  });

  it('is published in one transaction, live and complete', () => {
    const sale = market.sell();
    const listing = market.listing(sale.listing);
    expect(listing).toEqual({
      seller: SELLER, kind: 'Dataset', status: 'Live', flags: 0, category: 7, versionCount: 1, deliveryKey: DELIVERY, openUntil: Number(market.harness.timeSeconds) + DAY,
      maxOpenPerBuyer: 8, metaHash: toHex(keccak256(utf8('metadata'))), bondFree: 1_000n * CPC, bondReserved: 0n, bondLeaving: 0n, leavingAt: 0, keyTime: 43_200,
      disputeTime: 172_800, deliveryCap: 250n * CPC,
    });
    const version = listings.decodeVersionOfResult(market.readListings(listings.encodeVersionOf(sale.listing, 1)));
    expect(version).toEqual({ ...market.newVersion(sale.pack), withdrawn: false });
    const stored = listings.decodePlanOfResult(market.readListings(listings.encodePlanOf(sale.listing, 1)));
    expect(stored).toEqual({ price: 100n * CPC, kind: 'OneOff', active: true, licenceHash: sale.terms.licenceHash, splitHash: splitHash(SPLIT) });
  });

  it('tells the index everything in events, each with listing and seller', () => {
    const { pack } = market.sell();
    const outcome = must(market.listings(SELLER, listings.encodePublish(market.newListing(1n), market.newVersion(pack), plan()), 100n * CPC));
    const of = { listing: idOf(1n), seller: SELLER };
    const openUntil = Number(market.harness.timeSeconds) + DAY;
    expect(eventsOf(outcome)).toEqual([
      { name: 'ListingCreated', ...of, nonce: 1n, kind: 'Dataset', flags: 0, category: 7, keyTime: 43_200, disputeTime: 172_800, maxOpenPerBuyer: 8 },
      { name: 'ListingOpen', ...of, openUntil },
      { name: 'ListingMeta', ...of, metaHash: market.newListing(1n).metaHash, metaUri: 'ipfs://bafyexample' },
      { name: 'DeliveryKeySet', ...of, deliveryKey: DELIVERY, deliveryCap: 250n * CPC },
      { name: 'BondChanged', ...of, free: 100n * CPC, reserved: 0n, leaving: 0n, leavingAt: 0 },
      { name: 'VersionAdded', ...of, version: 1, ...market.newVersion(pack) },
      { name: 'PlanSet', ...of, ...plan() },
      { name: 'ListingStatus', ...of, status: 'Live' },
    ]);
  });

  it('is published once for a nonce, and only with the least bond', () => {
    const { pack } = market.sell();
    const publish = (nonce: bigint, bond: bigint): Outcome => market.listings(SELLER, listings.encodePublish(market.newListing(nonce), market.newVersion(pack), plan()), bond);
    expect(publish(0n, 100n * CPC).reason).toMatchObject({ code: 'WRONG_NONCE', meta: { expected: '1' } });
    expect(publish(1n, 100n * CPC - 1n).reason).toMatchObject({ code: 'BOND_TOO_SMALL', meta: { minimum: String(100n * CPC) } });
    must(publish(1n, 100n * CPC));
  });

  it('made step by step is paused until it has its bond', () => {
    const created = must(market.listings(SELLER, listings.encodeCreate(market.newListing(0n))));
    expect(eventsOf(created).map((event) => event?.name)).toEqual(['ListingCreated', 'ListingOpen', 'ListingMeta', 'DeliveryKeySet']);
    const id = idOf(0n);
    expect(market.listing(id).status).toBe('Paused');
    expect(codeOf(market.listings(SELLER, listings.encodeResume(id)))).toBe('BOND_TOO_SMALL');
    expect(codeOf(market.listings(STRANGER, listings.encodeBond(id), 100n * CPC))).toBe('NOT_SELLER');
    must(market.listings(SELLER, listings.encodeBond(id), 100n * CPC));
    must(market.listings(SELLER, listings.encodeResume(id)));
    expect(market.listing(id).status).toBe('Live');
    expect(codeOf(market.listings(SELLER, listings.encodeUnbond(id, 1n)))).toBe('BOND_TOO_SMALL');
  });

  it('takes the default times for 0, and refuses times outside the bounds', () => {
    const cases: readonly (readonly [Partial<listings.NewListing>, string | undefined])[] = [
      [{ keyTime: 600, disputeTime: 86_400 }, undefined], [{ keyTime: 259_200, disputeTime: 604_800 }, undefined],
      [{ keyTime: 599 }, 'OUT_OF_RANGE'], [{ keyTime: 259_201 }, 'OUT_OF_RANGE'], [{ disputeTime: 86_399 }, 'OUT_OF_RANGE'], [{ disputeTime: 604_801 }, 'OUT_OF_RANGE'],
    ];
    let nonce = 0n;
    for (const [changes, code] of cases) {
      const outcome = market.listings(SELLER, listings.encodeCreate(market.newListing(nonce, changes)));
      expect(codeOf(outcome)).toBe(code);
      if (code === undefined) expect(market.listing(idOf(nonce++))).toMatchObject(changes);
    }
  });

  it('keeps versions as they are, counts them from 1, and brings new metadata with each', () => {
    const sale = market.sell();
    const version = { ...market.newVersion(sale.pack), versionSalt: idOf(7n) };
    const added = must(market.listings(SELLER, listings.encodeAddVersion(sale.listing, version, idOf(8n), 'ipfs://second')));
    expect(eventsOf(added)).toEqual([
      { name: 'VersionAdded', listing: sale.listing, seller: SELLER, version: 2, ...version },
      { name: 'ListingMeta', listing: sale.listing, seller: SELLER, metaHash: idOf(8n), metaUri: 'ipfs://second' },
    ]);
    expect(market.listing(sale.listing)).toMatchObject({ versionCount: 2, metaHash: idOf(8n) });
    expect(codeOf(market.listings(SELLER, listings.encodeAddVersion(sale.listing, { ...version, chunkCount: 0 }, idOf(8n), '')))).toBe('OUT_OF_RANGE');
    expect(codeOf(market.listings(SELLER, listings.encodeAddVersion(sale.listing, { ...version, totalBytes: 0n }, idOf(8n), '')))).toBe('OUT_OF_RANGE');
    expect(codeOf(market.listings(SELLER, listings.encodeSetMeta(sale.listing, idOf(8n), 'x'.repeat(257))))).toBe('URI_TOO_LONG');
    for (const no of [0, 3]) expect(codeOf(market.listings(SELLER, listings.encodeWithdrawVersion(sale.listing, no)))).toBe('NO_VERSION');
  });

  it('takes no plan below the least price, or with shares that are not the whole', () => {
    const { listing } = market.sell();
    const many = Array.from({ length: 17 }, (_, i) => account(`payee ${i}`));
    const bad: readonly (readonly [Partial<listings.NewPlan>, string])[] = [
      [{ price: CPC / 10n - 1n }, 'PRICE_TOO_LOW'], [{ price: 0n }, 'PRICE_TOO_LOW'], [{ kind: 'None' }, 'OUT_OF_RANGE'],
      [{ shares: [7_000, 2_999] }, 'BAD_SPLIT'], [{ shares: [7_000, 3_001] }, 'BAD_SPLIT'], [{ payees: [SELLER] }, 'BAD_SPLIT'], [{ payees: [], shares: [] }, 'BAD_SPLIT'],
      [{ payees: [SELLER, toHex(new Uint8Array(20))] }, 'BAD_SPLIT'], [{ payees: many, shares: many.map((_, i) => (i === 0 ? 10_000 : 0)) }, 'BAD_SPLIT'],
    ];
    for (const [changes, code] of bad) expect(codeOf(market.listings(SELLER, listings.encodeSetPlan(listing, plan(changes))))).toBe(code);
    must(market.listings(SELLER, listings.encodeSetPlan(listing, plan({ price: CPC / 10n, payees: many.slice(1), shares: many.slice(1).map((_, i) => (i === 0 ? 10_000 : 0)) }))));
  });

  it('is over once it is retired, but its bond comes home', () => {
    const { listing } = market.sell();
    must(market.listings(SELLER, listings.encodeRetire(listing)));
    const closed = [
      listings.encodeResume(listing), listings.encodePause(listing), listings.encodeRetire(listing), listings.encodeSetPlan(listing, plan()),
      listings.encodeSetMeta(listing, idOf(1n), ''), listings.encodeSetOpenUntil(listing, Number(market.harness.timeSeconds) + 5),
    ];
    for (const data of closed) expect(codeOf(market.listings(SELLER, data))).toBe('LISTING_RETIRED');
    must(market.listings(SELLER, listings.encodeUnbond(listing, 1_000n * CPC)));
    market.harness.mine(market.blocks(7 * DAY));
    must(market.listings(STRANGER, listings.encodeWithdrawBond(listing)));
    expect(market.harness.balanceOf(SELLER)).toBe(START_BALANCE);
  });

  describe('bond', () => {
    let sale: Sale;
    const unbond = (amount: bigint): Outcome => market.listings(SELLER, listings.encodeUnbond(sale.listing, amount));
    const withdraw = (): Outcome => market.listings(STRANGER, listings.encodeWithdrawBond(sale.listing));

    beforeEach(() => {
      sale = market.sell();
    });

    it('leaves after seven days of blocks, whatever orders are open; a second part starts the clock again', () => {
      market.placeReady(sale);
      must(unbond(500n * CPC));
      expect(codeOf(unbond(481n * CPC))).toBe('BOND_TOO_LOW');
      market.harness.mine(60_479);
      expect(withdraw().reason).toMatchObject({ code: 'BOND_NOT_READY', meta: { readyAt: String(market.harness.number + 1n) } });
      must(unbond(1n));
      market.harness.mine(60_479);
      expect(codeOf(withdraw())).toBe('BOND_NOT_READY');
      market.harness.mine(1);
      must(withdraw());
      expect(market.harness.balanceOf(SELLER)).toBe(START_BALANCE - 500n * CPC + 1n);
      expect(codeOf(withdraw())).toBe('NOTHING_TO_WITHDRAW');
      expect(market.listing(sale.listing)).toMatchObject({ bondFree: 480n * CPC - 1n, bondReserved: 20n * CPC, bondLeaving: 0n });
    });

    it('counts reserved bond towards the least bond of a live listing', () => {
      market.placeReady(sale);
      must(unbond(900n * CPC)); // 80 free and 20 reserved stay
      expect(codeOf(unbond(1n))).toBe('BOND_TOO_SMALL');
      must(market.listings(SELLER, listings.encodePause(sale.listing)));
      must(unbond(80n * CPC));
      expect(codeOf(unbond(1n))).toBe('BOND_TOO_LOW');
    });

    it('comes back to the free part with the order, and can be slashed no deeper than its own reserve', () => {
      const calls = new OrderCalls(market);
      const first = market.keyed(sale, keccak256(sale.pack.input.key));
      const second = market.placeReady(sale, STRANGER);
      must(calls.proveWrongKey(first.order, first.posted));
      expect(market.listing(sale.listing)).toMatchObject({ bondFree: 960n * CPC, bondReserved: 20n * CPC });
      must(calls.decline(second));
      expect(market.listing(sale.listing)).toMatchObject({ bondFree: 980n * CPC, bondReserved: 0n });
    });

    it('moves for the escrow contract only', () => {
      for (const from of [SELLER, BUYER, PARTNER]) {
        expect(codeOf(market.listings(from, listings.encodeReserve(sale.listing, 1n)))).toBe('NOT_ESCROW');
        expect(codeOf(market.listings(from, listings.encodeRelease(sale.listing, 0n, 0n)))).toBe('NOT_ESCROW');
      }
    });
  });

  it('has a seller with a profile and a messaging key on the curve', () => {
    must(market.listings(SELLER, listings.encodeSetProfile(idOf(3n), 'ipfs://profile')));
    const key = pointOf(publicKeyOf(fromBigInt(11n, 32)));
    must(market.listings(SELLER, listings.encodeSetMessageKey(key)));
    expect(codeOf(market.listings(SELLER, listings.encodeSetMessageKey({ ...key, y: key.y + 1n })))).toBe('BAD_POINT');
    expect(codeOf(market.listings(SELLER, listings.encodeSetProfile(idOf(3n), 'x'.repeat(257))))).toBe('URI_TOO_LONG');
    expect(listings.decodeProfileOfResult(market.readListings(listings.encodeProfileOf(SELLER)))).toEqual({ profileHash: idOf(3n), messageKey: key });
  });
});
