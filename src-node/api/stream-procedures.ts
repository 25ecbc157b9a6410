/** Streams as they are found and looked at, and the contracts that they live in. */
import { fromHex, toHex, type Hex } from '../base/bytes.ts';
import { CodedError } from '../base/errors.ts';
import { searchStreams } from '../streams/index/search.ts';
import { checksummed, parseAddress } from './address.ts';
import type { StreamPeek, StreamsStatus } from './contract/streams.ts';
import { knownStream, streamsOf } from './known-streams.ts';
import { ownAccounts } from './market-procedures.ts';
import { procedures } from './procedures.ts';
import { proposalView } from './proposal-view.ts';
import type { NetworkServices, Services } from './services.ts';
import { gatewayName, gatewaysOf, streamCard, streamView } from './stream-views.ts';
import { prepareChannel, prepareSubscribe } from './subscription-proposals.ts';

export const streamProcedures = {
  status: procedures.streams.status.handler(({ context }) => streamsStatus(context.services.network())),
  prepareDeploy: procedures.streams.prepareDeploy.handler(async ({ context, input }) => {
    const { streams, wallet } = context.services.network();
    const prepared = await wallet.proposals.prepare(await streams.draftDeployment(parseAddress(input.from)));
    return proposalView(prepared, { fields: [{ key: 'contracts', value: { kind: 'text', text: 'PDGateway, PDStream, PDChannel' } }], notes: [{ key: 'deploy-public', tone: 'info', values: {} }], valueReason: 'value' }, wallet);
  }),
  useContracts: procedures.streams.useContracts.handler(async ({ context, input }) => {
    const network = context.services.network();
    const hex = (text: string): Hex => toHex(parseAddress(text));
    await network.streams.use({ stream: hex(input.stream), channel: hex(input.channel), gateway: hex(input.gateway) });
    return streamsStatus(network);
  }),
  search: procedures.streams.search.handler(async ({ context, input }) => {
    const streams = streamsOf(context.services.network());
    const own = await ownAccounts(context.services);
    const found = searchStreams(streams.db, { ...input, category: input.category ?? null, owners: input.mine === true ? own : null, served: input.live === true });
    return { streams: found.streams.map((stream) => streamCard(stream, streams, own)), total: found.total, categories: Object.fromEntries(found.categories) };
  }),
  stream: procedures.streams.stream.handler(async ({ context, input }) => {
    const streams = streamsOf(context.services.network());
    const stream = knownStream(streams, input.id as Hex);
    await streams.asker.ask(stream, gatewaysOf(stream, streams));
    return streamView(stream, streams, await ownAccounts(context.services));
  }),
  peek: procedures.streams.peek.handler(({ context, input }) => peek(context.services, input.id as Hex, input.limit)),
  prepareSubscribe: procedures.streams.prepareSubscribe.handler(({ context, input }) =>
    prepareSubscribe(context.services, { ...input, stream: input.stream as Hex, payer: parseAddress(input.payer) }),
  ),
  prepareChannel: procedures.streams.prepareChannel.handler(({ context, input }) => prepareChannel(context.services, input.channel as Hex, input.action, input.amount ?? 0n)),
};

function streamsStatus({ streams, reader }: NetworkServices): StreamsStatus {
  const running = streams.current();
  const { addresses, parameters, periodMillis } = running?.contracts ?? { addresses: null, parameters: null, periodMillis: 0 };
  const address = (hex: Hex): string => checksummed(fromHex(hex));
  return {
    contracts: running !== null ? 'ready' : streams.isDeploying() ? 'deploying' : 'missing',
    addresses: addresses === null ? null : { stream: address(addresses.stream), channel: address(addresses.channel), gateway: address(addresses.gateway) },
    indexedBlock: running?.index.indexedBlock ?? null,
    headBlock: Number(reader.head()?.number ?? 0n),
    streams: running === null ? 0 : searchStreams(running.db, { text: '', category: null, sort: 'newest', owners: null, served: false, offset: 0, limit: 1 }).total,
    closeMillis: parameters === null ? null : parameters.channel.closeTime * 1000 + parameters.channel.grace * periodMillis,
    minGatewayBond: parameters?.gateway.minBond ?? null,
  };
}

async function peek(services: Services, id: Hex, limit: number): Promise<StreamPeek> {
  const streams = streamsOf(services.network());
  const stream = knownStream(streams, id);
  const { metadata } = streams.texts.textOf(id);
  if (metadata === null || metadata.peekDelaySeconds === null) throw new CodedError('NO_PEEK', 'This stream has no free sample.', { help: 'Look at its columns and its description.' });
  const found = await streams.asker.peek(stream, gatewaysOf(stream, streams), metadata.schema, limit);
  const gateway = streams.index.gateway(found.gateway);
  return { rows: found.rows, gateway: gateway === null ? '' : gatewayName(gateway), readAt: found.readAt };
}
