import { describe, expect, it } from 'vitest';
import { millis } from '../../base/clock.ts';
import type { OrderRecord } from '../index/order.ts';
import { Seller, type SellerModules } from './seller.ts';

const ready = { id: '0x01', state: 'ready', deadlineBlock: 100, cancelDeadlineBlock: 0, readied: { block: 40 } } as unknown as OrderRecord;
const isSafe = (order: OrderRecord, head: bigint): boolean =>
  new Seller({ reader: { head: () => ({ number: head, hash: new Uint8Array(32), timeMillis: millis(0) }) } } as unknown as SellerModules).isSafe(order);

describe('a key', () => {
  it('goes out when its order is sure, and while nobody can close the order before it is mined', () => {
    expect([41n, 42n, 80n, 81n].map((head) => isSafe(ready, head))).toEqual([false, true, true, false]);
    expect([50n, 51n].map((head) => isSafe({ ...ready, state: 'cancelling', cancelDeadlineBlock: 70 }, head))).toEqual([true, false]);
  });
});
