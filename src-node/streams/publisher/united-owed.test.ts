import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Bytes } from '../../base/bytes.ts';
import { ChannelAccount } from '../gateway/channel-account.ts';
import { KeyTable } from '../gateway/key-table.ts';
import { subscriberSchema, type Subscriber } from '../gateway/wire.ts';
import type { StreamPlan } from '../stream-chain.ts';
import { unitedOwed } from './united-owed.ts';

const fill = (length: number, byte: number): Bytes => new Uint8Array(length).fill(byte);
const plan: StreamPlan = { planId: 1, planHash: fill(32, 8), licenceHash: fill(32, 0), splitHash: fill(32, 0), active: true, kind: 'metered', unitPrice: 1n, window: 50 };

/** The account of one channel at a gateway of its own, which knows of no other. */
async function accountAtGateway(): Promise<ChannelAccount> {
  const rows = new Map<string, Bytes>();
  const table = new KeyTable({ revision: 0, get: (key) => rows.get(key), entries: () => [...rows], put: (key, value) => Promise.resolve(void rows.set(key, value)) });
  const account = new ChannelAccount({ channelId: fill(32, 1), instance: 'a', plan, epochSeconds: 600 }, table);
  await account.setPublicKey(fill(64, 2));
  return account;
}

/** As the publisher gets it over the wire. */
function told(account: ChannelAccount): Subscriber {
  const subscriber = account.subscriber();
  if (subscriber === null) throw new TypeError('the account has no key');
  return subscriberSchema.parse(JSON.parse(JSON.stringify(subscriberSchema.encode(subscriber))));
}

it('any reading split over gateways, overlapping or not, is owed as at one', async () => {
  const readings = fc.array(fc.record({ gateway: fc.nat({ max: 3 }), from: fc.nat({ max: 300 }), count: fc.integer({ min: 1, max: 40 }) }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(readings, async (parts) => {
      const one = await accountAtGateway();
      const many = await Promise.all(Array.from({ length: 4 }, accountAtGateway));
      for (const { gateway, from, count } of parts) {
        const batch = { firstSeq: BigInt(from), endSeq: BigInt(from + count) };
        one.delivered(batch);
        many[gateway]?.delivered(batch);
      }
      expect(unitedOwed(many.map(told))).toBe(told(one).owed);
      expect(unitedOwed([told(one)])).toBe(told(one).owed);
    }),
    { numRuns: 300 },
  );
});

it('counts all of what a gateway delivered and names no longer, and believes none that it delivered less than it names', () => {
  expect(unitedOwed([{ owed: 100n, delivered: [[90n, 100n]] }, { owed: 10n, delivered: [[95n, 105n]] }])).toBe(105n);
  expect(unitedOwed([{ owed: 100n, delivered: [[0n, 100n]] }, { owed: 0n, delivered: [[0n, 50n]] }])).toBe(100n);
  expect(unitedOwed([])).toBe(0n);
});

it('names at most the newest 64 spans, and all that came before them is counted in full', async () => {
  const account = await accountAtGateway();
  for (let i = 0n; i < 100n; i++) account.delivered({ firstSeq: i * 10n, endSeq: i * 10n + 1n });
  const { owed, delivered } = told(account);
  expect([owed, delivered.length, delivered[0], delivered.at(-1)]).toEqual([100n, 64, [360n, 361n], [990n, 991n]]);
  expect(unitedOwed([told(account)])).toBe(100n);
});
