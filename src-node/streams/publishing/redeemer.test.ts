import { expect, it } from 'vitest';
import { fromHex, toHex, type Hex } from '../../base/bytes.ts';
import { systemClock } from '../../base/clock.ts';
import { silentLogger } from '../../base/logger.ts';
import { encodeWithdraw } from '../../contracts/bindings/pd-channel.gen.ts';
import type { ChannelEntry } from '../index/channel-entry.ts';
import type { StreamEntry } from '../index/stream-entry.ts';
import type { StandingActions } from '../ports.ts';
import { REDEEM_GAS } from '../redeeming.ts';
import { Redeemer } from './redeemer.ts';
import type { VoucherBook } from './voucher-book.ts';

const owner: Hex = `0x${'0a'.repeat(20)}`;
const stream = { id: `0x${'5d'.repeat(32)}`, owner, plans: [] } as unknown as StreamEntry;
const channels = (paid: bigint): readonly ChannelEntry[] => [{ id: `0x${'cd'.repeat(32)}`, status: 'closing', paid }] as unknown as readonly ChannelEntry[];

it('brings home what redeeming credited, once, when it is more than the fee', async () => {
  const sent: Parameters<StandingActions['submit']>[0][] = [];
  let credit = REDEEM_GAS;
  const redeemer = new Redeemer({
    vouchers: { of: () => null } as unknown as VoucherBook, actions: { submit: (step) => Promise.resolve(void sent.push(step)) }, contract: fromHex('c1'.repeat(20)),
    gasPrice: () => Promise.resolve(1n), creditOf: () => Promise.resolve(credit), clock: systemClock, log: silentLogger,
  });
  await redeemer.step(stream, channels(0n)); // nothing was ever taken
  await redeemer.step(stream, channels(5n)); // its fee would be all of it
  expect(sent).toEqual([]);
  credit += 1n;
  await redeemer.step(stream, channels(5n));
  expect(sent.map(({ id, payload }) => [id, toHex(payload)])).toEqual([[`stream-withdraw:${stream.id}:5`, toHex(encodeWithdraw(owner))]]);
  credit = 0n;
  await redeemer.step(stream, channels(5n));
  credit = 10n ** 18n; // of another stream of this owner
  await redeemer.step(stream, channels(5n));
  expect(sent).toHaveLength(1);
});
