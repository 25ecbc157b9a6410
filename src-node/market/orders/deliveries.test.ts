import { describe, expect, it } from 'vitest';
import { fromHex, toHex, type Hex } from '../../base/bytes.ts';
import type { ListingRecord } from '../index/listing.ts';
import type { MarketIndex } from '../index/market-index.ts';
import type { HeldDeliveries, HeldSeller, MarketContracts, MarketKeys } from '../ports.ts';
import { openMarketStore } from '../store.ts';
import { Deliveries } from './deliveries.ts';

const SELLER: Hex = `0x${'51'.repeat(20)}`;
const accounts = Array.from({ length: 32 }, (_, i) => new Uint8Array(20).fill(i + 1));
const version = { versionSalt: `0x${'a1'.repeat(32)}`, keyCommit: `0x${'c0'.repeat(32)}` } as const;
const listing = { id: `0x${'01'.repeat(32)}`, seller: SELLER, status: 'Live', deliveryKey: toHex(fromHex('01'.repeat(20))), versions: [version] } as unknown as ListingRecord;

/** Remembers what it holds, as the keys process does, while it is locked too. */
class Keys {
  unlocked = true;
  held: readonly HeldSeller[] = [];

  heldDeliveries(): Promise<HeldDeliveries> {
    const addresses = this.held.flatMap(({ counters }) => counters.map((counter) => toHex(accounts[counter] ?? new Uint8Array(20))));
    const commits = this.held.flatMap(({ versions }) => versions.map(({ keyCommit }) => toHex(keyCommit)));
    return Promise.resolve({ unlocked: this.unlocked, accounts: new Set(addresses), commits: new Set(commits) });
  }

  holdDeliveries(sellers: readonly HeldSeller[]): Promise<HeldDeliveries> {
    this.held = sellers;
    return this.heldDeliveries();
  }

  deliveryAccounts(): Promise<readonly Uint8Array[]> {
    return Promise.resolve(accounts);
  }
}

function deliveries(keys: Keys, listings: readonly ListingRecord[] = [listing]): Deliveries {
  const index: Partial<MarketIndex> = { listingsOf: () => listings, hasOpenOrders: () => false };
  return new Deliveries({
    db: openMarketStore(':memory:'), index: index as MarketIndex, keys: keys as unknown as MarketKeys, reader: { chainId: 4181n, genesisHash: new Uint8Array(32) },
    contracts: { addresses: { listings: SELLER, escrow: SELLER } } as unknown as MarketContracts, maxGasPrice: () => 7n,
  });
}

describe('what the keys process holds for a market', () => {
  it('is forgotten when the market is left, also while the wallet is locked', async () => {
    const keys = new Keys();
    const own = deliveries(keys);
    await own.follow([SELLER]);
    expect(own.answers(listing, listing.versions[0] ?? expect.fail())).toBe(true);
    keys.unlocked = false;
    await own.forget();
    expect(keys.held).toEqual([]);
  });

  it('includes the account that was given money for a publication that the chain then refused', async () => {
    const keys = new Keys();
    await deliveries(keys, []).follow([SELLER]);
    expect(keys.held.map(({ counters, versions, maxGasPrice }) => ({ counters, versions, maxGasPrice }))).toEqual([{ counters: [0], versions: [], maxGasPrice: 7n }]);
  });
});
