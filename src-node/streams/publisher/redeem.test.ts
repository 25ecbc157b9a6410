import { expect, it } from 'vitest';
import { millis, seconds } from '../../base/clock.ts';
import { redeemReason, type RedeemFacts, type RedeemReason } from './redeem.ts';

const NOW = millis(1_800_000_000_000);
const HOUR = 3_600_000;
const facts: RedeemFacts = { deposit: 1000n, paid: 100n, signed: 500n, status: 'open', expirySeconds: seconds((NOW + 100 * HOUR) / 1000), lastMillis: millis(NOW - HOUR), gasCost: 10n };
const expiringIn = (hours: number): RedeemFacts['expirySeconds'] => seconds((NOW + hours * HOUR) / 1000);

it.each<[what: string, change: Partial<RedeemFacts>, reason: RedeemReason | null]>([
  ['nothing presses', {}, null],
  ['79.9 % of the deposit', { signed: 799n }, null],
  ['80 % of the deposit', { signed: 800n }, 'deposit'],
  ['80 % that was redeemed already', { signed: 800n, paid: 800n }, null],
  ['more than the deposit, all of which was redeemed', { signed: 5000n, paid: 1000n }, null],
  ['a day and more than 20 times the gas', { lastMillis: millis(NOW - 24 * HOUR), signed: 301n }, 'daily'],
  ['a day and 20 times the gas', { lastMillis: millis(NOW - 24 * HOUR), signed: 300n }, null],
  ['less than a day', { lastMillis: millis(NOW - 24 * HOUR + 1), signed: 301n }, null],
  ['two hours before the end', { expirySeconds: expiringIn(2), signed: 120n }, 'expiry'],
  ['more than two hours before the end', { expirySeconds: expiringIn(2.01), signed: 120n }, null],
  ['less than it costs, two hours before the end', { expirySeconds: expiringIn(2), signed: 110n }, null],
  ['a channel that closes', { status: 'closing', signed: 120n }, 'closing'],
  ['a channel that is closed', { status: 'closed', signed: 800n }, null],
  ['no voucher', { signed: 0n, paid: 0n }, null],
])('%s', (_, change, reason) => {
  expect(redeemReason({ ...facts, ...change }, NOW)).toBe(reason);
});
