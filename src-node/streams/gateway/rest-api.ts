/** The REST calls of a gateway (docs/protocol/11 §4.13). No call keeps anything of its client: cursors say where to go on. */
import { z } from 'zod';
import { equal, type Bytes } from '../../base/bytes.ts';
import { millis } from '../../base/clock.ts';
import type { ChannelAccount } from './channel-account.ts';
import { GATEWAY_ERRORS } from './error-codes.ts';
import type { GatewayCore } from './gateway-core.ts';
import { epochAt, startOfEpoch, type HostedStream } from './hosted-stream.ts';
import { openApiOf } from './openapi.ts';
import type { Consumer } from './quotas.ts';
import { errorAnswer, refusal, toRefusal } from './refusal.ts';
import type { GatewayRequest, GatewayResponse, Route, RouteAnswer, RouteCall, TicketCall, TicketRoute } from './route.ts';
import type { StreamReader } from './stream-reader.ts';
import type { Holder } from './tickets.ts';
import {
  batchesAnswerSchema, channelAnswerSchema, cursorAnswerSchema, doneSchema, errorSchema, hashSchema, HEADERS, healthAnswerSchema, helloSchema, keysAnswerSchema, keysRequestSchema, MAX_BATCHES, MAX_WAIT_MILLIS,
  peekAnswerSchema, peekKeyRequestSchema, publishRequestSchema, receiptSchema, streamFactsSchema, subscribersAnswerSchema, ticketAnswerSchema, ticketRequestSchema, usageAnswerSchema, voucherSchema,
  type BatchesAnswer, type ChannelAnswer, type Hello, type HealthAnswer, type PeekAnswer, type StreamFacts, type UsageAnswer,
} from './wire.ts';

const NO_ID = new Uint8Array(32);
const JSON_TYPE = 'application/json; charset=utf-8';
const BYTES_TYPE = 'application/octet-stream';
/** Bytes of batches in one answer, but for the first. */
const MAX_ANSWER_BYTES = 2 * 1024 * 1024;
const PEEK_BATCHES = 64;
const PEEK_BYTES = 1024 * 1024;

const whole = z.string().regex(/^[0-9]{1,15}$/).transform(Number);
const batchesQuery = z.object({
  cursor: z.string().max(128).default('earliest'),
  max: whole.pipe(z.number().min(1).max(MAX_BATCHES)).default(MAX_BATCHES),
  waitMs: whole.pipe(z.number().max(MAX_WAIT_MILLIS)).default(0),
});
const publishQuery = z.object({ gap: z.literal('allow').optional() });
const atQuery = z.object({ ts: whole });
const keysQuery = z.object({ from: whole, to: whole });
const ID = /^(?:0x)?[0-9a-f]{64}$/;

/** What is open. */
export interface Connections {
  readonly count: number;
  readonly waitingBytes: number;
}

interface ReadingTerms {
  readonly stream: HostedStream;
  readonly max: number;
  readonly deposit: bigint;
  readonly account: ChannelAccount;
  readonly consumer: Consumer;
  readonly holder: Holder;
}

export class RestApi {
  readonly #core: GatewayCore;
  readonly #startedAt: number;
  readonly #connections: () => Connections;
  readonly #routes: readonly Route[];
  readonly #description: string;

  constructor(core: GatewayCore, modules: { readonly connections: () => Connections }) {
    this.#core = core;
    this.#connections = modules.connections;
    this.#startedAt = performance.now();
    this.#routes = this.#all();
    this.#description = JSON.stringify(openApiOf(this.#routes));
  }

  /** Never rejects. */
  async answer(request: GatewayRequest): Promise<GatewayResponse> {
    this.#core.metrics.add('requests');
    try {
      this.#core.quotas.use('requestsPerSecond', 1, this.#core.consumer(request.network));
      return await this.#answered(request);
    } catch (error) {
      const refused = toRefusal(error);
      this.#core.metrics.refused(refused.code);
      if (refused.code === 'internal') this.#core.logger.error('a request failed', { method: request.method }, error);
      return refusalResponse(refused);
    }
  }

  /** The holder that a request of the old paths proves, and its stream; undefined when the path is none of them. */
  oldPath({ target }: Pick<GatewayRequest, 'target'>): { readonly streamId: Bytes; readonly query: URLSearchParams } | undefined {
    if (!this.#core.oldPaths) return undefined;
    const { path, query } = partsOf(target);
    const id = path.slice(1);
    return ID.test(id) ? { streamId: idOf(id), query } : undefined;
  }

  async #answered(request: GatewayRequest): Promise<GatewayResponse> {
    const { path, query } = partsOf(request.target);
    if (path === '/v1/openapi.json' && request.method === 'GET') return { status: 200, headers: { 'content-type': JSON_TYPE }, body: this.#description };
    const found = this.#find(request, path);
    const { route } = found;
    const call: RouteCall = { id: found.id, query: Object.fromEntries(query), request };
    const answer = route.ticket === 'none' ? await route.run(call) : await route.run({ ...call, holder: this.#proved(request, route) });
    if (route.gives === null) return { status: 200, headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }, body: String(answer.body) };
    return { status: 200, headers: { 'content-type': JSON_TYPE, ...answer.headers }, body: JSON.stringify(answer.body) };
  }

  #find(request: GatewayRequest, path: string): { readonly route: Route; readonly id: Bytes } {
    const old = this.oldPath(request);
    const [, id] = /^\/v1\/(?:streams|channels)\/([^/]+)/.exec(path) ?? [];
    const template = old !== undefined ? '/v1/streams/{id}/batches' : id === undefined ? path : path.replace(id, '{id}');
    const named = this.#routes.filter((route) => route.path === template);
    if (named.length === 0) throw refusal('not_found');
    const route = named.find(({ method }) => method === request.method);
    if (route === undefined) throw refusal('method_not_allowed');
    if (old !== undefined) return { route, id: old.streamId };
    if (id !== undefined && !ID.test(id)) throw refusal('bad_request', { why: 'id' });
    return { route, id: id === undefined ? NO_ID : idOf(id) };
  }

  #proved(request: GatewayRequest, route: TicketRoute): Holder {
    const holder = this.#core.tickets.proved(request);
    const { ticket, account } = this.#core.consumer(request.network, holder);
    this.#core.quotas.use('requestsPerSecond', 1, { ...(ticket === undefined ? {} : { ticket }), ...(account === undefined ? {} : { account }) });
    this.#core.usage(holder).requests++;
    if (route.ticket === 'publish' && holder.action !== 'publish') throw refusal('publisher_only');
    if (route.ticket === 'subscribe' && holder.action !== 'subscribe') throw refusal('not_subscribed');
    return holder;
  }

  #all(): readonly Route[] {
    return [
      { method: 'GET', path: '/v1/hello', summary: 'Who this gateway is, and a nonce for a ticket.', ticket: 'none', gives: helloSchema, refuses: [], run: () => Promise.resolve({ body: helloSchema.encode(this.#hello()) }) },
      {
        method: 'POST', path: '/v1/ticket', summary: 'A ticket for what was signed.', ticket: 'none', takes: ticketRequestSchema, gives: ticketAnswerSchema,
        refuses: ['wrong_chain', 'wrong_gateway', 'nonce_unknown', 'ticket_forged', 'ticket_expired', 'stream_unknown', 'stream_elsewhere', 'stream_retired', 'channel_unknown', 'channel_closed', 'not_subscribed'],
        run: async ({ request }) => ({ body: ticketAnswerSchema.encode(await this.#core.giveTicket(jsonOf(request, ticketRequestSchema))) }),
      },
      {
        method: 'GET', path: '/v1/streams/{id}', summary: 'What anyone may know of a stream.', ticket: 'none', gives: streamFactsSchema, refuses: ['stream_unknown', 'stream_elsewhere'],
        run: async ({ id }) => ({ body: streamFactsSchema.encode(await this.#facts(id)) }),
      },
      {
        method: 'POST', path: '/v1/streams/{id}/batches', summary: 'Publishes one signed batch; the same again gives the same receipt.', ticket: 'publish', query: publishQuery, takes: publishRequestSchema, takesBytes: true, gives: receiptSchema,
        refuses: ['publisher_only', 'batch_too_large', 'batch_invalid', 'batch_forged', 'batch_out_of_order', 'batch_conflict', 'stream_retired', 'log_restored', 'log_full', 'quota_bytes'],
        run: (call) => this.#publish(call),
      },
      {
        method: 'GET', path: '/v1/streams/{id}/batches', summary: 'Reads on from a cursor, and waits for more when asked to.', ticket: 'subscribe', query: batchesQuery, gives: batchesAnswerSchema,
        refuses: ['not_subscribed', 'channel_closed', 'stream_retired', 'pay_required', 'deposit_used', 'cursor_invalid', 'cursor_too_old', 'quota_bytes'],
        run: (call) => this.#read(call),
      },
      {
        method: 'GET', path: '/v1/streams/{id}/at', summary: 'The cursor of a time.', ticket: 'any', query: atQuery, gives: cursorAnswerSchema, refuses: ['not_subscribed'],
        run: async ({ id, query, holder }) => {
          this.#names(holder, id);
          const stream = await this.#core.host(id);
          return { body: { cursor: stream.cursor(await stream.placeAt(millis(checked(atQuery, query).ts))) } };
        },
      },
      {
        method: 'GET', path: '/v1/streams/{id}/keys', summary: "Envelopes with this subscriber's keys.", ticket: 'subscribe', query: keysQuery, gives: keysAnswerSchema, refuses: ['not_subscribed', 'epoch_unavailable'],
        run: async ({ id, query, holder }) => {
          this.#names(holder, id);
          await this.#core.rights.reading(id, holder.entitlement, holder.address);
          const { from, to } = checked(keysQuery, query);
          const envelopes = (await this.#core.host(id)).envelopes(holder.entitlement, from, to);
          if (envelopes.length === 0) throw refusal('epoch_unavailable');
          return { body: keysAnswerSchema.encode({ envelopes: [...envelopes] }) };
        },
      },
      {
        method: 'POST', path: '/v1/streams/{id}/keys', summary: 'Brings the keys of one subscriber.', ticket: 'publish', takes: keysRequestSchema, gives: doneSchema, refuses: ['publisher_only', 'channel_unknown'],
        run: async ({ id, request, holder }) => {
          const keys = jsonOf(request, keysRequestSchema);
          await this.#ownStream(holder, id);
          if ((await this.#core.rights.open(id, keys.channelId)) === null) throw refusal('channel_unknown');
          await (await this.#core.host(id)).putEnvelope(keys);
          return { body: { done: true } };
        },
      },
      {
        method: 'GET', path: '/v1/streams/{id}/subscribers', summary: 'Whom the publisher seals keys for.', ticket: 'publish', gives: subscribersAnswerSchema, refuses: ['publisher_only'],
        run: async ({ id, holder }) => {
          await this.#ownStream(holder, id);
          return { body: subscribersAnswerSchema.encode({ subscribers: [...(await (await this.#core.host(id)).subscribers())] }) };
        },
      },
      {
        method: 'POST', path: '/v1/streams/{id}/peek-key', summary: 'Makes one epoch public.', ticket: 'publish', takes: peekKeyRequestSchema, gives: doneSchema, refuses: ['publisher_only'],
        run: async ({ id, request, holder }) => {
          const key = jsonOf(request, peekKeyRequestSchema);
          await this.#ownStream(holder, id);
          await (await this.#core.host(id)).putPeekKey(key);
          return { body: { done: true } };
        },
      },
      {
        method: 'GET', path: '/v1/streams/{id}/peek', summary: 'A free sample: batches of the public epoch, and its keys.', ticket: 'none', gives: peekAnswerSchema, refuses: ['stream_unknown', 'epoch_unavailable', 'quota_peek'],
        run: async ({ id, request }) => ({ body: peekAnswerSchema.encode(await this.#peek(id, request.network)) }),
      },
      {
        method: 'POST', path: '/v1/channels/{id}/voucher', summary: 'Takes a voucher; one that is not higher is answered with the best.', ticket: 'subscribe', takes: voucherSchema, gives: channelAnswerSchema,
        refuses: ['not_subscribed', 'channel_unknown', 'channel_closed', 'voucher_forged', 'voucher_invalid', 'voucher_over_deposit'],
        run: async ({ id, request, holder }) => {
          const voucher = jsonOf(request, voucherSchema);
          if (!equal(voucher.channelId, id)) throw refusal('bad_request', { why: 'channelId' });
          if (!equal(holder.entitlement, id)) throw refusal('not_subscribed');
          return { body: channelAnswerSchema.encode(await this.#core.voucher(voucher)) };
        },
      },
      {
        method: 'GET', path: '/v1/channels/{id}/voucher', summary: 'What is owed, and the best voucher that is known.', ticket: 'subscribe', gives: channelAnswerSchema, refuses: ['not_subscribed', 'channel_closed'],
        run: async ({ id, holder }) => {
          if (!equal(holder.entitlement, id)) throw refusal('not_subscribed');
          return { body: channelAnswerSchema.encode(await this.#channel(holder)) };
        },
      },
      { method: 'GET', path: '/v1/usage', summary: "What the ticket's holder has used, and what it may.", ticket: 'any', gives: usageAnswerSchema, refuses: [], run: async ({ holder }) => ({ body: usageAnswerSchema.encode(await this.#usage(holder)) }) },
      { method: 'GET', path: '/v1/health', summary: 'Whether the gateway is well.', ticket: 'none', gives: healthAnswerSchema, refuses: [], run: () => Promise.resolve({ body: healthAnswerSchema.encode(this.#health()) }) },
      { method: 'GET', path: '/metrics', summary: 'Counters for Prometheus.', ticket: 'none', gives: null, refuses: [], run: () => Promise.resolve({ body: this.#core.metrics.text(this.#gauges()) }) },
    ];
  }

  #hello(): Hello {
    const { chain, gatewayId, clock, nonces } = this.#core;
    const head = chain.head();
    return { protocol: 1, gatewayId, chainId: chain.chainId, genesisHash: chain.genesisHash, head: head === null ? null : { number: head.number, time: head.timeMillis }, time: clock.now(), nonce: nonces.draw() };
  }

  async #facts(id: Bytes): Promise<StreamFacts> {
    const record = await this.#core.rights.stream(id);
    const stream = await this.#core.host(id);
    const { first, next } = await stream.bounds();
    const { last, nextSeq } = stream.tail;
    return {
      ...record,
      gateways: [...record.gateways],
      epoch: epochAt(record, this.#core.clock.now()),
      first,
      next,
      tail: last === null || nextSeq === null ? null : { nextSeq, batchHash: last.hash, generation: last.generation, epoch: last.epoch, time: last.timeMillis, header: last.header },
      retentionMillis: stream.retentionMillis,
      limits: this.#core.quotas.limits,
      peek: stream.peekKey !== null,
    };
  }

  async #publish({ id, query, request, holder }: TicketCall): Promise<RouteAnswer> {
    const isBytes = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() === BYTES_TYPE;
    const bytes = isBytes ? request.body : jsonOf(request, publishRequestSchema).batch;
    if (!equal(bytes.subarray(4, 36), id)) throw refusal('batch_invalid', { why: 'streamId' });
    const { receipt } = await this.#core.publish(bytes, holder, this.#core.consumer(request.network, holder), { gap: checked(publishQuery, query).gap !== undefined });
    return { body: receiptSchema.encode(await receipt) };
  }

  async #read({ id, query, request, holder }: TicketCall): Promise<RouteAnswer> {
    this.#names(holder, id);
    const { cursor, max, waitMs } = checked(batchesQuery, query);
    const right = await this.#core.rights.reading(id, holder.entitlement, holder.address);
    const stream = await this.#core.host(id);
    const account = stream.account(right);
    const reader = stream.reader(await stream.placeOf(cursor));
    if (reader.atEnd && right.stream.status === 'ended') throw refusal('stream_retired');
    if (reader.atEnd && waitMs > 0) {
      await reader.grown(AbortSignal.any([request.signal, this.#core.stopping.signal, AbortSignal.timeout(waitMs)]));
      await this.#core.rights.reading(id, holder.entitlement, holder.address); // it may have ended while it waited
    }
    const items = await this.#items(reader, { stream, max, deposit: right.channel.deposit, account, consumer: this.#core.consumer(request.network, holder), holder });
    return { body: batchesAnswerSchema.encode({ items, next: stream.cursor(reader.place) }), headers: { [HEADERS.owed]: account.owed.toString() } };
  }

  /** What may be given now. Nothing at all for a reason is refused with that reason. */
  async #items(reader: StreamReader, { stream, max, deposit, account, consumer, holder }: ReadingTerms): Promise<BatchesAnswer['items']> {
    const { quotas, metrics } = this.#core;
    const items: BatchesAnswer['items'] = [];
    let bytes = 0;
    let batches = 0;
    for (;;) {
      const found = await reader.next(max - batches);
      for (const item of found) {
        const { entry, gap } = item;
        const admission = account.admit(entry, deposit);
        if (admission === 'unpaid') {
          items.push({ gap: { from: gap?.from ?? entry.firstSeq, to: entry.endSeq - 1n, reason: 'unpaid' } });
          reader.passed(item);
          continue;
        }
        if (admission === 'serve' && bytes + entry.batch.length > MAX_ANSWER_BYTES && batches > 0) return items;
        const hasSome = items.length > 0;
        if (admission !== 'serve') {
          if (hasSome) return items;
          if (admission === 'deposit') throw refusal('deposit_used');
          throw refusal('pay_required', { owed: account.owed.toString(), signed: account.signed.toString(), window: account.plan.window, epochTo: account.plan.kind === 'period' ? entry.epoch : null });
        }
        if (hasSome && quotas.wait('readBytesPerSecond', entry.batch.length, consumer) > 0) return items;
        quotas.use('readBytesPerSecond', entry.batch.length, consumer);
        if (gap !== null) {
          items.push({ gap });
          metrics.add('gaps');
        }
        items.push({ offset: entry.offset, batch: entry.batch });
        reader.passed(item);
        account.delivered(entry);
        stream.outbound.add(entry.batch.length);
        bytes += entry.batch.length;
        batches++;
        const frames = Number(entry.endSeq - entry.firstSeq);
        metrics.add('read_batches');
        metrics.add('read_frames', frames);
        metrics.add('read_bytes', entry.batch.length);
        const usage = this.#core.usage(holder);
        usage.readBytes += entry.batch.length;
        usage.readFrames += frames;
      }
      if (found.length === 0 || batches >= max || items.length >= 2 * MAX_BATCHES) return items;
    }
  }

  async #peek(id: Bytes, network: string): Promise<PeekAnswer> {
    const record = await this.#core.rights.stream(id);
    const stream = await this.#core.host(id);
    const key = stream.peekKey;
    if (key === null) throw refusal('epoch_unavailable');
    this.#core.quotas.use('peeksPerDay', 1, this.#core.consumer(network));
    const reader = stream.reader(await stream.placeAt(startOfEpoch(record, key.epoch)));
    const batches: Bytes[] = [];
    for (let bytes = 0; ; ) {
      const items = await reader.next(PEEK_BATCHES);
      for (const item of items) {
        const { entry } = item;
        bytes += entry.batch.length;
        const isOver = entry.generation !== key.generation ? entry.generation > key.generation : entry.epoch > key.epoch;
        if (isOver || batches.length >= PEEK_BATCHES || bytes > PEEK_BYTES) return { ...key, batches };
        if (entry.epoch === key.epoch && entry.generation === key.generation) batches.push(entry.batch);
        reader.passed(item);
      }
      if (items.length === 0) return { ...key, batches };
    }
  }

  async #channel({ streams, entitlement, address }: Holder): Promise<ChannelAnswer> {
    const [streamId] = streams;
    if (streamId === undefined) throw refusal('not_subscribed');
    const right = await this.#core.rights.reading(streamId, entitlement, address);
    return (await this.#core.host(streamId)).account(right).answer(right.channel);
  }

  async #usage(holder: Holder): Promise<UsageAnswer> {
    const { quotas } = this.#core;
    const { ticket = '' } = this.#core.consumer('', holder);
    const channel = holder.action === 'subscribe' ? await this.#channel(holder) : null;
    return { ...this.#core.usage(holder), action: holder.action, streams: [...holder.streams], expSeconds: holder.expirySeconds, sockets: quotas.socketsOf(ticket), limits: quotas.limits, channel };
  }

  #health(): HealthAnswer {
    const { chain, engine, streams, stopping } = this.#core;
    const head = chain.head();
    const faults = [...(head === null ? ['the chain has no head'] : []), ...(stopping.signal.aborted ? ['stopping'] : [])];
    return { ok: faults.length === 0, engine: engine.kind, head: head?.number ?? null, streams: streams.length, sockets: this.#connections().count, uptimeSeconds: Math.floor((performance.now() - this.#startedAt) / 1000), faults };
  }

  #gauges(): readonly { readonly name: string; readonly help: string; readonly value: number }[] {
    const { streams, chain } = this.#core;
    const connections = this.#connections();
    return [
      { name: 'streams', help: 'Streams that are open.', value: streams.length },
      { name: 'sockets', help: 'Connections that are open.', value: connections.count },
      { name: 'waiting_bytes', help: 'Bytes that slow connections have not taken yet.', value: connections.waitingBytes },
      { name: 'ring_bytes', help: 'Bytes of batches that are kept in memory.', value: streams.reduce((sum, { tail }) => sum + tail.ringBytes, 0) },
      { name: 'chain_head', help: 'Number of the newest block.', value: Number(chain.head()?.number ?? 0n) },
      { name: 'resident_bytes', help: 'Memory of the process.', value: process.memoryUsage.rss() },
    ];
  }

  /** @throws not_subscribed, publisher_only */
  #names(holder: Holder, id: Bytes): void {
    if (!holder.streams.some((stream) => equal(stream, id))) throw refusal(holder.action === 'publish' ? 'publisher_only' : 'not_subscribed');
  }

  async #ownStream(holder: Holder, id: Bytes): Promise<void> {
    this.#names(holder, id);
    await this.#core.rights.publishing(id, holder.address);
  }
}

export function refusalResponse(refused: ReturnType<typeof toRefusal>): GatewayResponse {
  const answer = errorAnswer(refused);
  const after = answer.retryAfterMillis === undefined ? {} : { 'retry-after': String(Math.ceil(answer.retryAfterMillis / 1000)) };
  return { status: GATEWAY_ERRORS[refused.code].status, headers: { 'content-type': JSON_TYPE, ...after }, body: JSON.stringify(errorSchema.encode(answer)) };
}

function partsOf(target: string): { readonly path: string; readonly query: URLSearchParams } {
  const at = target.indexOf('?');
  return at < 0 ? { path: target, query: new URLSearchParams() } : { path: target.slice(0, at), query: new URLSearchParams(target.slice(at + 1)) };
}

function idOf(text: string): Bytes {
  return hashSchema.parse(text.startsWith('0x') ? text : `0x${text}`);
}

/** @throws bad_request */
function jsonOf<Schema extends z.ZodType>({ body }: GatewayRequest, schema: Schema): z.infer<Schema> {
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (error) {
    throw refusal('bad_request', { why: 'JSON' }, error);
  }
  return checked(schema, json);
}

/** @throws bad_request */
function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw refusal('bad_request', { why: parsed.error.issues[0]?.path.join('.') ?? '' });
  return parsed.data;
}
