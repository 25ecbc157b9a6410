import { expect, it } from 'vitest';
import { toHex } from '../../base/bytes.ts';
import { ManualClock, millis } from '../../base/clock.ts';
import { KnownDomain } from '../../contracts/typed-data.ts';
import { addressOf } from '../../crypto/secp256k1.ts';
import { fill, NOW, PLAN_HASH, STREAM_ID, SUBSCRIBER_KEY, TestChain } from '../gateway/testing/test-stream.ts';
import { openStreamStore } from '../store.ts';
import { OwnSubscribers, type OwnChannel } from './own-subscribers.ts';
import { VoucherBook } from './voucher-book.ts';

it('remembers nothing of channels that only a gateway knows', () => {
  const clock = new ManualClock(NOW);
  const { chainId, genesisHash, contracts, streamRecord } = new TestChain(clock);
  const vouchers = new VoucherBook({ db: openStreamStore(':memory:'), clock, domain: new KnownDomain({ chainId, genesisHash, contract: contracts.channel }) });
  const subscribers = new OwnSubscribers({ vouchers, clock });
  const told = { channelId: fill(32, 0x0c), kind: 'metered', owed: 0n, vouchers: [] } as const;
  const plan = { planId: 1, planHash: toHex(PLAN_HASH), kind: 'metered', unitPrice: 10n, window: 50, licenceHash: toHex(fill(32, 0)), active: true, payees: [], shares: [] } as const;
  const channel: OwnChannel = { id: toHex(told.channelId), streamId: toHex(STREAM_ID), payer: toHex(fill(20, 1)), payerKey: toHex(addressOf(SUBSCRIBER_KEY)), planHash: plan.planHash, status: 'open', deposit: 1000n, openedAt: NOW };
  subscribers.see([told], []);
  clock.advance(millis(600_000));
  subscribers.see([told], [channel]); // heard of for the first time
  expect(subscribers.statusOf(channel, { ...streamRecord, plans: [plan] }, told, null).state).toBe('reading');
});
