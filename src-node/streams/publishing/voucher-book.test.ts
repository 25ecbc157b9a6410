import { expect, it } from 'vitest';
import { concat, fromBigInt, toBigInt, toHex, type Bytes } from '../../base/bytes.ts';
import { ManualClock } from '../../base/clock.ts';
import { KnownDomain } from '../../contracts/typed-data.ts';
import { addressOf, CURVE_N } from '../../crypto/secp256k1.ts';
import { fill, NOW, PLAN_HASH, STREAM_ID, SUBSCRIBER_KEY, TestChain, voucher } from '../gateway/testing/test-stream.ts';
import { openStreamStore } from '../store.ts';
import { VoucherBook } from './voucher-book.ts';

it('keeps no voucher that the contract would refuse for the form of its signature', () => {
  const clock = new ManualClock(NOW);
  const chain = new TestChain(clock);
  const { chainId, genesisHash, contracts } = chain;
  const book = new VoucherBook({ db: openStreamStore(':memory:'), clock, domain: new KnownDomain({ chainId, genesisHash, contract: contracts.channel }) });
  const channelId = fill(32, 0x0c);
  const channel = { id: toHex(channelId), streamId: toHex(STREAM_ID), payerKey: toHex(addressOf(SUBSCRIBER_KEY)), planHash: toHex(PLAN_HASH), deposit: 1000n };
  const signed = voucher(chain, channelId, 8n);
  const highS = (signature: Bytes): Bytes => concat(signature.subarray(0, 32), fromBigInt(CURVE_N - toBigInt(signature.subarray(32, 64)), 32), Uint8Array.of(signature[64] === 27 ? 28 : 27));
  expect(book.see(channel, { ...signed, signature: highS(signed.signature) })).toBe(false);
  expect(book.see(channel, signed)).toBe(true);
  expect(book.of(channel.id)?.signature).toEqual(signed.signature);
});

it('takes what is signed in a channel that the chain opened anew, with another key, after it lost the first one', () => {
  const clock = new ManualClock(NOW);
  const chain = new TestChain(clock);
  const { chainId, genesisHash, contracts } = chain;
  const book = new VoucherBook({ db: openStreamStore(':memory:'), clock, domain: new KnownDomain({ chainId, genesisHash, contract: contracts.channel }) });
  const channelId = fill(32, 0x0c);
  const channel = { id: toHex(channelId), streamId: toHex(STREAM_ID), payerKey: toHex(addressOf(SUBSCRIBER_KEY)), planHash: toHex(PLAN_HASH), deposit: 1000n };
  expect(book.see(channel, voucher(chain, channelId, 50n))).toBe(true);
  const key = fill(32, 0x3d);
  const again = { ...channel, payerKey: toHex(addressOf(key)) };
  expect(book.see(again, voucher(chain, channelId, 8n, {}, { key }))).toBe(true);
  expect(book.of(channel.id)?.voucher.cumulativeUnits).toBe(8n);
  expect(book.see(again, voucher(chain, channelId, 7n, {}, { key }))).toBe(false);
});
