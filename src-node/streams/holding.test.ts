import { beforeEach, describe, expect, it } from 'vitest';
import { fromHex, toHex, type Hex } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { gatewayId } from '../contracts/terms.ts';
import { Holding } from './holding.ts';
import type { ChannelEntry } from './index/channel-entry.ts';
import type { GatewayEntry } from './index/gateway-entry.ts';
import type { StreamEntry } from './index/stream-entry.ts';
import type { StreamIndex } from './index/stream-index.ts';
import type { HeldObjects, StreamKeys } from './ports.ts';

const OWN = new Uint8Array(20).fill(1);
const [stream, channel] = ['51', 'c1'].map((byte): Hex => `0x${byte.repeat(32)}`) as [Hex, Hex];
const at = { chainId: 4181n, genesisHash: new Uint8Array(32), stream: new Uint8Array(20).fill(5), channel: new Uint8Array(20).fill(6), gateway: new Uint8Array(20).fill(7) };
const gateway = (nonce: bigint): Hex => gatewayId({ contract: toHex(at.gateway), chainId: at.chainId, creator: toHex(OWN), nonce });

let streams: Pick<StreamEntry, 'id' | 'nonce' | 'status'>[];
let channels: Pick<ChannelEntry, 'id' | 'nonce' | 'streamId' | 'deposit' | 'status'>[];
let gateways: Pick<GatewayEntry, 'id' | 'status'>[];
let calls: HeldObjects[];
let ids: Set<Hex>;
let unlocked: boolean;
let holding: Holding;

/** A keys process that remembers what it was given, and an index with what a test puts there. */
beforeEach(() => {
  [streams, channels, gateways, calls, ids, unlocked] = [[], [], [], [], new Set(), true];
  const keys: Partial<StreamKeys> = {
    held: () => Promise.resolve({ unlocked, ids }),
    hold: (objects) => {
      if (!unlocked) return Promise.reject(new CodedError('WALLET_LOCKED', 'Locked.'));
      calls.push(objects);
      ids = new Set([...objects.published.map(({ streamId }) => toHex(streamId)), ...objects.subscriptions.map(({ channelId }) => toHex(channelId)), ...objects.gateways.map(({ gatewayId: id }) => toHex(id))]);
      return Promise.resolve();
    },
  };
  const index = { streamsOf: () => streams, channelsOf: () => channels, gatewaysOf: () => gateways } as unknown as StreamIndex;
  holding = new Holding({ index, keys: keys as StreamKeys, at });
});

const refresh = (): Promise<boolean> => holding.refresh([OWN]);
const openChannel = (deposit: bigint): (typeof channels)[number] => ({ id: channel, nonce: 4n, streamId: stream, deposit, status: 'open' });

describe('what the keys process signs for', () => {
  it('is what the index says that the own accounts have, each with the number it was made under', async () => {
    streams.push({ id: stream, nonce: 2n, status: 'registered' }, { id: `0x${'52'.repeat(32)}`, nonce: 3n, status: 'ended' });
    channels.push(openChannel(5n), { ...openChannel(9n), id: `0x${'c2'.repeat(32)}`, status: 'closing' });
    gateways.push({ id: gateway(0n), status: 'left' }, { id: gateway(2n), status: 'paused' }, { id: gateway(1n), status: 'bonded' });
    expect(await refresh()).toBe(true);
    expect(calls).toEqual([{
      published: [{ at, account: OWN, nonce: 2n, streamId: fromHex(stream) }],
      subscriptions: [{ at, account: OWN, nonce: 4n, streamId: fromHex(stream), channelId: fromHex(channel), maxAmount: 5n }],
      gateways: [{ at, account: OWN, nonce: 1n, gatewayId: fromHex(gateway(1n)) }, { at, account: OWN, nonce: 2n, gatewayId: fromHex(gateway(2n)) }],
    }]);
    expect([await refresh(), calls.length]).toEqual([false, 1]);
  });

  it('follows a deposit that grows, a channel that closes, and a keys process that began anew', async () => {
    channels = [openChannel(5n)];
    await refresh();
    channels = [openChannel(7n)];
    expect([await refresh(), calls.at(-1)?.subscriptions[0]?.maxAmount]).toEqual([true, 7n]);
    ids = new Set();
    expect([await refresh(), ids.size]).toEqual([true, 1]);
    channels = [{ ...openChannel(7n), status: 'closed' }];
    expect([await refresh(), ids.size]).toEqual([true, 0]);
  });

  it('waits for the unlock, and takes nothing away before', async () => {
    channels = [openChannel(5n)];
    unlocked = false;
    expect([await refresh(), calls.length]).toEqual([false, 0]);
    unlocked = true;
    expect(await refresh()).toBe(true);
    unlocked = false;
    channels = [openChannel(6n)];
    expect([await refresh(), ids.has(channel)]).toEqual([false, true]);
  });

  it('is not asked for when there is nothing', async () => {
    expect([await refresh(), calls.length]).toEqual([false, 0]);
  });
});
