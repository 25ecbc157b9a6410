/** What the procedures of streams ask for first: the streams of the network, and one thing in them by its id. */
import type { Hex } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import type { ChannelEntry } from '../streams/index/channel-entry.ts';
import type { GatewayEntry } from '../streams/index/gateway-entry.ts';
import type { StreamEntry } from '../streams/index/stream-entry.ts';
import type { StreamsRuntime } from '../streams/streams-runtime.ts';
import { ownAccounts } from './market-procedures.ts';
import type { NetworkServices, Services } from './services.ts';

const WAIT = 'Wait until the index has reached the head, or check the link.';

/** @throws NO_STREAMS where the network has no contracts of streams that the program knows */
export function streamsOf({ streams }: NetworkServices): StreamsRuntime {
  const running = streams.current();
  if (running === null) throw new CodedError('NO_STREAMS', 'There are no streams on this network yet.', { help: 'Open the page of streams to put their contracts there.' });
  return running;
}

/** @throws STREAM_UNKNOWN */
export function knownStream({ index }: StreamsRuntime, id: Hex): StreamEntry {
  const stream = index.stream(id);
  if (stream === null) throw new CodedError('STREAM_UNKNOWN', 'This stream is not in the index.', { help: WAIT });
  return stream;
}

/** @throws STREAM_UNKNOWN, NOT_YOUR_STREAM */
export async function ownStream(services: Services, streams: StreamsRuntime, id: Hex): Promise<StreamEntry> {
  const stream = knownStream(streams, id);
  if (!(await ownAccounts(services)).includes(stream.owner)) throw new CodedError('NOT_YOUR_STREAM', 'This stream belongs to an account that is not in this wallet.', { help: 'Only its owner can change it.' });
  return stream;
}

/** @throws CHANNEL_UNKNOWN */
export async function ownChannel(services: Services, { index }: StreamsRuntime, id: Hex): Promise<ChannelEntry> {
  const channel = index.channel(id);
  if (channel === null || !(await ownAccounts(services)).includes(channel.payer)) throw new CodedError('CHANNEL_UNKNOWN', 'This subscription is not one of this wallet.', { help: WAIT });
  return channel;
}

/** @throws GATEWAY_UNKNOWN */
export function knownGateway({ index }: StreamsRuntime, id: Hex): GatewayEntry {
  const gateway = index.gateway(id);
  if (gateway === null) throw new CodedError('GATEWAY_UNKNOWN', 'This gateway is not in the index.', { help: WAIT, meta: { gateway: id } });
  return gateway;
}

/** @throws GATEWAY_UNKNOWN for one that is not there, or that takes no streams now */
export function servingGateways(streams: StreamsRuntime, ids: readonly string[]): readonly GatewayEntry[] {
  return [...new Set(ids)].map((id) => {
    const gateway = knownGateway(streams, id as Hex);
    if (gateway.status !== 'bonded') throw new CodedError('GATEWAY_UNKNOWN', 'This gateway takes no streams now.', { help: 'Choose another one.', meta: { gateway: id, reason: 'not-serving' } });
    return gateway;
  });
}
