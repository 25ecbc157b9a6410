/** The gateway of this program as its operator sees and changes it; its place on the chain is in `gateway-proposals`. */
import { fromHex, toHex, type Hex } from '../base/bytes.ts';
import { millis, toMillis, type Millis } from '../base/clock.ts';
import { cleanText } from '../base/clean-text.ts';
import type { GatewayEntry } from '../streams/index/gateway-entry.ts';
import type { OwnEngine, OwnQuotas } from '../streams/own-gateway/settings.ts';
import type { OwnGatewayFacts } from '../streams/own-gateway/facts.ts';
import { shareOf } from '../streams/redeeming.ts';
import type { StreamsRuntime } from '../streams/streams-runtime.ts';
import { checksummed } from './address.ts';
import type { EngineSettings, GatewayClientView, GatewayQuotas, GatewayTopicView, GatewayView } from './contract/gateway.ts';
import { withdrawableOf } from './credits.ts';
import { streamsOf } from './known-streams.ts';
import { procedures } from './procedures.ts';
import type { Services } from './services.ts';
import { streamTitle } from './stream-views.ts';

export const gatewayProcedures = {
  view: procedures.gateway.view.handler(({ context }) => gatewayView(context.services)),
  setRunning: procedures.gateway.setRunning.handler(async ({ context, input }) => {
    await gatewayOf(context.services).setRunning(input.on);
    return gatewayView(context.services);
  }),
  testEngine: procedures.gateway.testEngine.handler(async ({ context, input }) => {
    const { ok, checks } = await gatewayOf(context.services).testEngine(input);
    return { ok, checks };
  }),
  useEngine: procedures.gateway.useEngine.handler(async ({ context, input }) => {
    await gatewayOf(context.services).useEngine(input);
    return gatewayView(context.services);
  }),
  setQuotas: procedures.gateway.setQuotas.handler(({ context, input: { publishPerSecond, ...rest } }) => {
    gatewayOf(context.services).setQuotas({ publishRecordsPerSecond: publishPerSecond, ...rest });
    return gatewayView(context.services);
  }),
  setOldPaths: procedures.gateway.setOldPaths.handler(({ context, input }) => {
    gatewayOf(context.services).setOldPaths(input.on);
    return gatewayView(context.services);
  }),
  log: procedures.gateway.log.handler(({ context, input }) => gatewayOf(context.services).logLines(input.limit)),
};

function gatewayOf(services: Services): StreamsRuntime['gateway'] {
  return streamsOf(services.network()).gateway;
}

async function gatewayView(services: Services): Promise<GatewayView> {
  const { reader, streams: { current } } = services.network();
  const streams = current() ?? streamsOf(services.network());
  const facts = await streams.gateway.facts();
  const { state, problem, listens, registration, choices, engine, sockets, memoryBytes, topics, connections } = facts;
  const delays = connections.flatMap(({ delayMillis }) => delayMillis ?? []);
  const head = reader.head();
  return {
    state, listens,
    problem: problem?.toJSON() ?? null,
    engine: { settings: engineView(choices.engine), ok: engine.ok, problem: engine.problem?.toJSON() ?? null, usedBytes: engine.usedBytes, checkedAt: engine.checkedAt },
    registration: registration === null ? null : {
      id: registration.id, owner: checksummed(fromHex(registration.owner)), endpoints: registration.endpoints.map(cleanText), bond: registration.bond, status: registration.status,
      leavesAt: registration.status === 'leaving' && head !== null ? timeOf(registration.leavingBlock, streams, { number: Number(head.number), at: services.clock.now() }) : null,
    },
    facts: {
      sockets, memoryBytes,
      inBytesPerSecond: total(topics, ({ inBytesPerSecond }) => inBytesPerSecond), outBytesPerSecond: total(topics, ({ outBytesPerSecond }) => outBytesPerSecond),
      lagMillis: delays.length === 0 ? null : Math.max(...delays),
      owed: topics.reduce((sum, { owed }) => sum + owed, 0n),
    },
    topics: topics.map((topic) => topicView(topic, facts, streams)),
    clients: connections.map((connection) => clientView(connection, streams)),
    quotas: quotasView(choices.quotas),
    earned: registration === null ? 0n : earnedBy(registration, streams),
    withdrawable: registration === null ? 0n : await withdrawableOf(services.network(), fromHex(registration.owner)),
    oldPaths: choices.oldPaths,
    asOf: services.clock.now(),
  };
}

function topicView({ streamId, topic, bounds, bytes, retentionMillis, inBytesPerSecond, outBytesPerSecond, lastAt, owed }: OwnGatewayFacts['topics'][number], { connections }: OwnGatewayFacts, streams: StreamsRuntime): GatewayTopicView {
  const stream = toHex(streamId);
  const those = connections.filter((connection) => toHex(connection.streamId) === stream);
  return {
    stream, topic, bytes, retentionMillis, inBytesPerSecond, outBytesPerSecond, lastAt, owed,
    title: titleOf(stream, streams),
    first: Number(bounds?.first ?? 0n),
    next: Number(bounds?.next ?? 0n),
    publishers: those.filter(({ action }) => action === 'publish').length,
    readers: those.filter(({ action }) => action === 'subscribe').length,
  };
}

function clientView({ id, action, streamId, clientKey, network, since, bytes, behind, expirySeconds, state }: OwnGatewayFacts['connections'][number], streams: StreamsRuntime): GatewayClientView {
  const stream = toHex(streamId);
  return { id, action, stream, title: titleOf(stream, streams), clientKey: checksummed(clientKey), remote: network, since, bytes, lagRecords: behind === null ? null : Number(behind), ticketEndsAt: toMillis(expirySeconds), state };
}

function titleOf(stream: Hex, streams: StreamsRuntime): string | null {
  return streamTitle(stream, streams) || null;
}

/** A kept password is not shown, and not even that there is one. */
function engineView(engine: OwnEngine): EngineSettings {
  if (engine.kind === 'built-in') return engine;
  const { kind, brokers, tls, sasl } = engine;
  return { kind, brokers, tls, sasl: sasl === null ? null : { mechanism: sasl.mechanism, username: sasl.username, password: null } };
}

function quotasView({ publishRecordsPerSecond, ...rest }: OwnQuotas): GatewayQuotas {
  return { publishPerSecond: publishRecordsPerSecond, ...rest };
}

/** What the channels of its streams have paid to its owner, by their splits and after the fee; base units. */
function earnedBy({ id, owner }: GatewayEntry, { index, contracts }: StreamsRuntime): bigint {
  const { feeBps } = contracts.parameters.channel;
  return index.streamsAt(id).reduce((sum, stream) => {
    const paid = index.channelsOfStream(stream.id).map(({ planHash, paid: due }) => {
      const plan = stream.plans.find((one) => one.planHash === planHash);
      return plan === undefined ? 0n : shareOf(owner, { before: 0n, due, feeBps, payees: plan.payees, shares: plan.shares });
    });
    return paid.reduce((all, one) => all + one, sum);
  }, 0n);
}

/** When a block will be there, if none is late. */
function timeOf(block: number, { contracts }: StreamsRuntime, now: { readonly number: number; readonly at: Millis }): Millis {
  return millis(now.at + Math.max(0, block - now.number) * contracts.periodMillis);
}

function total<T>(list: readonly T[], of: (one: T) => number): number {
  return list.reduce((sum, one) => sum + of(one), 0);
}
