import { describe, expect, it } from 'vitest';
import { concat, fromHex } from './base/bytes.ts';
import { callNames } from './call-names.ts';
import * as channels from './contracts/bindings/pd-channel.gen.ts';
import * as escrow from './contracts/bindings/pd-escrow.gen.ts';

const [fraud, listings, at, stream, channel, gateway] = ['aa', 'bb', 'cc', '57', 'c4', '9a'].map((byte): `0x${string}` => `0x${byte.repeat(20)}`);
const names = callNames({ rnode: null, market: () => ({ fraud: fraud ?? '0x', listings: listings ?? '0x', escrow: at ?? '0x' }), streams: () => ({ stream: stream ?? '0x', channel: channel ?? '0x', gateway: gateway ?? '0x' }), isDelivery: () => false });
const contract = fromHex(at ?? '0x');
const order: `0x${string}` = `0x${'0d'.repeat(32)}`;

describe('the arguments of a call', () => {
  it('are named where the contract is known', () => {
    expect(names.argumentsOf(contract, escrow.encodeWithdraw(`0x${'11'.repeat(20)}`))).toEqual([{ name: 'account', value: `0x${'11'.repeat(20)}` }]);
    expect(names.argumentsOf(contract, escrow.encodeClaim(order, [`0x${'11'.repeat(20)}`], [10_000]))?.map(({ value }) => value)).toEqual([order, `[0x${'11'.repeat(20)}]`, '[10000]']);
  });

  it('are named for each contract of streams', () => {
    expect([stream, channel, gateway].map((address) => names.contractOf(fromHex(address ?? '')))).toEqual(['PDStream', 'PDChannel', 'PDGateway']);
    const call = channels.encodeRequestClose(order);
    expect(names.methodOf(fromHex(channel ?? ''), call.subarray(0, 4))).toBe('requestClose');
    expect(names.argumentsOf(fromHex(channel ?? ''), call)).toEqual([{ name: 'id', value: order }]);
    expect(names.argumentsOf(fromHex(stream ?? ''), call)).toBeNull();
  });

  it('are not guessed: of another contract, of an unknown method, of data that is cut or has a rest', () => {
    const call = escrow.encodeWithdraw(`0x${'11'.repeat(20)}`);
    expect(names.argumentsOf(fromHex('dd'.repeat(20)), call)).toBeNull();
    for (const data of [fromHex('deadbeef'), fromHex('00'), call.subarray(0, 30), concat(call, Uint8Array.of(1))]) expect(names.argumentsOf(contract, data)).toBeNull();
  });
});
