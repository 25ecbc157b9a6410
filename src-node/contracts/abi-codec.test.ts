import { Interface } from 'ethers';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex, type Bytes } from '../base/bytes.ts';
import type { CodedError } from '../base/errors.ts';
import type { Log } from '../primitives/log.ts';
import * as escrow from './bindings/pd-escrow.gen.ts';
import * as listings from './bindings/pd-listing.gen.ts';

const word = (byte: string): `0x${string}` => `0x${byte.repeat(32)}`;
const codeOf = (call: () => unknown): string => {
  try {
    call();
    return 'OK';
  } catch (error) {
    return (error as CodedError).code;
  }
};

/** ListingMeta with these bytes as its text. */
function metaLog(text: Bytes): Log {
  const coder = new Interface(['event ListingMeta(bytes32 indexed listing, address indexed seller, bytes32 metaHash, bytes metaUri)']);
  const { data, topics } = coder.encodeEventLog('ListingMeta', [word('11'), `0x${'22'.repeat(20)}`, word('33'), text]);
  return { address: new Uint8Array(20), topics: [fromHex(listings.PD_LISTING_TOPICS.ListingMeta), ...topics.slice(1).map(fromHex)], data: fromHex(data) };
}

describe('bindings', () => {
  it('give the names of enums, numbers where they fit and bigint where they do not', () => {
    const calls = escrow.encodePostKey(word('11'), { x: 1n, y: 2n }, word('22'), word('33'));
    expect(toHex(calls)).toBe(`${new Interface(['function postKey(bytes32,(uint256,uint256),bytes32,bytes32)']).getFunction('postKey')?.selector ?? ''}${'11'.repeat(32)}${'1'.padStart(64, '0')}${'2'.padStart(64, '0')}${'22'.repeat(32)}${'33'.repeat(32)}`);
    const order = fromHex(`${'22'.repeat(20).padStart(64, '0')}${[4, 1, 77, 2n ** 127n, 5].map((value) => value.toString(16).padStart(64, '0')).join('')}${'44'.repeat(32 * 5)}${'9'.padStart(64, '0')}`);
    expect(escrow.decodeOrderOfResult(order)).toMatchObject({ buyer: `0x${'22'.repeat(20)}`, state: 'Keyed', version: 1, deadline: 77, price: 2n ** 127n, reserve: 5n, cancelDeadline: 9 });
  });

  it('decode the events of their contract only', () => {
    expect(listings.decodeEvent(metaLog(Buffer.from('ipfs://x')))).toEqual({ name: 'ListingMeta', listing: word('11'), seller: `0x${'22'.repeat(20)}`, metaHash: word('33'), metaUri: 'ipfs://x' });
    expect(escrow.decodeEvent(metaLog(Buffer.from('ipfs://x')))).toBeNull();
    expect(listings.decodeEvent({ address: new Uint8Array(20), topics: [], data: new Uint8Array(0) })).toBeNull();
  });

  it('pass over a log that does not decode: text that is no UTF-8, data cut short, a topic missing', () => {
    expect(listings.decodeEvent(metaLog(Uint8Array.of(0xff, 0xfe)))).toBeNull();
    const whole = metaLog(Buffer.from('ipfs://x'));
    expect(listings.decodeEvent({ ...whole, data: whole.data.subarray(0, 40) })).toBeNull();
    expect(listings.decodeEvent({ ...whole, topics: whole.topics.slice(0, 2) })).toBeNull();
  });

  it('name a wrong answer and a wrong argument', () => {
    expect(codeOf(() => escrow.decodeOrderOfResult(new Uint8Array(0)))).toBe('BAD_RESULT');
    expect(codeOf(() => escrow.decodeOrderOfResult(new Uint8Array(31)))).toBe('BAD_RESULT');
    expect(codeOf(() => escrow.decodeOrderOfResult(fromHex(`${'0'.repeat(64)}${'a'.padStart(64, '0')}${'0'.repeat(640)}`)))).toBe('BAD_RESULT'); // a state without a name
    expect(codeOf(() => escrow.encodeCancel('0x11'))).toBe('BAD_ARGUMENT');
    expect(codeOf(() => listings.encodeUnbond(word('11'), 2n ** 128n))).toBe('BAD_ARGUMENT');
    expect(codeOf(() => listings.encodeUnbond(word('11'), -1n))).toBe('BAD_ARGUMENT');
    expect(codeOf(() => listings.decodeConstructor(new Uint8Array(64)))).toBe('BAD_RESULT');
  });
});
