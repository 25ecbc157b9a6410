import { beforeEach, describe, expect, it } from 'vitest';
import type { Hex } from '../../base/bytes.ts';
import { ManualClock, millis } from '../../base/clock.ts';
import { silentLogger } from '../../base/logger.ts';
import type { ChainReader } from '../../chain/reader.ts';
import type { ListingRecord } from '../index/listing.ts';
import type { MarketIndex } from '../index/market-index.ts';
import type { OrderRecord } from '../index/order.ts';
import type { MarketContracts, MarketKeys, StepState } from '../ports.ts';
import { openMarketStore } from '../store.ts';
import { Buyer } from './buyer.ts';
import type { Copies } from './copies.ts';
import { PurchaseStore } from './purchase-store.ts';

const ID: Hex = `0x${'0a'.repeat(32)}`;
const BUYER: Hex = `0x${'0b'.repeat(20)}`;
const order = { id: ID, buyer: BUYER, listing: ID, termsHash: ID, state: 'funded', delivery: null, closed: null, deadlineBlock: 100 } as unknown as OrderRecord;
const clock = new ManualClock(millis(0));

let unlocked: boolean;
let sent: readonly string[];
let fetched: number;
let state: StepState;
let store: PurchaseStore;
let buyer: Buyer;

beforeEach(() => {
  unlocked = false;
  sent = [];
  fetched = 0;
  state = 'none';
  store = new PurchaseStore(openMarketStore(':memory:'));
  const index: Partial<MarketIndex> = { openOrdersOf: () => [order], listing: () => ({ id: ID }) as ListingRecord };
  const copies: Partial<Copies> = {
    manifest: () => Promise.resolve({ chunks: [], totalBytes: 0 } as unknown as Awaited<ReturnType<Copies['manifest']>>),
    fetch: () => {
      fetched += 1;
      return Promise.resolve();
    },
  };
  const keys: Partial<MarketKeys> = { isUnlocked: () => Promise.resolve(unlocked) };
  const reader: Partial<ChainReader> = { head: () => ({ number: 5n, hash: new Uint8Array(32), timeMillis: millis(0) }) };
  buyer = new Buyer({
    index: index as MarketIndex, copies: copies as Copies, keys: keys as MarketKeys, reader: reader as ChainReader, store, clock, log: silentLogger, onChange: () => undefined, confirmsAutomatically: () => false,
    contracts: { addresses: { escrow: BUYER }, parameters: { escrow: { grace: 20 } } } as unknown as MarketContracts,
    sender: {
      stateOf: () => state,
      submit: ({ id }) => {
        sent = [...sent, id];
        state = 'under-way';
        return Promise.resolve();
      },
    },
  });
});

async function step(): Promise<void> {
  clock.advance(millis(60_000));
  buyer.step([BUYER]);
  await buyer.settled();
}

describe('the buyer', () => {
  it('says that the wallet is locked where a step waits for it, and forgets it when the step was taken', async () => {
    await step();
    expect([store.get(ID).problem?.code, sent]).toEqual(['WALLET_LOCKED', []]);
    const change = store.change.bind(store);
    let written = 0;
    store.change = (...args) => {
      written += 1;
      return change(...args);
    };
    await step();
    expect(written).toBe(0);
    unlocked = true;
    await step();
    expect([store.get(ID).problem, sent]).toEqual([null, [`ready:${ID}`]]);
  });

  it('does not go through the copy again while its word is on the way to the chain', async () => {
    unlocked = true;
    await step();
    await step();
    await step();
    expect([fetched, sent.length]).toEqual([1, 1]);
  });
});
