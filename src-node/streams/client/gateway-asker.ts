/**
 * Asks the gateways of a stream what anyone may know: how they are, how far the stream is, and its free sample. Their addresses come
 * from strangers: outside a network for practice only TLS is spoken, so that what stands at an address of somebody's house has no
 * name to answer under; nothing is asked before a person opened the stream (docs/protocol/11 §4.18).
 */
import { fromHex, type Hex } from '../../base/bytes.ts';
import type { Clock, Millis } from '../../base/clock.ts';
import { CodedError, isCoded, toCoded, type ErrorJson } from '../../base/errors.ts';
import { RECENT_INTERVAL_MILLIS } from '../gateway/recent-counts.ts';
import type { GatewayEntry } from '../index/gateway-entry.ts';
import type { StreamEntry } from '../index/stream-entry.ts';
import type { StreamMetadata } from '../metadata.ts';
import type { StreamChain } from '../stream-chain.ts';
import { provedTail } from '../publisher/signed-claim.ts';
import { GatewayClient } from './gateway-client.ts';
import { rowOf } from './row.ts';
import { verifiedRow, type VerifiedRow } from './verified-row.ts';
import { StreamVerifier } from './verify.ts';

/** What a gateway said of itself and of one stream. */
export interface GatewayAnswer {
  /** `unreachable`: also when it claims what the publisher never signed. `other`: it answered as another gateway than the chain says. `behind`: it lacks what others have. */
  readonly state: 'ready' | 'behind' | 'unreachable' | 'other';
  readonly roundTripMillis: number | null;
  readonly headSeq: number | null;
  readonly askedAt: Millis;
  readonly problem: ErrorJson | null;
}

/** What the first gateway that answered said of a stream. */
export interface StreamMeasure {
  readonly ratePerSecond: number | null;
  readonly lastAt: Millis | null;
  readonly gateway: Hex;
  readonly at: Millis;
  readonly retentionMillis: number | null;
  /** Heights 0..1 of the last intervals, oldest first. */
  readonly print: readonly number[];
}

export interface GatewayAskerOptions {
  /** Gateways may run on this computer, without TLS. */
  readonly practice: boolean;
}

export interface GatewayAskerModules {
  readonly chain: Pick<StreamChain, 'chainId' | 'genesisHash' | 'contracts'>;
  readonly clock: Clock;
}

interface Asked {
  readonly answer: GatewayAnswer;
  /** As its publisher signed it. Null where it did not answer, or keeps nothing. */
  readonly tail: { readonly time: Millis } | null;
  readonly retentionMillis: number | null;
  /** Messages of the last whole intervals, oldest first. */
  readonly recent: readonly number[];
}

const NOTHING = new Uint8Array(32);
const ANSWER_MILLIS = 3_000;
/** Asked again within it, what was said stands. */
const FRESH_MILLIS = 3_000;
/** A gateway whose newest batch is so much older than another's lacks some. */
const BEHIND_MILLIS = 30_000;
/** Newest intervals that the rate of now is told from. */
const RATE_INTERVALS = 2;
const MAX_STREAMS = 500;
const MAX_PEEK_BYTES = 8 * 1024 * 1024;

export class GatewayAsker {
  readonly #options: GatewayAskerOptions;
  readonly #modules: GatewayAskerModules;
  readonly #streams = new Map<Hex, { readonly asked: ReadonlyMap<Hex, Asked>; readonly measure: StreamMeasure | null; readonly at: Millis }>();
  readonly #running = new Map<Hex, Promise<void>>();
  /** Where a gateway answered last, of those whose first address did not. */
  readonly #found = new Map<Hex, string>();

  constructor(options: GatewayAskerOptions, modules: GatewayAskerModules) {
    this.#options = options;
    this.#modules = modules;
  }

  answerOf(gateway: Hex, stream: Hex): GatewayAnswer | null {
    return this.#streams.get(stream)?.asked.get(gateway)?.answer ?? null;
  }

  measureOf(stream: Hex): StreamMeasure | null {
    return this.#streams.get(stream)?.measure ?? null;
  }

  /** Asks them all at once, and is back within a moment; never throws for what they say. */
  async ask(stream: StreamEntry, gateways: readonly GatewayEntry[]): Promise<void> {
    const before = this.#streams.get(stream.id);
    if (before !== undefined && this.#modules.clock.now() - before.at < FRESH_MILLIS) return;
    const running = this.#running.get(stream.id) ?? this.#askAll(stream, gateways).finally(() => this.#running.delete(stream.id));
    this.#running.set(stream.id, running);
    await running;
  }

  /** Newest first. @throws NO_PEEK, GATEWAYS_UNREACHABLE, GATEWAY_QUOTA */
  async peek(stream: StreamEntry, gateways: readonly GatewayEntry[], columns: StreamMetadata['schema'], limit: number): Promise<{ readonly rows: readonly VerifiedRow[]; readonly gateway: Hex; readonly readAt: Millis }> {
    let last: CodedError | null = null;
    for (const gateway of gateways.filter(({ status }) => status === 'bonded')) {
      try {
        const rows = await this.#sample(stream, gateway, columns);
        return { rows: rows.toReversed().slice(0, limit), gateway: gateway.id, readAt: this.#modules.clock.now() };
      } catch (error) {
        if (!isCoded(error) && !(error instanceof DOMException)) throw error; // the latter: out of time
        last = toCoded(error, 'GATEWAY_UNREACHABLE');
      }
    }
    throw refusedPeek(last);
  }

  async #askAll(stream: StreamEntry, gateways: readonly GatewayEntry[]): Promise<void> {
    const serving = gateways.filter(({ status }) => status === 'bonded');
    const found = await Promise.all(serving.map(async (gateway) => [gateway.id, await this.#askOne(stream, gateway)] as const));
    const newest = Math.max(...found.map(([, { tail }]) => tail?.time ?? 0));
    const asked = new Map(found.map(([id, one]) => {
      const isBehind = one.answer.state === 'ready' && newest > 0 && newest - (one.tail?.time ?? 0) > BEHIND_MILLIS;
      return [id, isBehind ? { ...one, answer: { ...one.answer, state: 'behind' as const } } : one];
    }));
    const before = this.#streams.get(stream.id);
    this.#streams.delete(stream.id); // the newest stands last
    this.#streams.set(stream.id, { asked, measure: this.#measure(asked) ?? before?.measure ?? null, at: this.#modules.clock.now() });
    const oldest = this.#streams.keys().next();
    if (this.#streams.size > MAX_STREAMS && oldest.done !== true) this.#streams.delete(oldest.value);
  }

  /** By the first that is up to date. */
  #measure(asked: ReadonlyMap<Hex, Asked>): StreamMeasure | null {
    const first = [...asked].find(([, { answer }]) => answer.state === 'ready');
    if (first === undefined) return null;
    const [gateway, { answer, tail, retentionMillis, recent }] = first;
    const last = recent.slice(-RATE_INTERVALS);
    const sum = last.reduce((total, frames) => total + frames, 0);
    const hasJustBegun = sum === 0 && tail !== null && answer.askedAt - tail.time < RECENT_INTERVAL_MILLIS;
    const ratePerSecond = last.length === 0 || hasJustBegun ? null : (sum * 1000) / (last.length * RECENT_INTERVAL_MILLIS);
    const most = Math.max(...recent);
    return { ratePerSecond, lastAt: tail?.time ?? null, gateway, at: answer.askedAt, retentionMillis, print: most > 0 ? recent.map((frames) => frames / most) : [] };
  }

  async #askOne(stream: StreamEntry, gateway: GatewayEntry): Promise<Asked> {
    const { clock } = this.#modules;
    const signal = AbortSignal.timeout(ANSWER_MILLIS);
    try {
      const { client, roundTripMillis } = await this.#reach(stream, gateway, signal);
      const { chain } = this.#modules;
      const { tail: claimed, retentionMillis, recent } = await client.facts(fromHex(stream.id), signal);
      const tail = provedTail(claimed, { streamId: fromHex(stream.id), publishers: stream.publishers.map(fromHex), domain: { chainId: chain.chainId, genesisHash: chain.genesisHash, contract: chain.contracts.stream } });
      return {
        answer: { state: 'ready', roundTripMillis, headSeq: tail === null ? null : Number(tail.nextSeq - 1n), askedAt: clock.now(), problem: null },
        tail: tail === null ? null : { time: tail.closedAt },
        retentionMillis,
        recent: recent.frames,
      };
    } catch (error) {
      const problem = toCoded(error, 'GATEWAY_UNREACHABLE');
      return { answer: { state: isCoded(error, 'WRONG_GATEWAY') ? 'other' : 'unreachable', roundTripMillis: null, headSeq: null, askedAt: clock.now(), problem: problem.toJSON() }, tail: null, retentionMillis: null, recent: [] };
    }
  }

  /** In the order of the stream; nothing that the publisher did not sign. */
  async #sample(stream: StreamEntry, gateway: GatewayEntry, columns: StreamMetadata['schema']): Promise<readonly VerifiedRow[]> {
    const { chain } = this.#modules;
    const signal = AbortSignal.timeout(ANSWER_MILLIS);
    const { client } = await this.#reach(stream, gateway, signal);
    const streamId = fromHex(stream.id);
    const { generation, epoch, nodes, batches } = await client.peek(streamId, signal);
    const verifier = new StreamVerifier({ streamId, domain: { chainId: chain.chainId, genesisHash: chain.genesisHash, contract: chain.contracts.stream }, publisher: fromHex(stream.publisher), after: null, maxWaitingBytes: MAX_PEEK_BYTES });
    verifier.addKeys({ streamId, generation, from: epoch, to: epoch, nodes });
    const schema = { version: 1, columns: columns.map(({ name, type, unit }) => ({ name, type, unit: unit ?? '' })) };
    return batches.flatMap((batch) => verifier.feed(batch).records).map((record) => verifiedRow(rowOf(record, schema), columns));
  }

  /** At the first of its addresses where it answers as itself; each gets its part of the time. @throws what the first of them said, BAD_ENDPOINT */
  async #reach(stream: StreamEntry, { id, endpoints }: GatewayEntry, signal: AbortSignal): Promise<{ readonly client: GatewayClient; readonly roundTripMillis: number }> {
    const { clock } = this.#modules;
    const askable = endpoints.filter((endpoint) => isAskable(endpoint, this.#options));
    const found = this.#found.get(id);
    const inOrder = found !== undefined && askable.includes(found) ? [found, ...askable.filter((one) => one !== found)] : askable;
    let first: unknown = new CodedError('BAD_ENDPOINT', 'The address of this gateway on the chain is not one that can be used.', { help: 'Use another gateway of the stream.', meta: { endpoint: (endpoints[0] ?? '').slice(0, 200) } });
    for (const [i, endpoint] of inOrder.entries()) {
      const startedAt = clock.now();
      try {
        const client = new GatewayClient({ gatewayId: fromHex(id), endpoint, action: 'subscribe', streams: [fromHex(stream.id)], entitlement: NOTHING }, { ...this.#modules, signTicket: () => Promise.reject(new TypeError('nothing is signed to ask')) });
        await client.hello(AbortSignal.any([signal, AbortSignal.timeout(Math.floor(ANSWER_MILLIS / inOrder.length))]));
        if (endpoint === askable[0]) this.#found.delete(id);
        else this.#found.set(id, endpoint);
        return { client, roundTripMillis: clock.now() - startedAt };
      } catch (error) {
        if (!isCoded(error) && !(error instanceof DOMException)) throw error; // the latter: out of time
        if (i === 0) first = error;
      }
    }
    throw first;
  }
}

function isAskable(endpoint: string, { practice }: GatewayAskerOptions): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'https:' || (practice && protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost'));
}

function refusedPeek(last: CodedError | null): CodedError {
  if (last?.code === 'epoch_unavailable') return new CodedError('NO_PEEK', 'The publisher has not given a free sample out yet.', { help: 'Try again when the stream has run for a while.', meta: { reason: 'not-yet' }, cause: last });
  if (last?.code === 'quota_peek') return new CodedError('GATEWAY_QUOTA', 'The gateways of this stream give no more samples to this computer today.', { help: 'Try again tomorrow.', cause: last });
  return new CodedError('GATEWAYS_UNREACHABLE', 'No gateway of this stream can be asked now.', { help: 'Try again later.', cause: last });
}
